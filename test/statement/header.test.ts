import { describe, expect, it } from 'vitest';
import { challenge, only, readLean, statementsOf } from './helpers.ts';

const header = (text: string): string => only(readLean(text)).header;
const OPEN = 'theorem z : p := by sorry';

describe('the header of a statement', () => {
  it.each([
    ['imports, options and opens', 'import Std\n\nset_option maxHeartbeats 0\n\nopen Nat List'],
    ['variables and universes', 'universe u v\nvariable {α : Type u} [BEq α] (n : Nat)'],
    ['definitions with their doc comments', '/-- Twice. -/\n@[simp] def twice (n : Nat) := 2 * n'],
    ['definitions by patterns', 'def f : Nat → Nat\n  | 0 => 1\n  | n + 1 => f n'],
    ['structures with deriving', 'structure P where\n  x : Nat := 0\n  y : Nat\nderiving Repr, BEq'],
    ['a class and its instance', 'class C (α : Type) where\n  c : α\n\ninstance : C Nat where\n  c := 0'],
    ['an inductive class', 'class inductive I : Prop\n  | i : I'],
    ['deriving instance', 'deriving instance Repr for P'],
    ['theorems with proofs', 'theorem t : 1 = 1 := by\n  have h : 2 = 2 := rfl\n  rfl'],
    ['theorems proved by patterns', 'theorem t : ∀ n : Nat, n = n\n  | 0 => rfl\n  | _ + 1 => rfl'],
    [
      'theorems whose proofs open and set',
      'theorem t : p := by\n  open Nat in\n  set_option maxRecDepth 9 in\n  simp',
    ],
    ['a mutual block', 'mutual\ndef f : Nat → Nat := g\ndef g : Nat → Nat := f\nend'],
    ['notation', 'local notation "‖" x "‖" => norm x\nscoped infixl:65 " ⊕ " => op'],
    [
      'macros with quotations',
      'macro "t" : tactic => `(tactic| first | rfl | simp)\nmacro_rules | `(x) => `(y)',
    ],
    ['attributes given later', 'attribute [local simp] Nat.add_comm\nattribute [-simp] foo'],
    ['closed namespaces', 'namespace N\ndef a := 1\nend N'],
    ['open namespaces', 'namespace N\n\ndef a := 1'],
    ['nested sections', 'section A\nnamespace N\nsection\nvariable (n : Nat)\nend\nend N'],
    ['comments inside commands', 'def f (n : Nat) := -- the number\n  n /- itself -/ + 0'],
    ['aliases, exports and options', 'export Nat (succ)\nalias b := a\nset_option autoImplicit true'],
  ])('keeps %s, word for word', (_, text) => {
    expect(header(`${text}\n\n${OPEN}`)).toBe(text);
  });

  it.each([
    [
      'comments between commands',
      '-- one\nopen Nat\n/- two -/\n/-! three -/\nopen List\n-- four',
      'open Nat\n\nopen List',
    ],
    [
      'commands that only print',
      'def a := 1\n#eval a\n#check a\n#print axioms a\ndef b := 2',
      'def a := 1\n\ndef b := 2',
    ],
    ['examples', 'def a := 1\nexample : a = 1 := rfl\ndef b := 2', 'def a := 1\n\ndef b := 2'],
    ['extra blank lines', 'open Nat\n\n\n\nopen List', 'open Nat\n\nopen List'],
    ['imports given twice', 'import Std\nimport Std\nimport Lean', 'import Std\nimport Lean'],
    ['a tab', 'open\tNat', 'open    Nat'],
    ['blanks at line ends', 'open Nat   \nopen List  ', 'open Nat\nopen List'],
  ])('leaves out %s', (_, text, expected) => {
    expect(header(`${text}\n\n${OPEN}`)).toBe(expected);
  });

  it('leaves out other open theorems with all that belongs to them, and nothing else', () => {
    const text = [
      'def a := 1',
      '/-- Gone. -/\n@[simp]\nprivate theorem gone : p := by\n  sorry',
      'theorem kept : 1 = 1 := rfl',
      'open Nat in\nset_option maxHeartbeats 9 in\nlemma gone_too : q := sorry',
      'def b := 2',
      OPEN,
    ].join('\n\n');
    const last = statementsOf(readLean(text)).at(-1);
    expect(last?.header).toBe('def a := 1\n\ntheorem kept : 1 = 1 := rfl\n\ndef b := 2');
  });

  it('leaves out open theorems inside namespaces that are closed', () => {
    const text = `namespace N\ndef a := 1\ntheorem gone : p := sorry\nend N\n\n${OPEN}`;
    expect(statementsOf(readLean(text)).at(-1)?.header).toBe('namespace N\ndef a := 1\n\nend N');
  });

  it('leaves out theorems that are proved in part only', () => {
    const text = `theorem part : p := by\n  have : q := sorry\n  exact this\n\n${OPEN}`;
    expect(statementsOf(readLean(text)).at(-1)?.header).toBe('');
  });

  it('does not hold what comes after the theorem', () => {
    expect(header(`${OPEN}\ndef later := 1`)).toBe('');
  });

  it.each([
    ['open Nat in', 'open Nat'],
    ['open Nat in\nopen scoped List in', 'open Nat\nopen scoped List'],
    ['set_option maxHeartbeats 400000 in', 'set_option maxHeartbeats 400000'],
    ['variable (n : Nat) in', 'variable (n : Nat)'],
    ['omit [BEq α] in', 'omit [BEq α]'],
    ['include h in', 'include h'],
    ['attribute [local simp] foo in', 'attribute [local simp] foo'],
    ['#guard_msgs in', ''],
    ['/-- info: x -/\n#guard_msgs (info) in', ''],
    ['set_option autoImplicit true in -- why\n-- indeed', 'set_option autoImplicit true'],
  ])('turns the statement’s own `%s` into a command', (prefix, expected) => {
    expect(header(`${prefix}\n${OPEN}`)).toBe(expected);
  });

  it('leaves such a prefix to a theorem that has a proof', () => {
    const text = 'open Nat in\ntheorem t : 1 = 1 := rfl';
    expect(header(`${text}\n\n${OPEN}`)).toBe(text);
  });

  it('keeps alignment under a first line that is indented', () => {
    const text = 'section\n  theorem t : 1 = 1 := by simp\n                          rfl';
    expect(header(`${text}\n\n${OPEN}`)).toBe(text);
  });

  it('writes `lemma` as `theorem` for core Lean, and leaves it where Mathlib knows it', () => {
    const text = '@[simp] lemma t : 1 = 1 := rfl';
    expect(header(`${text}\n\n${OPEN}`)).toBe('@[simp] theorem t : 1 = 1 := rfl');
    expect(header(`import Mathlib\n\n${text}\n\n${OPEN}`)).toBe(`import Mathlib\n\n${text}`);
  });

  it('makes, with the statement, the source that a checker elaborates', () => {
    const text =
      'import Std\nopen Nat\nnamespace N\nvariable (n : Nat)\n/-- x -/\n@[simp] lemma a : n = n := by\n  sorry\nend N';
    expect(challenge(only(readLean(text)))).toBe(
      'import Std\n\nopen Nat\nnamespace N\nvariable (n : Nat)\n\ntheorem a : n = n := by sorry\n',
    );
  });
});

describe('an answer that PutnamBench leaves out', () => {
  const answered = (name: string, comment: string): string =>
    `abbrev ${name} : ℕ → ℕ := sorry\n${comment}\n/-- Find it. -/\ntheorem q : ${name} 1 = 2 :=\nsorry`;

  it('is taken from the comment below', () => {
    const statement = only(readLean(answered('q_solution', '-- fun n : ℕ => n + 1')));
    expect(statement.header).toBe('abbrev q_solution : ℕ → ℕ :=\n  fun n : ℕ => n + 1');
    expect(statement.formal).toBe('theorem q : q_solution 1 = 2');
    expect(statement.informal).toBe('Find it.');
    expect(statement.tags).toEqual(['solution-filled']);
  });

  it('is taken from several lines, and with modifiers', () => {
    const text = `noncomputable ${answered('q_solution', '-- fun n =>\n--   n + 1')}`;
    expect(only(readLean(text)).header).toBe(
      'noncomputable abbrev q_solution : ℕ → ℕ :=\n  fun n =>\n    n + 1',
    );
  });

  it.each([
    ['there is no comment', answered('q_solution', '')],
    ['the comment does not touch it', answered('q_solution', '\n-- fun n => n')],
    ['the name is another', answered('helper', '-- fun n => n')],
  ])('is a problem where %s', (_, text) => {
    const [entry] = readLean(text);
    expect(entry).toMatchObject({ kind: 'problem', code: 'sorry-in-definition' });
    expect(entry?.kind === 'problem' && entry.message).toMatch(
      /theorem q rests on the definition \w+, which is `sorry`/,
    );
  });

  it('matters to no theorem that does not use it', () => {
    const text = 'def hole : Nat := sorry\ntheorem a : 1 = 1 := sorry';
    expect(only(readLean(text)).header).toBe('def hole : Nat := sorry');
  });
});

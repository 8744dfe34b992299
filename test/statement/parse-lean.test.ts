import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../core/statement/index.ts';
import { challenge, CORE, only, readLean, statementsOf } from './helpers.ts';

describe('the statement of an open theorem', () => {
  it.each([
    ['`:= by sorry`', 'theorem a : 1 = 1 := by sorry', 'theorem a : 1 = 1'],
    ['`:= sorry`', 'theorem a : 1 = 1 := sorry', 'theorem a : 1 = 1'],
    ['`sorry` on its own line', 'theorem a : 1 = 1 := by\n  sorry', 'theorem a : 1 = 1'],
    ['`:=` on its own line', 'theorem a : 1 = 1\n:=\nsorry', 'theorem a : 1 = 1'],
    ['a comment after `sorry`', 'theorem a : 1 = 1 := by\n  sorry -- TODO', 'theorem a : 1 = 1'],
    [
      'a comment before `sorry`',
      'theorem a : 1 = 1 := by -- how?\n  /- no idea -/ sorry',
      'theorem a : 1 = 1',
    ],
    ['a comment before `:=`', 'theorem a : 1 = 1 -- clear\n  := by sorry', 'theorem a : 1 = 1'],
    ['`by exact sorry`', 'theorem a : 1 = 1 := by exact sorry', 'theorem a : 1 = 1'],
    ['`by { sorry }`', 'theorem a : 1 = 1 := by { sorry }', 'theorem a : 1 = 1'],
    ['`(by sorry)`', 'theorem a : 1 = 1 := (by sorry)', 'theorem a : 1 = 1'],
    ['`by admit`', 'theorem a : 1 = 1 := by admit', 'theorem a : 1 = 1'],
    ['`lemma`', 'lemma a : 1 = 1 := by sorry', 'theorem a : 1 = 1'],
    [
      'universe parameters',
      'theorem a.{u} (α : Sort u) : α = α := sorry',
      'theorem a.{u} (α : Sort u) : α = α',
    ],
    ['attributes', '@[simp, grind =] theorem a : 1 = 1 := sorry', 'theorem a : 1 = 1'],
    [
      'attributes on lines above',
      '@[simp]\n@[ext (iff := false)]\ntheorem a : 1 = 1 := sorry',
      'theorem a : 1 = 1',
    ],
    ['modifiers', 'private noncomputable nonrec theorem a : 1 = 1 := sorry', 'theorem a : 1 = 1'],
    [
      'several lines',
      'theorem a\n    (n : Nat)\n    : n = n := sorry',
      'theorem a\n    (n : Nat)\n    : n = n',
    ],
    [
      'a comment inside',
      'theorem a /- ( -/ (n : Nat) : n = n := sorry',
      'theorem a /- ( -/ (n : Nat) : n = n',
    ],
    ['`let` in the type', 'theorem a : let x := 5; x = 5 := by sorry', 'theorem a : let x := 5; x = 5'],
    [
      '`have` and `let` in the type',
      'theorem a (n : Nat) :\n  have h : n = n := rfl\n  let m := n + 1\n  n < m := by\n  sorry',
      'theorem a (n : Nat) :\n  have h : n = n := rfl\n  let m := n + 1\n  n < m',
    ],
    [
      'a `let` by patterns',
      'theorem a : let f : Nat → Nat | 0 => 1 | n + 1 => n; f 0 = 1 := sorry',
      'theorem a : let f : Nat → Nat | 0 => 1 | n + 1 => n; f 0 = 1',
    ],
    [
      'a pattern `let`',
      'theorem a : let ⟨x, y⟩ := (1, 2); x < y := sorry',
      'theorem a : let ⟨x, y⟩ := (1, 2); x < y',
    ],
    ['default arguments', 'theorem a (n : Nat := 5) : n = n := sorry', 'theorem a (n : Nat := 5) : n = n'],
    ['named arguments', 'theorem a : id (α := Nat) 1 = 1 := sorry', 'theorem a : id (α := Nat) 1 = 1'],
    ['structure values', 'theorem a : ({ x := 1 } : P).x = 1 := sorry', 'theorem a : ({ x := 1 } : P).x = 1'],
    [
      '`match` in the type',
      'theorem a : (match 1 with | 0 => 1 | _ => 2) = 2 := sorry',
      'theorem a : (match 1 with | 0 => 1 | _ => 2) = 2',
    ],
    [
      '`fun` with bars',
      'theorem a : |x| = 1 ∧ (fun | 0 => 1 | n => n) 0 = 1 := sorry',
      'theorem a : |x| = 1 ∧ (fun | 0 => 1 | n => n) 0 = 1',
    ],
    [
      'brackets in chars',
      "theorem a (c : Char) : c = '(' ∨ c = ')' := sorry",
      "theorem a (c : Char) : c = '(' ∨ c = ')'",
    ],
    [
      '`:=` in a string',
      'theorem a : ":= by sorry".length = 11 := by sorry',
      'theorem a : ":= by sorry".length = 11',
    ],
    ['a quote in a char', "theorem a (c : Char) : c = '\"' := sorry", "theorem a (c : Char) : c = '\"'"],
    ['primes', "theorem a' (h' : 1 = 1) : h' = h' := sorry", "theorem a' (h' : 1 = 1) : h' = h'"],
    ['images under functions', "theorem a : f '' s ⊆ g ⁻¹' t := sorry", "theorem a : f '' s ⊆ g ⁻¹' t"],
    ['interpolation', 'theorem a : s!"{f "{"}" = "{" := sorry', 'theorem a : s!"{f "{"}" = "{"'],
    ['a raw string', 'theorem a : r#"")"# = x := sorry', 'theorem a : r#"")"# = x'],
    ['⟨⟩ and ⟦⟧', 'theorem a : ⟦(⟨1, 2⟩ : T)⟧ = x := sorry', 'theorem a : ⟦(⟨1, 2⟩ : T)⟧ = x'],
    [
      '`do` with `←`',
      'theorem a : (do let x ← m; pure x) = m := sorry',
      'theorem a : (do let x ← m; pure x) = m',
    ],
    ['tabs between tokens', 'theorem a\t:\t1 = 1 :=\tsorry', 'theorem a    :    1 = 1'],
    ['a tab in a string, kept', 'theorem a : "\t" = x := sorry', 'theorem a : "\t" = x'],
    [
      'Unicode',
      'theorem a (ε : ℝ) (hε : 0 < ε) : ∃ δ > 0, δ ≤ ε := sorry',
      'theorem a (ε : ℝ) (hε : 0 < ε) : ∃ δ > 0, δ ≤ ε',
    ],
    [
      'keywords as parts of names',
      'theorem a : x.end = .open ∧ `theorem = y := sorry',
      'theorem a : x.end = .open ∧ `theorem = y',
    ],
    [
      '`open … in` inside',
      'theorem a :\n  open Nat in succ 1 = 2 := sorry',
      'theorem a :\n  open Nat in succ 1 = 2',
    ],
    [
      'a hash at a line start',
      'theorem a (s : Finset Nat) :\n  #s = 3 := sorry',
      'theorem a (s : Finset Nat) :\n  #s = 3',
    ],
  ])('is found with %s', (_, text, formal) => {
    const statement = only(readLean(text));
    expect(statement.formal).toBe(formal);
    expect(statement.header).toBe('');
    expect(statement.environment).toEqual(CORE);
  });

  it.each([
    ['CRLF line ends', 'theorem a :\r\n  1 = 1 := by\r\n  sorry\r\n'],
    ['CR line ends', 'theorem a :\r  1 = 1 := by\r  sorry\r'],
    ['a byte order mark', '\uFEFFtheorem a :\n  1 = 1 := by\n  sorry\n'],
    ['trailing blanks', 'theorem a :   \n  1 = 1 := by  \n  sorry  \n'],
    ['comments around', '-- one\ntheorem a :\n  1 = 1 := by\n  sorry\n/- two -/'],
    ['a doc comment after', 'theorem a :\n  1 = 1 := by\n  sorry\n/-- dangling -/'],
  ])('is the same with %s', (_, text) => {
    expect(only(readLean(text)).id).toBe(only(readLean('theorem a :\n  1 = 1 := by\n  sorry')).id);
  });

  it('never ends in a comment that would swallow the proof', () => {
    const statement = only(readLean('theorem a : 1 = 1 -- (1)\n  -- (2)\n  := by sorry'));
    expect(challenge(statement)).toBe('theorem a : 1 = 1 := by sorry\n');
  });
});

describe('the name of a theorem', () => {
  it.each([
    ['plain', 'theorem a : p := sorry', 'a'],
    ['dotted', 'theorem A.b.c : p := sorry', 'A.b.c'],
    ['in a namespace', 'namespace N\ntheorem a : p := sorry', 'N.a'],
    ['in a dotted namespace', 'namespace N.M\ntheorem A.a : p := sorry', 'N.M.A.a'],
    ['in nested namespaces', 'namespace N namespace M\ntheorem a : p := sorry', 'N.M.a'],
    ['from the root', 'namespace N\ntheorem _root_.A.a : p := sorry', 'A.a'],
    ['after a closed namespace', 'namespace N\nend N\ntheorem a : p := sorry', 'a'],
    ['after half of a dotted namespace', 'namespace N.M\nend M\ntheorem a : p := sorry', 'N.a'],
    ['after two closed at once', 'namespace N\nnamespace M\nend N.M\ntheorem a : p := sorry', 'a'],
    ['in a section', 'section\ntheorem a : p := sorry', 'a'],
    ['in a named section', 'namespace N\nsection S\ntheorem a : p := sorry', 'N.a'],
    ['after a noncomputable section', 'noncomputable section\nend\ntheorem a : p := sorry', 'a'],
    ['with blanks', 'theorem «a b» : p := sorry', '«a b»'],
    ['with needless guillemets', 'namespace «N»\ntheorem «a» : p := sorry', 'N.a'],
    ['with a dot inside a component', 'theorem A.«b.c».d : p := sorry', 'A.«b.c».d'],
    ['in Greek', 'theorem αβ.γ₁ : p := sorry', 'αβ.γ₁'],
    ['closed with guillemets', 'namespace «a b»\nend «a b»\ntheorem c : p := sorry', 'c'],
  ])('is complete: %s', (_, text, name) => {
    expect(only(readLean(text)).name).toBe(name);
  });
});

describe('a file with several theorems', () => {
  it('gives each of them, in order, with its line', () => {
    const entries = readLean(
      'theorem a : p := sorry\n\n/-- B -/\nlemma b : q := by\n  sorry\ntheorem c : r := sorry',
    );
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['a', 'b', 'c']);
    expect(entries.map((entry) => entry.line)).toEqual([1, 4, 6]);
  });

  it('splits them on one line too', () => {
    const text = 'namespace N theorem a : p := sorry theorem b : q := by sorry end N theorem c : r := sorry';
    expect(statementsOf(readLean(text)).map((statement) => statement.name)).toEqual(['N.a', 'N.b', 'c']);
  });

  it('splits them where they are indented', () => {
    const text =
      'section\n  open Nat\n  theorem a : p := by\n    sorry\n  variable (n : Nat)\n  theorem b : q := sorry\nend';
    const [a, b] = statementsOf(readLean(text));
    expect(a?.header).toBe('section\n  open Nat');
    expect(b?.header).toBe('section\n  open Nat\n\n  variable (n : Nat)');
  });

  it('finds them after a bracket that was never closed', () => {
    const text = 'def x := (1\n\ntheorem a : p := sorry\ntheorem b : q := sorry';
    expect(statementsOf(readLean(text)).map((statement) => statement.name)).toEqual(['a', 'b']);
  });

  it('ends one where a command of a library follows', () => {
    const text = 'theorem a : p := by\n  sorry\n\nsome_command foo\n\ntheorem b : q := by\n  sorry';
    const [a, b] = statementsOf(readLean(text));
    expect(a?.formal).toBe('theorem a : p');
    expect(b?.header).toBe('some_command foo');
  });
});

describe('informal text', () => {
  it.each([
    ['a doc comment', '/-- For all $n$. -/\ntheorem a : p := sorry', 'For all $n$.'],
    ['several lines', '/--\nFor all $n$\nand $m$.\n-/\ntheorem a : p := sorry', 'For all $n$\nand $m$.'],
    ['before attributes', '/-- Easy. -/\n@[simp]\nprivate theorem a : p := sorry', 'Easy.'],
    ['after `open … in`', 'open Nat in\n/-- Easy. -/\ntheorem a : p := sorry', 'Easy.'],
    ['with dashes at its end', '/-- Easy. --/\ntheorem a : p := sorry', 'Easy. -'],
  ])('is %s', (_, text, informal) => {
    const statement = only(readLean(text));
    expect(statement.informal).toBe(informal);
    expect(statement.formal).toBe('theorem a : p');
    expect(statement.header).not.toContain('/--');
  });

  it.each([
    ['no comment at all', 'theorem a : p := sorry'],
    ['a plain comment', '/- not a doc -/\n-- nor this\ntheorem a : p := sorry'],
    ['a module comment', '/-! # Title -/\ntheorem a : p := sorry'],
    ['an empty doc comment', '/-- -/\ntheorem a : p := sorry'],
    ['another declaration’s doc comment', '/-- x -/\ndef x := 1\ntheorem a : p := sorry'],
  ])('is left out where there is %s', (_, text) => {
    expect(only(readLean(text))).not.toHaveProperty('informal');
  });

  it('does not change the id', () => {
    const bare = only(readLean('theorem a : p := sorry'));
    expect(only(readLean('/-- Text. -/\n@[simp] theorem a : p := sorry')).id).toBe(bare.id);
  });
});

describe('the environment', () => {
  const library = { lean: CORE.lean, library: 'mathlib' };

  it.each([
    ['nothing', '', CORE],
    ['Init', 'import Init', CORE],
    ['Std and Lean', 'import Std.Data.HashMap\nimport Lean', CORE],
    ['Lake', 'import Lake', CORE],
    ['Mathlib', 'import Mathlib', { ...library, revision: 'unknown' }],
    ['a part of Mathlib', 'import Mathlib.Data.Nat.Basic', { ...library, revision: 'unknown' }],
    ['Batteries', 'import Std\nimport Batteries', { ...library, revision: 'unknown' }],
    ['Aesop by a module', 'module\npublic import Aesop', { ...library, revision: 'unknown' }],
    ['a module whose name starts with Lean', 'import LeanExtras', { ...library, revision: 'unknown' }],
    ['all of a module', 'import all Mathlib.Tactic', { ...library, revision: 'unknown' }],
  ])('follows from importing %s', (_, imports, environment) => {
    const statement = only(readLean(`${imports}\n\ntheorem a : p := sorry`));
    expect(statement.environment).toEqual(environment);
    expect(statement.header).toBe(imports);
  });

  it('is the caller’s for those that import more', () => {
    const text = 'import Mathlib\ntheorem a : p := sorry';
    const machines = { lean: '4.28.0', library: 'mathlib', revision: 'v4.28.0' } as const;
    expect(only(readLean(text, { library: machines })).environment).toEqual(machines);
    expect(only(readLean('theorem a : p := sorry', { library: machines })).environment).toEqual(CORE);
    const broken = 'import Mathlib\ntheorem a : p := (';
    expect(environmentOf(broken, { environment: CORE, library: machines })).toEqual(machines);
    expect(environmentOf('import Lean\n-- import Mathlib', { environment: CORE, library: machines })).toEqual(
      CORE,
    );
  });

  it('stays the caller’s where that has Mathlib already', () => {
    const mathlib = { lean: '4.9.0', library: 'mathlib', revision: 'abc' } as const;
    expect(
      only(readLean('import Mathlib\ntheorem a : p := sorry', { environment: mathlib })).environment,
    ).toEqual(mathlib);
    expect(only(readLean('theorem a : p := sorry', { environment: mathlib })).environment).toEqual(mathlib);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { portfolio } from '../../core/policy/portfolio/index.ts';
import type { Premise, Statement } from '../../core/record/index.ts';
import { prove, type RepairOutcome, type RepairSettingsInput } from '../../core/repair/index.ts';
import { statement, testChecker } from '../support/lean.ts';
import { premise } from './states.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

const policy = portfolio();
const LIMIT = 120_000;

function run(
  of: Statement,
  settings: RepairSettingsInput = {},
  premises: readonly Premise[] = [],
): Promise<RepairOutcome> {
  const retriever = { retrieve: () => Promise.resolve(premises) };
  return prove(of, { policy, checker, retriever }, { seconds: 100, rounds: 12, ...settings });
}

/** What stands after the theorem's `:=`. */
const proofOf = (of: Statement, outcome: RepairOutcome): string => {
  const submission = outcome.proof?.submission ?? '';
  return submission.slice(submission.lastIndexOf(`${of.formal} :=`) + of.formal.length + 4).trim();
};

const MIRROR = `inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α
def Tree.mirror {α : Type} : Tree α → Tree α
  | .leaf => .leaf
  | .node l x r => .node r.mirror x l.mirror`;
const REV = `def revOnto {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => revOnto xs (x :: acc)`;
const GATE = `inductive Gate
  | up
  | down
def Gate.flip : Gate → Gate
  | .up => .down
  | .down => .up`;

describe('without feedback or premises', () => {
  it.each([
    ['theorem lin (x y : Int) (h : 2 * x + y = 7) (k : x - y = 2) : x = 3 ∧ y = 1', ''],
    ['theorem perm (a b c : Bool) : (a && (b || c)) = ((a && b) || (a && c))', ''],
    ['theorem peirce (p q : Prop) : ((p → q) → p) → p', ''],
    ['theorem fin (i : Fin 7) : i * i * i = 0 ∨ i * i * i = 1 ∨ i * i * i = 6', ''],
    ['theorem app (α : Type) (xs ys : List α) : (xs ++ ys).length = ys.length + xs.length', ''],
    ['theorem flips (g : Gate) : g.flip.flip = g ∧ g.flip ≠ g', GATE],
    ['theorem ring (a b : Int) : (a + b) ^ 3 = a ^ 3 + 3 * a ^ 2 * b + 3 * a * b ^ 2 + b ^ 3', ''],
    ['theorem mirror (α : Type) (t : Tree α) : t.mirror.mirror = t', MIRROR],
    ['theorem rev (α : Type) (xs acc : List α) : revOnto xs acc = xs.reverse ++ acc', REV],
  ])('proves %s', { timeout: LIMIT }, async (formal, header) => {
    const outcome = await run(statement(formal, header), { rounds: 1 });
    expect(outcome).toMatchObject({ solved: true, round: 0 });
    expect(outcome.checks).toBeLessThan(12);
  });
});

describe('with feedback', () => {
  const exists = statement(
    'theorem odd_sum (a b : Nat) (ha : ∃ i, a = 2 * i + 1) (hb : ∃ j, b = 2 * j + 1) : ∃ k, a + b = 2 * k',
  );

  it('finds a witness that only the opened hypotheses suggest', { timeout: LIMIT }, async () => {
    const outcome = await run(exists);
    expect(outcome.solved).toBe(true);
    expect(proofOf(exists, outcome)).toMatch(/obtain ⟨i, hi⟩ := ha[\s\S]*refine ⟨.+, \?_⟩\n {2}omega$/);
  });

  it('is what that proof takes', { timeout: LIMIT }, async () => {
    const outcome = await run(exists, { feedback: false, rounds: 6 });
    expect(outcome).toMatchObject({ solved: false });
  });

  it.each([
    'theorem bool3 (f : Bool → Bool) (b : Bool) : f (f (f b)) = f b',
    'theorem drinker (P : Type) (someone : P) (d : P → Prop) : ∃ x, d x → ∀ y, d y',
    'theorem six (n : Int) : 6 ∣ n * (n + 1) * (n + 2)',
    'theorem amgm (a b c : Int) : a * b + b * c + c * a ≤ a ^ 2 + b ^ 2 + c ^ 2',
  ])('proves %s', { timeout: LIMIT }, async (formal) => {
    const of = statement(formal);
    const outcome = await run(of);
    expect(outcome.solved).toBe(true);
    expect(proofOf(of, outcome)).not.toMatch(/probe|trace/);
  });

  it('gives up at once on what Lean decides to be false', { timeout: LIMIT }, async () => {
    const outcome = await run(statement('theorem wrong : ∀ i : Fin 5, i * i ≠ 4'));
    expect(outcome).toMatchObject({ solved: false, reason: 'policy-exhausted', round: 1 });
  });
});

describe('with a retrieved proof', () => {
  const GROW = `def grow : Nat → Nat
  | 0 => 1
  | n + 1 => grow n * (n + 2) + grow n`;
  const lemma = statement('theorem grow_pos (n : Nat) : 0 < grow n', GROW);
  const goal = statement('theorem grow_nonzero (f : Nat → Nat) (n : Nat) : grow (f (f n)) ≠ 0', GROW);
  const retrieved = premise(
    lemma,
    'by\n  induction n with\n  | zero => simp [grow]\n  | succ n ih => simp [grow]; omega',
  );

  it('proves in the first round what it does not prove there alone', { timeout: LIMIT }, async () => {
    const alone = await run(goal, { rounds: 1 });
    expect(alone.solved).toBe(false);
    const outcome = await run(goal, { rounds: 1 }, [retrieved]);
    expect(outcome.solved).toBe(true);
    expect(outcome.retrieved).toEqual([retrieved.id]);
    expect(outcome.proof?.submission).toContain('theorem grow_pos (n : Nat) : 0 < grow n');
  });

  it('is repeated under other names', { timeout: LIMIT }, async () => {
    const same = statement('theorem again (k : Nat) : 0 < swell k', GROW.replaceAll('grow', 'swell'));
    const outcome = await run(same, { rounds: 1 }, [retrieved]);
    expect(outcome.solved).toBe(true);
  });
});

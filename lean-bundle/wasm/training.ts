import type { JudgeRequest } from '../../core/lean/protocol/index.ts';
import { judge } from './judge.ts';
import type { LeanSession } from './session.ts';

/**
 * What Lean is made to do so that V8 learns which of its functions are worth compiling well: sources of our own that use what
 * proofs use, each tried with what proves it and with much that does not.
 */
const THEOREMS: readonly (readonly [statement: string, proofs: readonly string[]])[] = [
  ['(a b : Nat) (h : a < b) : a + 1 ≤ b ∧ ¬ b ≤ a', ['omega']],
  ['(a b c : Int) (h : a ≤ b) (k : b < c) : 2 * a < a + c', ['omega', 'grind']],
  ['(a b c : Nat) : a * (b + c) = c * a + b * a', ['grind', 'rw [Nat.mul_add, Nat.add_comm, Nat.mul_comm a c, Nat.mul_comm a b]']],
  ['(n : Nat) : n % 4 < 4 ∧ (n / 4) * 4 ≤ n', ['omega', 'exact ⟨Nat.mod_lt _ (by decide), Nat.div_mul_le_self n 4⟩']],
  ['(p q r : Prop) : (p ∧ q → r) ↔ (p → q → r)', ['exact ⟨fun h a b => h ⟨a, b⟩, fun h ⟨a, b⟩ => h a b⟩', 'grind']],
  ['(p q : Prop) (h : ¬ (p ∨ q)) : ¬ p ∧ ¬ q', ['exact ⟨fun a => h (.inl a), fun b => h (.inr b)⟩', 'simp_all']],
  ['(p q : Prop) : ¬ (p ∧ q) ↔ (p → ¬ q)', ['constructor\n  · intro h a b\n    exact h ⟨a, b⟩\n  · rintro h ⟨a, b⟩\n    exact h a b', 'simp']],
  ['{α : Type} (p : α → Prop) : (¬ ∃ x, p x) ↔ ∀ x, ¬ p x', ['simp', 'exact ⟨fun h x k => h ⟨x, k⟩, fun h ⟨x, k⟩ => h x k⟩']],
  ['{α : Type} (xs ys zs : List α) : (xs ++ ys) ++ zs = xs ++ (ys ++ zs)', ['induction xs with\n  | nil => rfl\n  | cons x xs ih => simp', 'exact?']],
  ['{α : Type} (xs ys : List α) : (xs ++ ys).length = ys.length + xs.length', ['simp [Nat.add_comm]', 'induction xs <;> simp_all <;> omega']],
  ['{α : Type} (xs : List α) : xs.reverse.reverse = xs', ['simp', 'exact List.reverse_reverse xs']],
  ['(xs : List Nat) : (xs.map (· + 1)).length = xs.length', ['cases xs with\n  | nil => rfl\n  | cons x xs => simp [List.length_map]']],
  ['(b c : Bool) : (b && c) = !(!b || !c)', ['cases b <;> cases c <;> rfl', 'decide +revert']],
  ['(x y : BitVec 8) : x &&& y = y &&& x', ['exact BitVec.and_comm x y', 'bv_omega']],
  [': ∃ n : Nat, n * n = 49 ∧ n % 2 = 1', ['exact ⟨7, by decide⟩', 'refine ⟨7, ?_, ?_⟩ <;> simp']],
  ['(f : Nat → Nat) (h : ∀ n, f (n + 1) = f n + 2) (h0 : f 0 = 0) (n : Nat) : f n = 2 * n', ['induction n with\n  | zero => simp [h0]\n  | succ k ih => rw [h, ih]; omega', 'induction n <;> grind']],
  ['(a b : Nat) (h : a = b) (k : b = 5) : a = 5', ['subst h\n  exact k', 'calc a = b := h\n    _ = 5 := k']],
  ['(s : String) (o : Option Nat) (h : o = none) : (o.map (· + 1)).isNone ∧ s = s', ['subst h; exact ⟨rfl, rfl⟩', 'simp [h]']],
  ['(a b c d : Nat) (h : a ∣ b) (k : b ∣ c) (m : c ∣ d) : a ∣ d', ['exact Nat.dvd_trans (Nat.dvd_trans h k) m', 'obtain ⟨x, rfl⟩ := h\n  obtain ⟨y, rfl⟩ := k\n  obtain ⟨z, rfl⟩ := m\n  exact ⟨x * y * z, by simp [Nat.mul_assoc]⟩']],
  ['{α : Type} [Inhabited α] (R : α → α → Prop) (s : ∀ x y, R x y → R y x) (t : ∀ x y z, R x y → R y z → R x z) (x y : α) (h : R x y) : R x x', ['exact t _ _ _ h (s _ _ h)', 'grind']],
]; // prettier-ignore

const DEFINITIONS = `inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α
def Tree.mirror {α : Type} : Tree α → Tree α
  | .leaf => .leaf
  | .node l x r => .node r.mirror x l.mirror
def Tree.size {α : Type} : Tree α → Nat
  | .leaf => 0
  | .node l _ r => l.size + r.size + 1
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)
structure Point where
  x : Nat
  y : Nat
instance : Add Point := ⟨fun p q => ⟨p.x + q.x, p.y + q.y⟩⟩

`;
const OVER_DEFINITIONS: typeof THEOREMS = [
  ['{α : Type} (t : Tree α) : t.mirror.mirror = t', ['induction t with\n  | leaf => rfl\n  | node l x r ihl ihr => simp [Tree.mirror, ihl, ihr]', 'induction t <;> simp_all [Tree.mirror]']],
  ['{α : Type} (t : Tree α) : t.mirror.size = t.size', ['induction t <;> grind [Tree.mirror, Tree.size]', 'fun_induction Tree.mirror t <;> simp_all [Tree.size] <;> omega']],
  ['(n : Nat) : fib (n + 2) = fib (n + 1) + fib n', ['rw [fib]; omega', 'simp [fib, Nat.add_comm]', 'unfold fib; split <;> omega']],
  ['(p q : Point) : p + q = q + p', ['show Point.mk _ _ = Point.mk _ _\n  simp [Nat.add_comm]', 'cases p; cases q; rfl']],
]; // prettier-ignore

/** What nearly every search tries, and what mostly fails. */
const TRIES = ['rfl', 'simp', 'omega', 'decide', 'grind', 'intros; simp_all', 'constructor', 'exact unknown_lemma', 'by_cases h : True']; // prettier-ignore
/** In thousands. */
const MAX_HEARTBEATS = 4000;
const IMPORTS = ['Init'];

/** Both count from the start of the process. */
export interface PracticeLimits {
  /** Of all threads, those that compile included. */
  readonly processorMs: number;
  readonly elapsedMs: number;
}

/**
 * Lets Lean do what it does all day.
 * @param limits where this process has used up one of them, it ends wherever it is
 * @param onProgress gets how much is done, 0 to 1
 */
export function practise(
  session: LeanSession,
  limits: PracticeLimits,
  onProgress: (fraction: number) => void,
): void {
  const all = [
    ...THEOREMS.map((theorem) => ['', ...theorem] as const),
    ...OVER_DEFINITIONS.map((theorem) => [DEFINITIONS, ...theorem] as const),
  ];
  for (const [index, [preamble, statement, proofs]] of all.entries()) {
    for (const proof of [...proofs, ...TRIES]) {
      if (isOver(limits)) return;
      tryProof(session, { preamble, statement, proof });
    }
    onProgress((index + 1) / all.length);
  }
}

function isOver({ processorMs, elapsedMs }: PracticeLimits): boolean {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 > processorMs || performance.now() > elapsedMs;
}

function tryProof(
  session: LeanSession,
  { preamble, statement, proof }: { preamble: string; statement: string; proof: string },
): void {
  const exported = (text: string, part: 'goal' | 'proof'): unknown => {
    const result = session.elaborate({
      op: 'elaborate',
      imports: IMPORTS,
      source: `${preamble}theorem practice ${statement} := by\n  ${text}\n`,
      preamble: preamble.length,
      maxHeartbeats: MAX_HEARTBEATS,
      target: ['practice'],
      part,
    });
    return result.exported?.kind === 'exported' ? result.exported.data : undefined;
  };
  const submission = exported(proof, 'proof');
  if (submission === undefined) return;
  const request: JudgeRequest = {
    op: 'judge',
    imports: IMPORTS,
    statement: exported('sorry', 'goal'),
    submission,
  };
  judge(session, request);
}

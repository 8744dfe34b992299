import { makeStatement, type Statement } from '../../core/record/index.ts';

/**
 * Statements by what a prover would want to see beside them: the others of the family. Families share functions,
 * operators or shape, seldom names; variables, binder style and spelling differ within a family on purpose.
 */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'list-append': [
    'theorem append_nil_right (xs : List Nat) : xs ++ [] = xs',
    'theorem t17 {α : Type} (a b c : List α) : (a ++ b) ++ c = a ++ (b ++ c)',
    'theorem nil_left_neutral : ∀ (ys : List Int), [] ++ ys = ys',
    'theorem len_app {β : Type} (l₁ l₂ : List β) : (l₁ ++ l₂).length = l₁.length + l₂.length',
  ],
  'list-reverse': [
    'theorem rev_rev (xs : List Nat) : xs.reverse.reverse = xs',
    'theorem q2 {α : Type} (l : List α) : List.length (List.reverse l) = List.length l',
    'theorem rev_singleton (a : Nat) : [a].reverse = [a]',
  ],
  'list-map': [
    'theorem map_id_list (xs : List Nat) : xs.map id = xs',
    'theorem map_comp {α β γ : Type} (f : α → β) (g : β → γ) (l : List α) : (l.map f).map g = l.map (g ∘ f)',
    'theorem e5 (ys : List Nat) (h : Nat → Nat) : (List.map h ys).length = ys.length',
  ],
  'nat-add-comm': [
    'theorem add_swap (a b : Nat) : a + b = b + a',
    'theorem p3 : ∀ x y z : ℕ, x + y + z = z + y + x',
    'theorem sum_assoc (m n k : Nat) : (m + n) + k = m + (n + k)',
  ],
  'nat-mul': [
    'theorem mul_swap (a b : Nat) : a * b = b * a',
    'theorem distrib (x y z : Nat) : x * (y + z) = x * y + x * z',
    'theorem square_sum (a b : Nat) : (a + b) * (a + b) = a * a + 2 * a * b + b * b',
  ],
  divides: [
    'theorem dvd_chain (a b c : Nat) (h : a ∣ b) (g : b ∣ c) : a ∣ c',
    'theorem d2 {m n k : Nat} : m ∣ n → m ∣ n * k',
    'theorem dvd_sum (p x y : ℕ) (hx : p ∣ x) (hy : p ∣ y) : p ∣ x + y',
    'theorem six_dvd (n : Nat) : 6 ∣ n * (n + 1) * (2 * n + 1)',
  ],
  modulo: [
    'theorem mod_small (n : Nat) (h : n < 7) : n % 7 = n',
    'theorem mathd_numbertheory_3 : (2 ^ 10) % 11 = 1',
    'theorem mod_idem (a m : Nat) : (a % m) % m = a % m',
    'theorem mathd_numbertheory_85 : (17 * 23 + 5) % 4 = 0',
  ],
  'order-lt': [
    'theorem lt_chain (a b c : Nat) (h₁ : a < b) (h₂ : b < c) : a < c',
    'theorem o2 (x y : ℕ) (h : x < y) : ¬ (y < x)',
    'theorem irrefl_lt (n : Nat) : ¬ n > n',
  ],
  propositional: [
    'theorem and_swap (p q : Prop) : p ∧ q → q ∧ p',
    'theorem or_swap {P Q : Prop} (h : P ∨ Q) : Q ∨ P',
    'theorem demorgan (a b : Prop) : ¬ (a ∨ b) ↔ ¬ a ∧ ¬ b',
    'theorem contra (p q : Prop) (h : p → q) : ¬ q → ¬ p',
  ],
  'bool-algebra': [
    'theorem bnot_bnot (b : Bool) : !(!b) = b',
    'theorem band_comm (x y : Bool) : (x && y) = (y && x)',
    'theorem bor_self (c : Bool) : (c || c) = c',
    'theorem band_true (b : Bool) : (b && true) = b',
  ],
  option: [
    'theorem opt_map_id (o : Option Nat) : o.map id = o',
    'theorem opt_bind_some {α : Type} (x : Option α) : x.bind some = x',
    'theorem some_inj (a b : Nat) (h : some a = some b) : a = b',
    'theorem none_or (x : Option Int) : (none : Option Int).or x = x',
  ],
  'function-injective': [
    'theorem inj_comp {α β γ : Type} (f : α → β) (g : β → γ) (hf : Function.Injective f) (hg : Function.Injective g) : Function.Injective (g ∘ f)',
    'theorem inj_id {α : Type} : Function.Injective (id : α → α)',
    'theorem succ_inj : Function.Injective Nat.succ',
  ],
  bitvec: [
    'theorem bv_and_comm (x y : BitVec 8) : x &&& y = y &&& x',
    'theorem bv_xor_self (a : BitVec 32) : a ^^^ a = 0#32',
    'theorem bv_or_zero (v : BitVec 16) : v ||| 0#16 = v',
  ],
};

/** The same with definitions of their own: what the header says is all there is to go by. */
const WITH_HEADERS: readonly (readonly [family: string, header: string, formal: string])[] = [
  [
    'gauss-sum',
    'def sumTo : Nat → Nat\n  | 0 => 0\n  | n + 1 => (n + 1) + sumTo n',
    'theorem gauss (n : Nat) : 2 * sumTo n = n * (n + 1)',
  ],
  [
    'gauss-sum',
    'open Nat\n\ndef total : Nat → Nat\n  | 0 => 0\n  | k + 1 => (k + 1) + total k',
    'theorem total_mono (a : Nat) : total a ≤ total (a + 1)',
  ],
  [
    'gauss-sum',
    'def sumOdd : Nat → Nat\n  | 0 => 0\n  | m + 1 => (2 * m + 1) + sumOdd m',
    'theorem odd_square (m : Nat) : sumOdd m = m * m',
  ],
  [
    'tree',
    'inductive Tree where\n  | leaf : Tree\n  | node : Tree → Nat → Tree → Tree\n\ndef mirror : Tree → Tree\n  | .leaf => .leaf\n  | .node l v r => .node (mirror r) v (mirror l)',
    'theorem mirror_mirror (t : Tree) : mirror (mirror t) = t',
  ],
  [
    'tree',
    'inductive BinTree where\n  | leaf : BinTree\n  | node : BinTree → Nat → BinTree → BinTree\n\ndef size : BinTree → Nat\n  | .leaf => 0\n  | .node a _ b => size a + 1 + size b',
    'theorem size_leaf : size BinTree.leaf = 0',
  ],
  [
    'tree',
    'inductive T where\n  | leaf : T\n  | node : T → Nat → T → T\n\ndef T.depth : T → Nat\n  | .leaf => 0\n  | .node l _ r => max l.depth r.depth + 1',
    'theorem depth_node (x y : T) : (T.node x 3 y).depth > 0',
  ],
];

export interface Labelled {
  readonly family: string;
  readonly statement: Statement;
}

export const ENVIRONMENT = { lean: '4.28.0-pre', library: 'core' } as const;

export const LABELLED: readonly Labelled[] = [
  ...Object.entries(FAMILIES).flatMap(([family, formals]) =>
    formals.map((formal) => ({ family, header: '', formal })),
  ),
  ...WITH_HEADERS.map(([family, header, formal]) => ({ family, header, formal })),
].map(({ family, header, formal }) => ({
  family,
  statement: makeStatement({
    environment: ENVIRONMENT,
    header,
    formal,
    name: /^theorem (\S+)/.exec(formal)?.[1] ?? 'unnamed',
  }),
}));

/** Mean share of a family's other members (at most k) among the first k that `rank` gives. */
export function recallAt(k: number, rank: (query: Statement) => readonly string[]): number {
  const shares = LABELLED.map(({ family, statement }) => {
    const relevant = LABELLED.filter(
      (other) => other.family === family && other.statement.id !== statement.id,
    );
    const found = new Set(rank(statement).slice(0, k));
    return relevant.filter((other) => found.has(other.statement.id)).length / Math.min(k, relevant.length);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

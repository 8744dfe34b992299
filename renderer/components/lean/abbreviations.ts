/**
 * What `\name` becomes, by the names that Lean's editors use (leanprover/vscode-lean4, `abbreviations.json`, Apache-2.0);
 * the ones that statements need.
 */
const TABLE = `
alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ
sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω varphi ϕ a α b β g γ G Γ D Δ L Λ S Σ O Ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω
to → r → rightarrow → -> → l ← leftarrow ← <- ← gets ← iff ↔ lr ↔ <-> ↔ leftrightarrow ↔ implies ⇒ => ⇒ mapsto ↦ mapsto ↦
uparrow ↑ u ↑ downarrow ↓ d ↓ t ▸ hookrightarrow ↪ twoheadrightarrow ↠ longrightarrow ⟶ hom ⟶ functor ⥤ iso ≅
all ∀ forall ∀ exists ∃ ex ∃ nexists ∄ and ∧ wedge ∧ or ∨ vee ∨ not ¬ neg ¬ top ⊤ bot ⊥ true ⊤ vdash ⊢ entails ⊢ |- ⊢
ne ≠ neq ≠ le ≤ leq ≤ <= ≤ ge ≥ geq ≥ >= ≥ ll ≪ gg ≫ equiv ≃ simeq ≃ cong ≅ approx ≈ sim ∼ == ≡ === ≣ prec ≺ succ ≻ | ∣ mid ∣
dvd ∣ ndvd ∤ nmid ∤ parallel ∥ perp ⊥
in ∈ mem ∈ notin ∉ ni ∋ sub ⊆ ss ⊆ subseteq ⊆ subset ⊂ ssub ⊂ supset ⊃ supseteq ⊇ union ∪ cup ∪ un ∪ inter ∩ cap ∩ i ∩
empty ∅ emptyset ∅ sdiff \\ setminus \\ compl ᶜ powerset 𝒫 bigcup ⋃ Union ⋃ bigcap ⋂ Inter ⋂ sqcup ⊔ sup ⊔ lub ⊔ sqcap ⊓
inf ⊓ glb ⊓ Sup ⨆ isup ⨆ Inf ⨅ iinf ⨅
N ℕ nat ℕ Z ℤ int ℤ Q ℚ rat ℚ R ℝ real ℝ C ℂ complex ℂ F 𝔽 bbP ℙ H ℍ A 𝔸
times × x × div ÷ pm ± mp ∓ cdot ⬝ . · cdotp · centerdot · comp ∘ circ ∘ o ∘ bu • smul • bullet • star ⋆ ast ∗ oplus ⊕
otimes ⊗ ox ⊗ sqrt √ sq √ cbrt ∛ infty ∞ partial ∂ pd ∂ nabla ∇ integral ∫ int ∫ sum ∑ prod ∏ coprod ∐ norm ‖ || ‖
floor ⌊ lfloor ⌊ lf ⌊ rfloor ⌋ rf ⌋ ceil ⌈ lceil ⌈ lc ⌈ rceil ⌉ rc ⌉ langle ⟨ < ⟨ la ⟨ rangle ⟩ > ⟩ ra ⟩ <> ⟨⟩ lb ⟦ [[ ⟦
rb ⟧ ]] ⟧ f<< « f>> » l< «
inv ⁻¹ -1 ⁻¹ ^0 ⁰ ^1 ¹ ^2 ² ^3 ³ ^4 ⁴ ^5 ⁵ ^6 ⁶ ^7 ⁷ ^8 ⁸ ^9 ⁹ ^n ⁿ ^i ⁱ ^- ⁻ ^+ ⁺ ^c ᶜ T ᵀ tr ᵀ
0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ _0 ₀ _1 ₁ _2 ₂ _3 ₃ _4 ₄ _5 ₅ _6 ₆ _7 ₇ _8 ₈ _9 ₉ _n ₙ _i ᵢ _j ⱼ _k ₖ _m ₘ _a ₐ
qed ∎ ell ℓ aleph ℵ hbar ℏ ae ᵐ deg ° degree ° dots … ldots … cdots ⋯ prime ′ ' ′ nn ∋ fun λ fn λ Fun λ
`;

const pairs = TABLE.trim().split(/\s+/);

/** By name, without the backslash. The first meaning of a name holds. */
export const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  Array.from({ length: Math.floor(pairs.length / 2) }, (_, index): [string, string] => [
    pairs[index * 2] ?? '',
    pairs[index * 2 + 1] ?? '',
  ]).reverse(),
);

const NAMES = [...ABBREVIATIONS.keys()];

/** What a typed abbreviation is to become. */
export type Expansion =
  | { readonly kind: 'none' }
  /** More may follow, or it is no name. */
  | { readonly kind: 'pending' }
  /** `from` is the backslash's offset in the text. */
  | { readonly kind: 'replace'; readonly from: number; readonly symbol: string };

/** Longest name and its backslash. */
const REACH = Math.max(...NAMES.map((name) => name.length)) + 1;
const PENDING = /\\([^\s\\]*)$/u;

/**
 * After a character was typed: whether the abbreviation that ends there can be nothing longer.
 * @param before the line up to and with what was typed
 */
export function expandEagerly(before: string): Expansion {
  const match = PENDING.exec(before.slice(-REACH - 1));
  const name = match?.[1];
  if (name === undefined || name === '') return { kind: 'none' };
  const symbol = ABBREVIATIONS.get(name);
  const longer = NAMES.some((other) => other.length > name.length && other.startsWith(name));
  if (symbol === undefined || longer) return { kind: 'pending' };
  return { kind: 'replace', from: before.length - name.length - 1, symbol };
}

/** When it has ended, by a blank, Tab or Enter: the longest name that what was typed begins with, the rest kept. */
export function expandFinished(before: string): Expansion {
  const match = PENDING.exec(before.slice(-REACH - 1));
  const typed = match?.[1];
  if (typed === undefined || typed === '') return { kind: 'none' };
  for (let length = typed.length; length > 0; length--) {
    const symbol = ABBREVIATIONS.get(typed.slice(0, length));
    if (symbol !== undefined) {
      return {
        kind: 'replace',
        from: before.length - typed.length - 1,
        symbol: symbol + typed.slice(length),
      };
    }
  }
  return { kind: 'none' };
}

/** Names that begin so, shortest first: for a list of suggestions. */
export function suggestions(
  prefix: string,
  limit = 40,
): { readonly name: string; readonly symbol: string }[] {
  return NAMES.filter((name) => name.startsWith(prefix))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .slice(0, limit)
    .map((name) => ({ name, symbol: ABBREVIATIONS.get(name) ?? '' }));
}

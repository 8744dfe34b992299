/** What a piece of Lean source is, for its colour. */
export type LeanToken =
  | 'keyword'
  | 'tactic'
  | 'sorry'
  | 'type'
  | 'comment'
  | 'string'
  | 'number'
  | 'operator'
  | 'attribute'
  | 'bracket';

/** What a line leaves to the next. */
export interface LeanLexerState {
  /** Open `/-`; block comments nest. */
  readonly commentDepth: number;
  readonly inString: boolean;
}

export const LEAN_START: LeanLexerState = { commentDepth: 0, inString: false };

export interface LeanPiece {
  readonly from: number;
  readonly to: number;
  readonly token: LeanToken | undefined;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const KEYWORDS = words(`
  theorem lemma def abbrev instance structure class inductive axiom example opaque mutual end namespace section variable
  variables universe open export import attribute macro macro_rules syntax notation infixl infixr infix prefix postfix
  private protected noncomputable partial unsafe local scoped deriving extends where with by at from have show let fun do
  then else if match in return calc suffices obtain termination_by decreasing_by set_option using generalizing only λ
  nomatch for while unless try catch finally mut`);
const TACTICS = words(`
  intro intros apply exact refine rfl rw rewrite simp simp_all simpa simp_arith omega decide native_decide induction cases
  rcases rintro constructor left right exists use contradiction exfalso assumption trivial ext funext congr unfold change
  specialize revert clear subst symm trans norm_num ring ring_nf linarith nlinarith positivity field_simp push_neg by_cases
  by_contra split repeat all_goals any_goals first skip done conv grind bv_decide bv_omega ac_rfl exact_mod_cast norm_cast
  push_cast aesop tauto infer_instance iterate next case rename_i injection nofun replace`);
const TYPES = words('Type Prop Sort Nat Int Bool String Char List Array Option Fin Rat Unit ℕ ℤ ℚ ℝ ℂ');

const IDENTIFIER =
  /(?:«[^»\n]*»|[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜᵢ-ᵪ]*)(?:\.(?:«[^»\n]*»|[\p{L}_][\p{L}\p{N}_'!?₀-₉]*))*/uy;
const NUMBER = /0[xX][\da-fA-F]+|0[bB][01]+|\d+(?:\.\d+)?/y;
const CHARACTER = /'(?:\\.[^']*|[^\\'])'/uy;
const ATTRIBUTE = /@\[[^\]\n]*\]?/y;
const COMMAND = /#[a-z_]+/y;
const OPERATOR = /[:=<>+\-*/^∧∨¬→←↔∀∃∣≤≥≠≡∈∉⊆⊂∪∩×∘·⁻¹²³|&!%↦⟹⟶▸$@.,;?∑∏√∅∞≈≃≅⊢]+/uy;

function matchAt(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}

/** The next piece of a line from `at`, and the state behind it. Never empty before the line's end. */
export function lexPiece(
  line: string,
  at: number,
  state: LeanLexerState,
): { readonly to: number; readonly token: LeanToken | undefined; readonly state: LeanLexerState } {
  if (state.commentDepth > 0) return inComment(line, at, state);
  if (state.inString) return inString(line, at, state);
  if (line.startsWith('--', at)) return { to: line.length, token: 'comment', state };
  if (line.startsWith('/-', at)) return inComment(line, at + 2, { ...state, commentDepth: 1 });
  const character = line[at] ?? '';
  if (character === '"') return inString(line, at + 1, { ...state, inString: true });
  if (/\s/.test(character)) return { to: at + blanks(line, at), token: undefined, state };
  if ('()[]{}⟨⟩⌊⌋⌈⌉'.includes(character) && !line.startsWith('@[', at)) {
    return { to: at + 1, token: 'bracket', state };
  }
  for (const [pattern, token] of [
    [ATTRIBUTE, 'attribute'],
    [COMMAND, 'keyword'],
    [CHARACTER, 'string'],
    [NUMBER, 'number'],
  ] as const) {
    const to = matchAt(pattern, line, at);
    if (to > at) return { to, token, state };
  }
  const wordEnd = matchAt(IDENTIFIER, line, at);
  if (wordEnd > at) return { to: wordEnd, token: wordToken(line.slice(at, wordEnd)), state };
  const operatorEnd = matchAt(OPERATOR, line, at);
  if (operatorEnd > at) {
    // `--` and `/-` begin a comment even right behind an operator.
    const comment = line.slice(at + 1, operatorEnd).search(/--|\/-/);
    return { to: comment < 0 ? operatorEnd : at + 1 + comment, token: 'operator', state };
  }
  const wide = (line.codePointAt(at) ?? 0) > 0xffff;
  return { to: at + (wide ? 2 : 1), token: undefined, state };
}

function wordToken(word: string): LeanToken | undefined {
  if (word === 'sorry' || word === 'admit') return 'sorry';
  if (KEYWORDS.has(word)) return 'keyword';
  if (TACTICS.has(word)) return 'tactic';
  return TYPES.has(word) ? 'type' : undefined;
}

function blanks(line: string, at: number): number {
  return line.length - at - line.slice(at).trimStart().length;
}

function inComment(line: string, at: number, state: LeanLexerState): ReturnType<typeof lexPiece> {
  let depth = state.commentDepth;
  let index = at;
  while (index < line.length && depth > 0) {
    if (line.startsWith('-/', index)) {
      depth--;
      index += 2;
    } else if (line.startsWith('/-', index)) {
      depth++;
      index += 2;
    } else index++;
  }
  return { to: index, token: 'comment', state: { ...state, commentDepth: depth } };
}

function inString(line: string, at: number, state: LeanLexerState): ReturnType<typeof lexPiece> {
  let index = at;
  while (index < line.length) {
    if (line[index] === '\\') index += 2;
    else if (line[index] === '"')
      return { to: index + 1, token: 'string', state: { ...state, inString: false } };
    else index++;
  }
  return { to: line.length, token: 'string', state };
}

/** A whole line; its pieces cover it without gaps. */
export function lexLine(
  line: string,
  state: LeanLexerState,
): { readonly pieces: LeanPiece[]; readonly state: LeanLexerState } {
  const pieces: LeanPiece[] = [];
  let at = 0;
  let current = state;
  while (at < line.length) {
    const piece = lexPiece(line, at, current);
    const to = Math.min(Math.max(piece.to, at + 1), line.length);
    pieces.push({ from: at, to, token: piece.token });
    at = to;
    current = piece.state;
  }
  return { pieces, state: current };
}

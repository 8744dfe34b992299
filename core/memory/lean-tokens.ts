/** What a token of Lean source is. */
export type TokenKind = 'identifier' | 'operator' | 'open' | 'close' | 'number' | 'string' | 'character';

export interface LeanToken {
  readonly kind: TokenKind;
  readonly text: string;
}

const IDENTIFIER_START = '(?![λΠΣ])[\\p{L}_]';
const IDENTIFIER_PART = `(?:«[^»\\n]*»|${IDENTIFIER_START}[\\p{L}\\p{Nd}\\p{M}_'!?₀-₉ₐ-ₜᵢ-ᵪ]*)`;
const IDENTIFIER = new RegExp(`${IDENTIFIER_PART}(?:\\.(?:${IDENTIFIER_PART}|\\d+))*`, 'uy');
const NUMBER = /0[xXbBoO][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\[\s\S])*"?/y;
const CHARACTER = /'(?:[^'\\\n]|\\[^\n]{1,8}?)'/y;
// Longest first; every other symbol is a token of its own.
const OPERATOR =
  /<\|>|>>=|=<<|\^\^\^|&&&|\|\|\||<<<|>>>|<->|\.\.\.|:=|=>|->|<-|<=|>=|!=|==|\+\+|&&|\|\||\|>|<\||::|\/\\|\\\/|∃!|[^\s]/uy;

/** Two spellings of one thing become one token, so that ASCII and Unicode sources meet. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['->', '→'],
  ['<-', '←'],
  ['<->', '↔'],
  ['<=', '≤'],
  ['>=', '≥'],
  ['/\\', '∧'],
  ['\\/', '∨'],
  ['=>', '↦'],
  ['λ', 'fun'],
  ['forall', '∀'],
  ['exists', '∃'],
  ['ℕ', 'Nat'],
  ['ℤ', 'Int'],
  ['ℚ', 'Rat'],
  ['ℝ', 'Real'],
  ['ℂ', 'Complex'],
]);
const OPENING = new Set(['(', '[', '{', '⦃', '⟨', '⌊', '⌈', '‖']);
const CLOSING = new Set([')', ']', '}', '⦄', '⟩', '⌋', '⌉']);

/**
 * Splits Lean source into tokens, without comments and white space. Total: it accepts every text, since the bank must
 * take whatever the kernel took; it is a reader for retrieval, not a parser.
 */
export function tokenizeLean(source: string): LeanToken[] {
  const tokens: LeanToken[] = [];
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (let at = 0; at < source.length;) {
    const skipped = skipBlank(source, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = nextToken(match, at);
    // A lone surrogate matches nothing: stepping over it keeps the reader total.
    if (token === undefined) {
      at += 1;
      continue;
    }
    at += token.length;
    tokens.push({ kind: token.kind, text: SPELLINGS.get(token.text) ?? token.text });
  }
  return tokens;
}

function nextToken(
  match: (pattern: RegExp, at: number) => string | undefined,
  at: number,
): { kind: TokenKind; text: string; length: number } | undefined {
  const of = (kind: TokenKind, text: string) => ({ kind, text, length: text.length });
  const identifier = match(IDENTIFIER, at);
  if (identifier !== undefined) return of('identifier', identifier);
  const number = match(NUMBER, at);
  if (number !== undefined) return of('number', number);
  const string = match(STRING, at);
  if (string !== undefined) return of('string', string);
  const character = match(CHARACTER, at);
  if (character !== undefined) return of('character', character);
  const operator = match(OPERATOR, at);
  if (operator === undefined) return undefined;
  if (OPENING.has(operator)) return of('open', operator);
  if (CLOSING.has(operator)) return of('close', operator);
  return of('operator', operator);
}

/** The offset after white space and comments that begin at `at`; block comments nest. */
function skipBlank(source: string, at: number): number {
  if (/\s/.test(source.charAt(at))) return at + 1;
  if (source.startsWith('--', at)) {
    const end = source.indexOf('\n', at);
    return end < 0 ? source.length : end;
  }
  if (!source.startsWith('/-', at)) return at;
  let depth = 0;
  for (let i = at; i < source.length; i += 1) {
    if (source.startsWith('/-', i)) {
      depth += 1;
      i += 1;
    } else if (source.startsWith('-/', i)) {
      depth -= 1;
      i += 1;
      if (depth === 0) return i + 1;
    }
  }
  return source.length;
}

/**
 * Lean text as tokens, line by line, so that a reply can be read while it streams. Comments and strings are told from
 * code; the rest of Lean's syntax is not known here, for the judge reads every submission itself.
 */

export interface LeanToken {
  readonly kind: 'word' | 'number' | 'string' | 'symbol';
  readonly text: string;
  /** Offsets in the whole text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** From 0. */
  readonly line: number;
  /** In code points from the line's start. */
  readonly column: number;
  /** Nothing but blanks and comments before it on its line. */
  readonly first: boolean;
}

/** What is open at the end of a line: block comments, so many deep, or a string. */
export type LexState =
  | { readonly kind: 'code' }
  | { readonly kind: 'comment'; readonly depth: number }
  | { readonly kind: 'string'; /** What ends it. */ readonly closer: string };

export const CODE: LexState = { kind: 'code' };

const WORD =
  /(?:«[^»]*»|[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜ]*)(?:\.(?:«[^»]*»|[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜ]*))*/uy;
const NUMBER = /\d[\d_]*(?:\.\d+)?/y;
const CHARACTER = /'(?:[^\\'\n]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.))'/uy;
const RAW_STRING = /r#*"/y;
const COMMENT_MARK = /\/-|-\//g;
const SYMBOL = /:=|=>|[^]/uy;

export interface LexedLine {
  readonly tokens: readonly LeanToken[];
  readonly state: LexState;
  /** The line ends in a `--` comment. */
  readonly commented: boolean;
}

/** One line, without its line end, after a line that left `state` open. */
export function lexLine(text: string, state: LexState, line = 0, offset = 0): LexedLine {
  const tokens: LeanToken[] = [];
  let at = 0;
  let open = state;
  let columnAt = 0;
  let column = 0;
  const push = (kind: LeanToken['kind'], end: number): void => {
    for (; columnAt < at; column++) columnAt += (text.codePointAt(columnAt) ?? 0) > 0xffff ? 2 : 1;
    const token = { kind, text: text.slice(at, end), start: offset + at, end: offset + end };
    tokens.push({ ...token, line, column, first: tokens.length === 0 });
    at = end;
  };
  while (at < text.length) {
    if (open.kind === 'comment') {
      COMMENT_MARK.lastIndex = at;
      const mark = COMMENT_MARK.exec(text);
      if (mark === null) break;
      at = COMMENT_MARK.lastIndex;
      const depth: number = open.depth + (mark[0] === '/-' ? 1 : -1);
      open = depth === 0 ? CODE : { kind: 'comment', depth };
    } else if (open.kind === 'string') {
      const end = endOfString(text, at, open.closer);
      push('string', end ?? text.length);
      if (end !== undefined) open = CODE;
    } else if (text.startsWith('--', at)) {
      return { tokens, state: CODE, commented: true };
    } else if (text.startsWith('/-', at)) {
      open = { kind: 'comment', depth: 1 };
      at += 2;
    } else if (/\s/.test(text.charAt(at))) {
      at += 1;
    } else {
      const raw = match(RAW_STRING, text, at);
      const quote = raw ?? (text[at] === '"' ? at + 1 : undefined);
      if (quote !== undefined) {
        const closer: string = raw === undefined ? '"' : `"${'#'.repeat(raw - at - 2)}`;
        const escapes = raw === undefined;
        const end = escapes ? endOfString(text, quote, closer) : endOfRaw(text, quote, closer);
        push('string', end ?? text.length);
        if (end === undefined) open = { kind: 'string', closer: escapes ? closer : `r${closer}` };
        continue;
      }
      const word = match(WORD, text, at);
      if (word !== undefined) push('word', word);
      else {
        const number = match(NUMBER, text, at);
        if (number !== undefined) push('number', number);
        else {
          const character = match(CHARACTER, text, at);
          if (character !== undefined) push('string', character);
          else push('symbol', match(SYMBOL, text, at) ?? at + 1);
        }
      }
    }
  }
  return { tokens, state: open, commented: false };
}

/** All tokens of a text. */
export function lexLean(text: string): LeanToken[] {
  const tokens: LeanToken[] = [];
  let state = CODE;
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const lexed = lexLine(line, state, index, offset);
    for (const token of lexed.tokens) tokens.push(token);
    state = lexed.state;
    offset += line.length + 1;
  }
  return tokens;
}

/** Where a string ends that `closer` ends; the closer of a raw string, without escapes, is kept with an `r` before it. */
function endOfString(text: string, from: number, closer: string): number | undefined {
  if (closer.startsWith('r')) return endOfRaw(text, from, closer.slice(1));
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

function endOfRaw(text: string, from: number, closer: string): number | undefined {
  const at = text.indexOf(closer, from);
  return at < 0 ? undefined : at + closer.length;
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

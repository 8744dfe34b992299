import { IDENTIFIER } from './characters.ts';
import { endOfBlockComment, endOfRawString, scanString } from './delimited.ts';

/**
 * `doc` is `/-- … -/`; `/-! … -/` is a comment. An interpolated string comes in pieces around the code in it:
 * `string-open` (`"…{`), `string-middle` (`}…{`), `string-close` (`}…"`). `broken` is the rest of a text from
 * something that is never closed.
 */
export type TokenKind =
  | 'space'
  | 'comment'
  | 'doc'
  | 'identifier'
  | 'name-literal'
  | 'number'
  | 'char'
  | 'string'
  | 'string-open'
  | 'string-middle'
  | 'string-close'
  | 'symbol'
  | 'broken';

/** A span of the text; a text's tokens follow one another without gap. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** Something that the text opens and never closes. */
export interface LexDefect {
  readonly offset: number;
  readonly message: string;
  readonly expected: string;
}

export interface LexResult {
  readonly tokens: readonly Token[];
  readonly defect?: LexDefect;
}

/** Tried in this order; each matches at the current place only. `⁻¹'` and `''` are operators of Mathlib, not quotes. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['comment', /--[^\n]*/y],
  ['name-literal', new RegExp(`\`\`?${IDENTIFIER}`, 'yu')],
  ['identifier', new RegExp(IDENTIFIER, 'yu')],
  ['number', /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y],
  ['char', /'(?:[^\\'\n]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\\"'rnt]))'/uy],
  ['symbol', /:=|@\[|⁻¹'|''|[^]/uy],
];
const RAW_STRING = /r#*"/y;
const IDENTIFIER_HERE = new RegExp(IDENTIFIER, 'yu');

/** Splits Lean source into tokens. Total and linear: what is no Lean comes out as symbols, one a character. */
export function lex(text: string): LexResult {
  return new Lexer(text).run();
}

type Step = { readonly kind: TokenKind; readonly end: number } | LexDefect;

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  /** Interpolated strings that surround this place, innermost last, each with the braces open in its code. */
  private readonly interpolations: { readonly start: number; braces: number }[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  run(): LexResult {
    while (this.at < this.text.length) {
      const step = this.step();
      if ('offset' in step) {
        this.push('broken', this.text.length);
        return { tokens: this.tokens, defect: step };
      }
      this.push(step.kind, step.end);
    }
    const open = this.interpolations.at(-1);
    if (open === undefined) return { tokens: this.tokens };
    const defect = unclosed(open.start, 'the code in this interpolated string', '`}` and `"`');
    return { tokens: this.tokens, defect };
  }

  /** The token that starts here, or why it never ends. */
  private step(): Step {
    const { text, at } = this;
    if (text.startsWith('/-', at)) {
      const end = endOfBlockComment(text, at);
      if (end === undefined) return unclosed(at, 'this comment', '`-/`');
      return { kind: text.startsWith('/--', at) ? 'doc' : 'comment', end };
    }
    const content = matchEnd(RAW_STRING, text, at);
    if (content !== undefined) {
      const closer = `"${'#'.repeat(content - at - 2)}`;
      const end = endOfRawString(text, content, closer);
      return end === undefined ? unclosed(at, 'this raw string', `\`${closer}\``) : { kind: 'string', end };
    }
    const inner = this.interpolations.at(-1);
    if (text[at] === '"') return this.string(isInterpolator(text, this.tokens.at(-1)));
    if (text[at] === '}' && inner?.braces === 0) return this.resumedString(inner.start);
    if (text[at] === '«' && matchEnd(IDENTIFIER_HERE, text, at) === undefined) {
      return unclosed(at, 'this identifier', '`»`');
    }
    if (inner !== undefined && text[at] === '{') inner.braces++;
    if (inner !== undefined && text[at] === '}') inner.braces--;
    for (const [kind, pattern] of PATTERNS) {
      const end = matchEnd(pattern, text, at);
      if (end !== undefined) return { kind, end };
    }
    // Not reached, as the last pattern takes any character.
    return { kind: 'symbol', end: at + 1 };
  }

  private string(interpolated: boolean): Step {
    const start = this.at;
    const piece = scanString(this.text, start + 1, interpolated);
    if (piece === undefined) return unclosed(start, 'this string', '`"`');
    if (!piece.closed) this.interpolations.push({ start, braces: 0 });
    return { kind: piece.closed ? 'string' : 'string-open', end: piece.end };
  }

  private resumedString(start: number): Step {
    const piece = scanString(this.text, this.at + 1, true);
    if (piece === undefined) return unclosed(start, 'this string', '`"`');
    if (piece.closed) this.interpolations.pop();
    return { kind: piece.closed ? 'string-close' : 'string-middle', end: piece.end };
  }

  private push(kind: TokenKind, end: number): void {
    this.tokens.push({ kind, start: this.at, end });
    this.at = end;
  }
}

function unclosed(offset: number, what: string, expected: string): LexDefect {
  return { offset, message: `${what} is never closed`, expected };
}

/** `s!"…"`, `m!"…"` and their like: the identifier touches the quote. */
function isInterpolator(text: string, previous: Token | undefined): boolean {
  return previous?.kind === 'identifier' && text[previous.end - 1] === '!';
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

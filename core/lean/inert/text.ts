import { HASH_COMMAND, RUNNING_NAME, RUNNING_WORDS, settingsAreInert } from './words.ts';

/**
 * A run of what words are made of, with what stands before it. Only ASCII: what Lean takes for one word must not be longer here, as
 * a longer word would hide a shorter.
 */
const RUN = /(^|[^A-Za-z0-9_!?'])([A-Za-z0-9_!?']+)/g;
/**
 * After white space Lean reads a run that begins like a name as one name. Elsewhere the run's beginning may belong to what
 * stands before it, as in `'a'macro`, or to a token of the source's own, as in `§amacro` after `notation "§a" => 0`. A source
 * without quotes has no such tokens, and no token of Lean's has an opening bracket before a letter.
 */
const STARTS_WORD = /^[A-Za-z_]/;
const SPACE = /^[ \t\r\n]?$/;
const SPACE_OR_OPENING = /^[ \t\r\n([{⟨]?$/;
const HIDDEN_WORD = new RegExp(`(?:${[...RUNNING_WORDS].join('|')})$`);
/** Lean reads `0x1macro` as a number and a command. */
const NUMBER_BEFORE_WORD =
  /(?<![A-Za-z0-9_!?'])(?!(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|0[oO][0-7]+)(?![A-Za-z0-9_!?']))\d+[A-Za-z_]/;
/** Comments where what is looked for as a whole could be taken apart by them. */
const COMMENT_WITHIN =
  /[([]\s*(?:--|\/-)|(?:attribute|set_option)\s*(?:--|\/-)|(?:-\/|\n)[ \t]*:=|(?:@\[|attribute\s*\[)[^[\]]*?(?:--|\/-)/;

/** Modules whose commands and attributes the words were gathered from. */
const LIBRARY = /^(?:Init|Std)(?:\.|$)/;
/** What other libraries run of a source's: rules that aesop takes for tactics, Mathlib's `eval%`. */
const RUN_BY_OTHERS = /\(\s*add(?![A-Za-z0-9_!?'])|eval%|aesop_rule/;

/**
 * Whether elaborating a source can run none of its author's code, as far as its text tells. Errs on the side of "no": words count
 * wherever they stand, save in comments that are comments for certain.
 * @param trusted other modules that it may import
 */
export function isInert(imports: readonly string[], body: string, trusted = LIBRARY): boolean {
  const others = imports.filter((module) => !LIBRARY.test(module));
  if (!others.every((module) => trusted.test(module))) return false;
  if (others.length > 0 && RUN_BY_OTHERS.test(body)) return false;
  const bare = withoutComments(body);
  if (bare === undefined || HASH_COMMAND.test(bare) || NUMBER_BEFORE_WORD.test(bare)) return false;
  const before = bare.includes('"') ? SPACE : SPACE_OR_OPENING;
  for (const [, sign = '', run = ''] of bare.matchAll(RUN)) {
    const isWord = before.test(sign) && STARTS_WORD.test(run);
    if (RUNNING_NAME.test(run) || (isWord ? RUNNING_WORDS.has(run) : HIDDEN_WORD.test(run))) return false;
  }
  return settingsAreInert(bare.replace(/[«»]/g, ' '));
}

/**
 * A source without its comments. Beside quotes, which may hold comment signs or make tokens of them, it is not certain what is one:
 * there what may be a comment is looked at as well. Undefined where a sign stands right after something (`//-1`, `<--x`), or
 * where Lean's reading of comments is hard to follow.
 */
function withoutComments(source: string): string | undefined {
  const sign = /--|\/-|-\//g;
  if (!sign.test(source)) return source;
  if (/["«»]/.test(source)) return COMMENT_WITHIN.test(source) ? undefined : source;
  sign.lastIndex = 0;
  let kept = '';
  let from = 0;
  for (let open = sign.exec(source); open !== null; open = sign.exec(source)) {
    const { index } = open;
    if (open[0] === '-/' || (index > 0 && !/\s/.test(source[index - 1] ?? ''))) return undefined;
    if (open[0] === '/-' && beginsOddly(source, index + 2)) return undefined;
    kept += `${source.slice(from, index)} `;
    from = open[0] === '--' ? endOfLine(source, index) : endOfBlock(source, index);
    sign.lastIndex = from;
  }
  return kept + source.slice(from);
}

/**
 * Lean passes over the first character of a comment's text, so that `/-/-/` is whole; and a documentation comment's text begins
 * after the white space that follows its sign, comments included.
 */
function beginsOddly(source: string, at: number): boolean {
  const odd = /\/|[-!]\s*(?:--|\/-)/y;
  odd.lastIndex = at;
  return odd.test(source);
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function endOfBlock(source: string, from: number): number {
  const sign = /\/-|-\//g;
  sign.lastIndex = from;
  let depth = 0;
  for (let match = sign.exec(source); match !== null; match = sign.exec(source)) {
    depth += match[0] === '/-' ? 1 : -1;
    if (depth === 0) return sign.lastIndex;
  }
  return source.length;
}

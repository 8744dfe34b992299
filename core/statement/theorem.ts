import { bracketStep, type Command } from './commands.ts';
import type { ProblemCode } from './entries.ts';
import { sliceSource, type CodeToken, type SourceText } from './source-text.ts';

/** What a `theorem` command is to us. */
export type TheoremReading =
  | { readonly kind: 'open'; readonly identifier: string; readonly formal: string }
  | { readonly kind: 'proved' }
  | {
      readonly kind: 'problem';
      readonly code: ProblemCode;
      /** The token to point at. */
      readonly at: CodeToken;
      readonly message: string;
      readonly expected?: string;
    };

/** Words of a term that take one `:=` of their own. */
const BINDERS: ReadonlySet<string> = new Set('let have letI haveI let_fun let_delayed'.split(' '));

/**
 * Reads a theorem: its statement where its proof is `sorry`.
 * @param unfinished accept a statement without any proof too: datasets end at the type, at `:=` or at `:= by`
 */
export function readTheorem(source: SourceText, command: Command, unfinished: boolean): TheoremReading {
  const all = source.code.slice(command.keywordAt, command.last + 1);
  while (all.at(-1)?.kind === 'doc') all.pop();
  const [keyword, name, ...rest] = all;
  if (keyword === undefined) return { kind: 'proved' };
  const problem = (code: ProblemCode, at: CodeToken, message: string, expected?: string): TheoremReading => ({
    kind: 'problem',
    code,
    at,
    message,
    ...(expected !== undefined && { expected }),
  });
  if (name?.kind !== 'identifier' || name.text === '_root_') {
    return problem('unnamed', keyword, 'this theorem has no name', 'a name after `theorem`');
  }
  const label = `theorem ${name.text}`;
  const hole = rest.find(isHole);
  const body = findBody(rest);
  if (body < 0) {
    if (hole !== undefined) {
      return problem(
        'pattern-matching',
        hole,
        `${label} is proved by pattern matching, and a case of it is \`sorry\``,
        '`:= by sorry` after the statement',
      );
    }
    if (isByPatterns(rest)) return { kind: 'proved' };
    if (!unfinished) return problem('incomplete', keyword, `${label} has no proof`, '`:= by sorry`');
    return { kind: 'open', identifier: name.text, formal: formalText(source, keyword, rest.at(-1) ?? name) };
  }
  const proof = rest.slice(body + 1);
  const inStatement = rest.slice(0, body).find(isHole);
  if (inStatement !== undefined) {
    return problem('sorry-in-statement', inStatement, `the statement of ${label} holds \`sorry\` itself`);
  }
  const empty = proof.length === 0 || (proof.length === 1 && proof[0]?.text === 'by');
  if (empty && !unfinished) {
    return problem('incomplete', rest[body] ?? keyword, `the proof of ${label} is missing`, '`:= by sorry`');
  }
  if (!empty && !isSorry(proof)) {
    if (hole === undefined) return { kind: 'proved' };
    return problem(
      'partial-proof',
      hole,
      `\`sorry\` is only a part of the proof of ${label}`,
      '`sorry` as the whole proof, or none in it',
    );
  }
  return { kind: 'open', identifier: name.text, formal: formalText(source, keyword, rest[body - 1] ?? name) };
}

/** True of a token that leaves something to be proved. */
export function isHole(token: CodeToken): boolean {
  return token.kind === 'identifier' && (token.text === 'sorry' || token.text === 'admit');
}

/** From `theorem` to the end of `last`, with `lemma`, which core Lean does not know, written as `theorem`. */
function formalText(source: SourceText, keyword: CodeToken, last: CodeToken): string {
  return `theorem${sliceSource(source, keyword.end, last.end)}`;
}

/** The index of the `:=` that starts the proof: the first outside brackets that no `let` or `have` takes; −1 if none. */
function findBody(tokens: readonly CodeToken[]): number {
  let depth = 0;
  let binders = 0;
  let last = -1;
  for (const [index, token] of tokens.entries()) {
    depth = Math.max(0, depth + bracketStep(token));
    if (depth > 0) continue;
    if (token.kind === 'identifier' && BINDERS.has(token.text)) binders++;
    if (token.text === '←' && binders > 0) binders--;
    if (token.kind !== 'symbol' || token.text !== ':=') continue;
    last = index;
    if (binders === 0) return index;
    binders--;
  }
  // A `let` may define by patterns, without `:=`: then what is `sorry` to the end is the proof all the same.
  return last >= 0 && isSorry(tokens.slice(last + 1)) ? last : -1;
}

/** True of `sorry`, `by sorry`, `by exact sorry`, `by admit`, and these in brackets. */
function isSorry(proof: readonly CodeToken[]): boolean {
  if (proof.length > 10) return false;
  const words = proof.map((token) => token.text);
  for (;;) {
    const first = words[0];
    const wrapped = (first === '(' && words.at(-1) === ')') || (first === '{' && words.at(-1) === '}');
    if (wrapped) words.pop();
    if (wrapped || first === 'by' || first === 'exact') words.shift();
    else return words.length === 1 && (first === 'sorry' || first === 'admit');
  }
}

/** True where alternatives `| … =>` stand outside brackets and belong to no `match` or `fun` of the statement. */
function isByPatterns(tokens: readonly CodeToken[]): boolean {
  let depth = 0;
  let alternative = false;
  let previous = '';
  for (const token of tokens) {
    depth = Math.max(0, depth + bracketStep(token));
    if (depth > 0) continue;
    if (['match', 'fun', 'λ', 'let'].includes(token.text)) return false;
    if (token.text === 'where') return true;
    if (alternative && (token.text === '↦' || (token.text === '>' && previous === '='))) return true;
    alternative ||= token.text === '|';
    previous = token.text;
  }
  return false;
}

import { normalizeSource, type Statement } from '../../record/index.ts';
import { readCommands, type Command } from './commands.ts';
import { dedentAll } from './clean.ts';
import { helpersOf, isNoise } from './helpers.ts';
import { lexLean, type LeanToken } from './lean-tokens.ts';
import { findTarget } from './target.ts';
import { isRestatement } from './theorems.ts';
import type { Splice } from './types.ts';
import { firstWord, TACTICS } from './words.ts';

/** A reply's code as a submission. */
export interface Spliced {
  readonly submission: string;
  readonly splice: Splice;
  /** The code says `sorry` for the proof and nothing more. */
  readonly restated: boolean;
}

/** Puts a reply's proof under our header and our formal statement. Undefined where the code declares and proves nothing. */
export function splice(statement: Statement, source: string): Spliced | undefined {
  const code = dedentAll(source);
  const commands = readCommands(code);
  if (commands.length === 0) return undefined;
  const target = findTarget(commands, statement);
  if (target !== undefined) {
    const { proved, at } = target;
    const helpers = helpersOf(commands.slice(0, at), statement, proved);
    const proof = layOut(code, proved.proof);
    const theorem = `${helpers.prefix}${statement.formal}${proved.byPatterns ? '' : ' :='}${proof}`;
    return {
      submission: paragraphs(statement.header, helpers.text, theorem),
      splice: target.splice,
      restated: isRestatement(proved),
    };
  }
  if (commands.every((command) => command.keyword === '')) {
    const body = bodyOf(code);
    if (body === undefined) return undefined;
    const submission = paragraphs(statement.header, `${statement.formal}${body}`);
    return { submission, splice: 'body', restated: false };
  }
  return whole(statement, commands);
}

function whole(statement: Statement, commands: readonly Command[]): Spliced | undefined {
  if (commands.every(isNoise)) return undefined;
  const { text, prefix } = helpersOf(commands, statement, undefined);
  if (text === '') return undefined;
  return { submission: paragraphs(statement.header, text, prefix), splice: 'whole', restated: false };
}

/**
 * A proof as it stands, to follow `:=`. Where a lower line is aligned with something on the first one, the first one
 * keeps its column too: Lean reads blocks by columns, and our statement does not end where the reply's did.
 */
function layOut(code: string, proof: readonly LeanToken[]): string {
  const [first] = proof;
  if (first === undefined) return '';
  const text = code.slice(first.start, proof.at(-1)?.end);
  const aligned = proof.some(
    (token) => token.first && token.line > first.line && token.column >= first.column,
  );
  return aligned || first.text === '|' ? `\n${' '.repeat(first.column)}${text}` : ` ${text}`;
}

/** A proof without a statement, as it follows the formal statement. */
function bodyOf(code: string): string | undefined {
  const tokens = lexLean(code);
  const [first, second] = tokens;
  if (first === undefined) return undefined;
  if (first.text === '|') return layOut(code, tokens);
  if (first.text === ':=') return second === undefined ? undefined : ` :=${layOut(code, tokens.slice(1))}`;
  if (first.text === 'by') return second === undefined ? undefined : ` :=${layOut(code, tokens)}`;
  const text = code.slice(first.start, tokens.at(-1)?.end);
  return ` :=${isTerm(first, text) ? '' : ' by'}\n${indent(`${' '.repeat(first.column)}${text}`)}`;
}

/** Terms are told from tactics by how they start; a word of its own on one line is a term unless it is a known tactic. */
function isTerm(first: LeanToken, text: string): boolean {
  if (['fun', 'λ', '⟨', '@', '.'].includes(first.text)) return true;
  if (first.kind !== 'word' || TACTICS.has(firstWord(first.text))) return false;
  return first.text.includes('.') || !text.includes('\n');
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

const paragraphs = (...parts: readonly string[]): string =>
  normalizeSource(parts.filter((part) => part !== '').join('\n\n'));

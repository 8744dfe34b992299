import { readCommands } from './commands.ts';
import { readProved } from './theorems.ts';
import { COMMAND_LINE, firstWord, TACTICS } from './words.ts';

/** A line of a text that can be no line of Lean: sentences, headings, list items, quotations. */
const PROSE = /^(?:[\p{Lu}][\p{L}'’]*(?:[ ,:;!?]|\.(?:\s|$)|$)|\*\*|[*+-] |#{1,6} |\d{1,3}[.)] |>|```|~~~)/u;

/** Parts of a text without fences that look like Lean theorems with proofs, in order. */
export function unfencedTheorems(text: string): string[] {
  const parts: string[][] = [];
  let current: string[] | undefined;
  for (const line of text.split('\n')) {
    if (PROSE.test(line)) current = undefined;
    else if (current !== undefined) current.push(line);
    else if (COMMAND_LINE.test(line)) parts.push((current = [line]));
  }
  return parts
    .map((lines) => lines.join('\n'))
    .filter((part) => readCommands(part).some((command) => readProved(command) !== undefined));
}

/** The proof that a text without fences is: `by …`, `:= …`, or lines of tactics from its first word on. */
export function unfencedProof(text: string): string | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim() !== '');
  const first = lines[start]?.trim() ?? '';
  if (!first.startsWith(':=') && !isProofStart(first)) return undefined;
  const end = lines.findIndex((line, i) => i > start && PROSE.test(line));
  return lines.slice(start, end < 0 ? undefined : end).join('\n');
}

/** The last proof that stands in a sentence between backticks. */
export function inlineProof(text: string): string | undefined {
  return [...text.matchAll(/`([^`\n]{2,500})`/g)]
    .map((match) => (match[1] ?? '').trim())
    .filter((code) => isProofStart(code) || /^(?:theorem|lemma)\s/.test(code))
    .at(-1);
}

const isProofStart = (text: string): boolean =>
  /^by\b/.test(text) || text.startsWith('·') || TACTICS.has(firstWord(text));

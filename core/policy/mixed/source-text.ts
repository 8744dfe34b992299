import type { Position } from '../../record/index.ts';

/** Turns Lean's positions (lines from 1, columns in code points) into offsets. */
export class Offsets {
  readonly #text: string;
  readonly #lines: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1);
  }

  /** Undefined where the text has no such place. */
  at({ line, column }: Position): number | undefined {
    const start = this.#lines[line - 1];
    if (start === undefined) return undefined;
    const limit = (this.#lines[line] ?? this.#text.length + 1) - 1;
    let at = start;
    for (let i = 0; i < column; i++) {
      if (at >= limit) return undefined;
      at += (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    }
    return at;
  }
}

const isWord = (character: string): boolean => /[\p{L}\p{N}_'!?]/u.test(character);

/** The word that a place lies in or behind the first letter of. */
export function wordAt(
  text: string,
  at: number,
): { readonly start: number; readonly text: string } | undefined {
  let start = at;
  while (start > 0 && isWord(text.charAt(start - 1))) start--;
  let end = start;
  while (end < text.length && isWord(text.charAt(end))) end++;
  return end > start ? { start, text: text.slice(start, end) } : undefined;
}

/** Whether no letter stands right before or behind. */
export const isWhole = (text: string, at: number, length: number): boolean =>
  !isWord(text.charAt(at - 1)) && !isWord(text.charAt(at + length));

const OPENING = '([{⟨';
const CLOSING = ')]}⟩';

/** Where a tactic with its arguments ends: at the line's end, or where what it stands in goes on. */
export function tacticEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
    const ends = depth < 0 || (depth === 0 && (',;|'.includes(character) || text.startsWith('<;>', at)));
    if (character === '\n' || ends) return trimEnd(text, start, at);
  }
  return trimEnd(text, start, text.length);
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && text.charAt(at - 1) === ' ') at--;
  return at;
}

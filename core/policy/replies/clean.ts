import { normalizeSource } from '../../record/index.ts';

/** Marks of a chat's end that some models write out as text. */
const END_MARKS =
  /(?:<\|im_end\|>|<\|endoftext\|>|<\|eot_id\|>|<\|end\|>|<\|return\|>|<｜end▁of▁sentence｜>|<end_of_turn>|<\/s>|<\/answer>)\s*$/;

/**
 * What models write that Lean does not read, replaced by what they meant: line ends, tabs, blanks of other kinds,
 * characters without width, and NUL and lone surrogates, which no record may hold.
 */
export function cleanText(text: string): string {
  const clean = text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '  ')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replaceAll('\0', '\ufffd')
    .toWellFormed();
  return withoutEndMarks(clean);
}

function withoutEndMarks(text: string): string {
  let rest = text;
  for (
    let found = END_MARKS.exec(rest.slice(-200));
    found !== null;
    found = END_MARKS.exec(rest.slice(-200))
  ) {
    rest = rest.slice(0, Math.max(0, rest.length - 200) + found.index);
  }
  return rest;
}

/** Shifts a text left until its least indented line starts in the first column; without blank lines at either end. */
export function dedentAll(text: string): string {
  const lines = normalizeSource(text).split('\n');
  const least = lines.reduce(
    (least, line) => (line === '' ? least : Math.min(least, indentation(line))),
    Infinity,
  );
  return lines.map((line) => line.slice(least)).join('\n');
}

/** Blanks at a line's start. */
export function indentation(line: string): number {
  let at = 0;
  while (line[at] === ' ') at += 1;
  return at;
}

import { z } from 'zod';

/** Longest source text a record may carry, in UTF-16 code units. */
export const MAX_SOURCE_LENGTH = 1_000_000;

const LF = 0x0a;
const TAB = 0x09;
const BLANK = 0x20;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * The one form of Lean source that records keep and checkers see: LF line ends, no byte order mark, no blanks at line
 * ends, no blank lines at either end. Because the normal form itself is what gets elaborated, two texts of one id can
 * never mean different things. Idempotent, and linear in the length: peers choose what it is given.
 */
export function normalizeSource(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(trimLineEnd);
  const joined = lines.join('\n');
  let start = 0;
  while (joined.charCodeAt(start) === LF || joined.charCodeAt(start) === BYTE_ORDER_MARK) start++;
  let end = joined.length;
  while (end > start && joined.charCodeAt(end - 1) === LF) end--;
  return joined.slice(start, end);
}

/** Not a regular expression: `[ \t]+$` takes quadratic time on a long run of blanks before something else. */
function trimLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === BLANK || line.charCodeAt(end - 1) === TAB)) end--;
  return line.slice(0, end);
}

/** Says why a text cannot be kept in a record, or undefined where it can. */
export function textDefect(text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return `longer than ${maxLength} characters (${text.length})`;
  const nul = text.indexOf('\0');
  if (nul >= 0) return `a NUL character at offset ${nul}`;
  if (!text.isWellFormed()) return 'not well-formed Unicode (a lone surrogate)';
  return undefined;
}

/** Says why a text cannot be Lean source, or undefined where it can. */
export const sourceDefect = (text: string): string | undefined => textDefect(text, MAX_SOURCE_LENGTH);

export const withoutByteOrderMark = (text: string): string => text.replace(/^\uFEFF+/, '');

/**
 * A text field: bounded, well-formed and without a byte order mark before it. A lone surrogate would be hashed as U+FFFD, so
 * that two records that differ would have one id; the mark is lost when CBOR is decoded, so that a record would not come back.
 */
export const textSchema = (maxLength: number) =>
  z
    .string()
    .overwrite(withoutByteOrderMark)
    .superRefine((text, context) => {
      const defect = textDefect(text, maxLength);
      if (defect !== undefined) context.addIssue({ code: 'custom', message: defect });
    });

/** Lean source at a boundary: bounded, well-formed, and brought to its normal form. */
export const sourceSchema = textSchema(MAX_SOURCE_LENGTH).transform(normalizeSource);

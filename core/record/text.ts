import { z } from 'zod';

/** Longest source text a record may carry, in UTF-16 code units. */
export const MAX_SOURCE_LENGTH = 1_000_000;

/**
 * The one form of Lean source that records keep and checkers see: LF line ends, no byte order mark, no blanks at line
 * ends, no blank lines at either end. Because the normal form itself is what gets elaborated, two texts of one id can
 * never mean different things.
 */
export function normalizeSource(text: string): string {
  return text
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');
}

/** Says why a text cannot be Lean source, or undefined where it can. */
export function sourceDefect(text: string): string | undefined {
  if (text.length > MAX_SOURCE_LENGTH) {
    return `longer than ${MAX_SOURCE_LENGTH} characters (${text.length})`;
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return `a NUL character at offset ${nul}`;
  if (!text.isWellFormed()) return 'not well-formed Unicode (a lone surrogate)';
  return undefined;
}

/** Lean source at a boundary: bounded, well-formed, and brought to its normal form. */
export const sourceSchema = z
  .string()
  .superRefine((text, context) => {
    const defect = sourceDefect(text);
    if (defect !== undefined) context.addIssue({ code: 'custom', message: defect });
  })
  .transform(normalizeSource);

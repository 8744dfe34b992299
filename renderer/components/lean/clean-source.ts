const STRING = '"(?:[^"\\\\]|\\\\[^])*"';
const FOREIGN = new RegExp(`(${STRING})|\\t|[\\u00a0\\u202f]|[\\ufeff\\u200b\\u2060]`, 'g');
const INSTEAD: Readonly<Record<string, string>> = { '\t': '  ', '\u00a0': ' ', '\u202f': ' ' };

/**
 * Lean source that comes from a file or a page: with the line ends of the editor, and without what Lean refuses and nobody
 * sees, which are tabs, blanks that do not break, and marks without a width. String literals stay as they are.
 */
export const cleanSource = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(FOREIGN, (found, literal: string | undefined) => literal ?? INSTEAD[found] ?? '');

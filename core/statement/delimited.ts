/** Where the block comment that starts at `start` ends, nested ones included; undefined where it never does. */
export function endOfBlockComment(text: string, start: number): number | undefined {
  const delimiter = /\/-|-\//g;
  // Like Lean, which reads one character after `/-`: in `/-/` nothing closes.
  delimiter.lastIndex = start + 3;
  let depth = 1;
  for (let found = delimiter.exec(text); found !== null; found = delimiter.exec(text)) {
    depth += found[0] === '/-' ? 1 : -1;
    if (depth === 0) return delimiter.lastIndex;
  }
  return undefined;
}

/** Where a raw string ends whose content starts at `start`. */
export function endOfRawString(text: string, start: number, closer: string): number | undefined {
  const found = text.indexOf(closer, start);
  return found < 0 ? undefined : found + closer.length;
}

/**
 * Reads a string's content from `start` on, to its closing quote or, in an interpolated one, to the `{` that opens
 * code. Undefined where the text ends first.
 */
export function scanString(
  text: string,
  start: number,
  interpolated: boolean,
): { readonly end: number; readonly closed: boolean } | undefined {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') return { end: at + 1, closed: true };
    else if (interpolated && character === '{') return { end: at + 1, closed: false };
  }
  return undefined;
}

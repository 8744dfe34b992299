/** A code block whose fence no line of the code can close. */
export function fenced(code: string, info: string): string {
  let fence = '```';
  for (const [run] of code.matchAll(/`{3,}/g))
    if (run.length >= fence.length) fence = '`'.repeat(run.length + 1);
  return `${fence}${info}\n${code.replace(/^\n+|\n+$/g, '')}\n${fence}`;
}

/** A text of at most about `max` code units: of a longer one, two thirds of the room show its start, one its end. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, Math.ceil((max * 2) / 3));
  const tail = text.slice(text.length - Math.floor(max / 3));
  const left = text.length - head.length - tail.length;
  return `${wellFormed(head)} … [${left} characters left out] … ${wellFormed(tail)}`;
}

/** Without the half of a surrogate pair that a cut may leave at either end. */
const wellFormed = (text: string): string => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');

/** The offset in UTF-16 of a column in code points, within the line. */
export function offsetOfColumn(line: string, column: number): number {
  let offset = 0;
  for (let at = 0; at < column && offset < line.length; at++) {
    offset += (line.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

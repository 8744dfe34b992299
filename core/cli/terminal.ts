import process from 'node:process';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: NodeJS.WritableStream & { isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
}

export const standardTerminal: Terminal = { out: process.stdout, err: process.stderr };

/** A reader that has seen enough, such as `head`, closes its pipe: no fault, and no reason to end a run. */
export function allowClosedPipes({ out, err }: Terminal): void {
  for (const stream of [out, err]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Rows under headings, padded to columns; numbers to the right. */
export function formatTable(
  headings: readonly string[],
  contents: readonly (readonly (string | number)[])[],
): string {
  const rows = contents.map((row) => row.map((cell) => (typeof cell === 'number' ? cell : flat(cell))));
  const widths = headings.map((heading, i) =>
    rows.reduce((most, row) => Math.max(most, width(String(row[i] ?? ''))), width(heading)),
  );
  const isNumeric = headings.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'),
  );
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, i) => {
        const blanks = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(String(cell))));
        return isNumeric[i] ? blanks + String(cell) : String(cell) + blanks;
      })
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((w) => '─'.repeat(w))), ...rows.map(line)].join('\n');
}

/** Columns that a text takes, near enough: one for each character. */
function width(text: string): number {
  return Array.from(text).length;
}

/** `8 ms`, `3.2 s`, `4 min 5 s`, `2 h 3 min`. Rounds first: what is nearly a minute is not `60.0 s`. */
export function formatDuration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const tenths = Math.round(seconds * 10);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `812 B`, `3.4 MB`: decimal units, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const text = (value: number, unit: number): string => value.toFixed(unit > 0 && value < 9.95 ? 1 : 0);
  let value = bytes;
  let unit = 0;
  while (Number(text(value, unit)) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${text(value, unit)} ${units[unit] ?? ''}`;
}

/**
 * A text that somebody else wrote, made fit for a terminal: control characters, which could hide what is there or have
 * the terminal do something, become `�`. Line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}

/** Cuts a text to one line of at most `length` characters. */
export function oneLine(text: string, length = 100): string {
  const characters = Array.from(flat(text).trim());
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

const flat = (text: string): string => printable(text.replace(/\s+/g, ' '));

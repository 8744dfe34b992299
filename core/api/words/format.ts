const number = new Intl.NumberFormat('en');
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export const count = (value: number): string => number.format(value);

/** `1 proof`, `2 proofs`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Decimal units, as disks and downloads are sold. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${UNITS[power] ?? 'B'}`;
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const dateTimeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

export const date = (at: number): string => dateFormat.format(at);
export const dateTime = (at: number): string => dateTimeFormat.format(at);

/** The time of day; with the date where it is not today's. */
export const clock = (at: number, now: number): string =>
  dateFormat.format(at) === dateFormat.format(now) ? timeFormat.format(at) : dateTimeFormat.format(at);

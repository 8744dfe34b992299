import type { Environment } from '../../core/record/index.ts';

const number = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const count = (value: number): string => number.format(value);
/** `12.3K`: where room is short. */
export const compactCount = (value: number): string => compact.format(value);

/** `1 proof`, `2 proofs`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as disks and downloads are sold. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${UNITS[power] ?? 'B'}`;
}

/** `8 ms`, `4.2 s`, `3 min 20 s`, `5 h 12 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${count(hours)} h` : `${count(hours)} h ${minutes % 60} min`;
}

/** How long ago, in the words one would say. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 30 * DAY) return plural(Math.floor(past / DAY), 'day') + ' ago';
  return date(at);
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const dateTimeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

export const date = (at: number): string => dateFormat.format(at);
export const dateTime = (at: number): string => dateTimeFormat.format(at);

/** The time of day; with the date where it is not today's. */
export const clock = (at: number, now: number): string =>
  dateFormat.format(at) === dateFormat.format(now) ? timeFormat.format(at) : dateTimeFormat.format(at);

/** The two ends of an id, which is how people compare them. */
export const shortId = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 6)}…${id.slice(-6)}`);

export const environmentLabel = (environment: Environment): string =>
  environment.library === 'core'
    ? `Lean ${environment.lean}`
    : `Lean ${environment.lean} · Mathlib ${environment.revision.slice(0, 12)}`;

/** A file name that every system takes. */
export const fileNameOf = (name: string, ending: string): string =>
  `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80) || 'theorem'}.${ending}`;

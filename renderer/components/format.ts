import { count, date, plural } from '../../core/api/words/index.ts';
import type { Environment } from '../../core/record/index.ts';

export { bytes, clock, count, date, dateTime, plural } from '../../core/api/words/index.ts';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12.3K`: where room is short. */
export const compactCount = (value: number): string => compact.format(value);

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

/** The two ends of an id, which is how people compare them. */
export const shortId = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 6)}…${id.slice(-6)}`);

export const environmentLabel = (environment: Environment): string =>
  environment.library === 'core'
    ? `Lean ${environment.lean}`
    : `Lean ${environment.lean} · Mathlib ${environment.revision.slice(0, 12)}`;

/** A file name that every system takes. */
export const fileNameOf = (name: string, ending: string): string =>
  `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80) || 'theorem'}.${ending}`;

import { localDay } from './hours.ts';

export interface CalendarDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly proofs: number;
  /** 0 nothing, to 4. */
  readonly level: 0 | 1 | 2 | 3 | 4;
}

const WEEKS = 53;
const DAYS = 7;

/** The last year in columns of weeks that begin on Monday, today in the last; the days to come are left out. */
export function calendarWeeks(
  days: readonly { readonly day: string; readonly proofs: number }[],
  today: Date,
): CalendarDay[][] {
  const proofs = new Map(days.map(({ day, proofs: found }) => [day, found]));
  const most = Math.max(1, ...proofs.values());
  const weekday = (today.getDay() + 6) % 7;
  return Array.from({ length: WEEKS }, (_, week) =>
    Array.from({ length: DAYS }, (__, index) => (week - WEEKS + 1) * DAYS + index - weekday)
      .filter((offset) => offset <= 0)
      .map((offset) => {
        // Noon, so that the change to summer time moves no day.
        const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset, 12);
        const day = localDay(date);
        const found = proofs.get(day) ?? 0;
        return { day, proofs: found, level: levelOf(found, most) };
      }),
  );
}

function levelOf(found: number, most: number): CalendarDay['level'] {
  if (found === 0) return 0;
  return Math.min(4, Math.ceil((found / most) * 4)) as CalendarDay['level'];
}

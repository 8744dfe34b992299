import type { ScheduleSpan } from '../../api/index.ts';

const DAYS = 7;

/** Whether a moment lies within a weekly schedule, in local time. */
export function isScheduled(spans: readonly ScheduleSpan[], at: Date): boolean {
  return spans.some((span) =>
    // A span may have begun yesterday and go past midnight.
    [0, -1].some((offset) => {
      const occurrence = occurrenceOn(span, at, offset);
      return occurrence !== undefined && occurrence.from <= at && at < occurrence.to;
    }),
  );
}

/** When the schedule next changes between on and off, at the latest in eight days; undefined where it never does. */
export function nextChange(spans: readonly ScheduleSpan[], at: Date): Date | undefined {
  const now = isScheduled(spans, at);
  const edges = spans.flatMap((span) =>
    Array.from({ length: DAYS + 3 }, (_, i) => occurrenceOn(span, at, i - 1)).flatMap((occurrence) =>
      occurrence === undefined ? [] : [occurrence.from, occurrence.to],
    ),
  );
  return edges
    .filter((edge) => edge > at)
    .sort((a, b) => a.getTime() - b.getTime())
    .find((edge) => isScheduled(spans, edge) !== now);
}

/** The span as it is on the day so many days from `at`, where it begins on that day. */
function occurrenceOn(span: ScheduleSpan, at: Date, offset: number): { from: Date; to: Date } | undefined {
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate() + offset);
  if (!span.days.includes(day.getDay())) return undefined;
  const from = atTime(day, span.from, 0);
  const sameDay = atTime(day, span.to, 0);
  // Built from calendar fields, not by adding hours: days on which clocks change are 23 or 25 hours long.
  return { from, to: span.to > span.from ? sameDay : atTime(day, span.to, 1) };
}

function atTime(day: Date, time: string, plusDays: number): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + plusDays, hours, minutes);
}

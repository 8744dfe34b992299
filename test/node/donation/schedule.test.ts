import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isScheduled, nextChange } from '../../../core/node/donation/index.ts';
import type { ScheduleSpan } from '../../../core/api/index.ts';

const at = (text: string): Date => new Date(text);
const weekdays = [1, 2, 3, 4, 5];

describe('a weekly schedule', () => {
  const office: ScheduleSpan = { days: weekdays, from: '09:00', to: '17:00' };
  const nights: ScheduleSpan = { days: [5], from: '22:00', to: '06:00' };

  test.each([
    // 2026-01-02 is a Friday.
    ['2026-01-02T08:59:59', office, false],
    ['2026-01-02T09:00:00', office, true],
    ['2026-01-02T16:59:59', office, true],
    ['2026-01-02T17:00:00', office, false],
    ['2026-01-03T12:00:00', office, false],
    ['2026-01-02T22:00:00', nights, true],
    ['2026-01-03T05:59:00', nights, true],
    ['2026-01-03T06:00:00', nights, false],
    ['2026-01-02T05:00:00', nights, false],
    ['2026-01-03T23:00:00', nights, false],
  ])('at %s', (time, span, expected) => {
    expect(isScheduled([span], at(time))).toBe(expected);
  });

  test('a span from a time to the same time is a day long', () => {
    const day: ScheduleSpan = { days: [5], from: '08:00', to: '08:00' };
    expect(isScheduled([day], at('2026-01-03T07:59:00'))).toBe(true);
    expect(isScheduled([day], at('2026-01-03T08:00:00'))).toBe(false);
  });

  test('tells its next change across a weekend', () => {
    expect(nextChange([office], at('2026-01-02T18:00:00'))).toEqual(at('2026-01-05T09:00:00'));
    expect(nextChange([office], at('2026-01-05T12:00:00'))).toEqual(at('2026-01-05T17:00:00'));
  });

  test('spans that touch are one', () => {
    const spans = [office, { days: weekdays, from: '17:00', to: '20:00' }];
    expect(nextChange(spans, at('2026-01-05T12:00:00'))).toEqual(at('2026-01-05T20:00:00'));
  });

  test('one that is always on never changes', () => {
    const always: ScheduleSpan = { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '00:00' };
    expect(isScheduled([always], at('2026-01-02T00:00:00'))).toBe(true);
    expect(nextChange([always], at('2026-01-02T12:00:00'))).toBeUndefined();
  });

  test('between now and the next change nothing changes, and there it does', () => {
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${pad(h)}:${pad(m)}`);
    const span = fc.record({
      days: fc.uniqueArray(fc.nat(6), { minLength: 1 }),
      from: time,
      to: time,
    });
    const moments = fc.date({
      min: at('2026-01-01T00:00:00'),
      max: at('2027-01-01T00:00:00'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 4 }),
        moments,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (spans, now, share) => {
          const change = nextChange(spans, now);
          const on = isScheduled(spans, now);
          const end = change?.getTime() ?? now.getTime() + 7 * 86_400_000;
          const between = new Date(now.getTime() + (end - now.getTime()) * share);
          expect(isScheduled(spans, between)).toBe(on);
          if (change !== undefined) expect(isScheduled(spans, change)).toBe(!on);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const pad = (n: number): string => String(n).padStart(2, '0');

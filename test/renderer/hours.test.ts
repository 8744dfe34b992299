import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourLines, hours, hoursByDay, SHOWN_DAYS } from '../../renderer/views/contributions/hours.ts';

describe('hours', () => {
  it('are figures, and little is not nothing', () => {
    expect([0, 1, 359, 360, 5000, 15_120, 360_000, 4_334_400].map(hours)).toEqual([
      '0',
      '< 0.1',
      '< 0.1',
      '0.1',
      '1.4',
      '4.2',
      '100',
      '1,204',
    ]);
  });

  it('of the last days are a row without gaps, over a change to summer time too', () => {
    const day = { gpuSeconds: 3, cpuSeconds: 4, leanSeconds: 5 };
    const worked = [
      { day: '2026-03-01', ...day },
      { day: '2026-03-29', ...day },
      { day: '2025-01-01', ...day },
    ];
    const shown = hoursByDay(worked, new Date(2026, 2, 30, 0, 5));
    expect(shown.length).toBe(SHOWN_DAYS);
    expect(new Set(shown.map((one) => one.day)).size).toBe(SHOWN_DAYS);
    expect(shown[0]).toEqual({ day: '2026-03-01', gpuSeconds: 3, cpuSeconds: 9 });
    expect(shown.slice(-2)).toEqual([
      { day: '2026-03-29', gpuSeconds: 3, cpuSeconds: 9 },
      { day: '2026-03-30', gpuSeconds: 0, cpuSeconds: 0 },
    ]);
  });

  it('have lines at round numbers, none of them needless', () => {
    expect(hourLines(11.1 * 3600)).toEqual([0, 5, 10, 15]);
    expect(hourLines(24 * 3600)).toEqual([0, 10, 20, 30]);
    expect(hourLines(0)).toEqual([0, 0.05, 0.1]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (most) => {
        const lines = hourLines(most);
        const last = lines.at(-1) ?? 0;
        expect(last * 3600).toBeGreaterThanOrEqual(most * 0.999);
        expect(lines.length).toBeGreaterThanOrEqual(2);
        expect(lines.length).toBeLessThanOrEqual(4);
        expect((lines.at(-2) ?? 0) * 3600).toBeLessThan(Math.max(most, 360) * 1.001);
      }),
    );
  });
});

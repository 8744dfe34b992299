const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `0`, `< 0.1`, `4.2`, `1,204`: hours as a figure. */
export function hours(seconds: number): string {
  const value = seconds / 3600;
  if (value <= 0) return '0';
  if (value < 0.1) return '< 0.1';
  return (value < 100 ? number : whole).format(value);
}

export interface HoursDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly gpuSeconds: number;
  /** A model on the processors, and Lean. */
  readonly cpuSeconds: number;
}

interface Worked {
  readonly day: string;
  readonly gpuSeconds: number;
  readonly cpuSeconds: number;
  readonly leanSeconds: number;
}

export const SHOWN_DAYS = 30;

/** The last days, today the last; days without work are zeros. */
export function hoursByDay(worked: readonly Worked[], today: Date): HoursDay[] {
  const known = new Map(worked.map((one) => [one.day, one]));
  return Array.from({ length: SHOWN_DAYS }, (_, index) => {
    // Noon, so that the change to summer time moves no day.
    const offset = index - SHOWN_DAYS + 1;
    const day = localDay(new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset, 12));
    const { gpuSeconds = 0, cpuSeconds = 0, leanSeconds = 0 } = known.get(day) ?? {};
    return { day, gpuSeconds, cpuSeconds: cpuSeconds + leanSeconds };
  });
}

const two = (value: number): string => String(value).padStart(2, '0');
export const localDay = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

const STEPS = [1, 2, 5, 10];

/** Where lines are drawn: at two to four round numbers of hours, from 0 on; the last is not below the highest bar. */
export function hourLines(mostSeconds: number): number[] {
  // Less than six minutes a day fill no chart.
  const most = Math.max(mostSeconds / 3600, 0.1);
  const power = 10 ** Math.floor(Math.log10(most / 3));
  const step = (STEPS.find((factor) => factor * power * 3 >= most) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, times) =>
    Number((times * step).toPrecision(3)),
  );
}

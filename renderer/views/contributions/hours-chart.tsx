import { Empty } from '../../components/controls.tsx';
import { hourLines, hours, hoursByDay, SHOWN_DAYS, type HoursDay } from './hours.ts';

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
/** Between two days that are named. */
const NAMED_EVERY = 7;

/** The last month, a bar a day: what a card did, and on top of it what the processors did. */
export function HoursChart({ days }: { readonly days: Parameters<typeof hoursByDay>[0] }) {
  const shown = hoursByDay(days, new Date());
  const sum = (of: (day: HoursDay) => number): number => shown.reduce((all, day) => all + of(day), 0);
  const [gpu, cpu] = [sum(({ gpuSeconds }) => gpuSeconds), sum(({ cpuSeconds }) => cpuSeconds)];
  return (
    <section className="card" aria-labelledby="hours">
      <div className="card-head">
        <h2 id="hours">The last {SHOWN_DAYS} days</h2>
        <div className="row small muted">
          <span className="legend">{hours(gpu)} GPU hours</span>
          <span className="legend" data-series="cpu">
            {hours(cpu)} CPU hours
          </span>
        </div>
      </div>
      {gpu + cpu === 0 ? (
        <Empty icon="model" title="No hours yet">
          They are counted while a model or Lean works on statements here, yours as well as the swarm’s.
        </Empty>
      ) : (
        <Bars
          days={shown}
          label={`${hours(gpu)} GPU hours and ${hours(cpu)} CPU hours in the last ${SHOWN_DAYS} days`}
        />
      )}
    </section>
  );
}

function Bars({ days, label }: { readonly days: readonly HoursDay[]; readonly label: string }) {
  const lines = hourLines(Math.max(...days.map(({ gpuSeconds, cpuSeconds }) => gpuSeconds + cpuSeconds)));
  const top = (lines.at(-1) ?? 1) * 3600;
  const height = (seconds: number): string => `${(seconds / top) * 100}%`;
  return (
    <div className="hours" role="img" aria-label={label}>
      <div className="hours-lines">
        {lines.map((line) => (
          <span key={line} className="hours-line" style={{ bottom: height(line * 3600) }}>
            <span className="hours-scale">{line === 0 ? '0' : `${line} h`}</span>
          </span>
        ))}
      </div>
      <div className="hours-bars">
        {days.map(({ day, gpuSeconds, cpuSeconds }, index) => (
          <div
            key={day}
            className="hours-day"
            title={`${day}: ${hours(gpuSeconds)} GPU hours, ${hours(cpuSeconds)} CPU hours`}
          >
            <span className="hours-bar" data-series="cpu" style={{ height: height(cpuSeconds) }} />
            <span className="hours-bar" style={{ height: height(gpuSeconds) }} />
            {(days.length - 1 - index) % NAMED_EVERY === 0 && (
              <span className="hours-name">{DAY.format(new Date(day))}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

import { plural } from '../../components/format.ts';
import { calendarWeeks } from './calendar-weeks.ts';

const MONTH = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' });
type Week = ReturnType<typeof calendarWeeks>[number];

const monthOf = (week: Week | undefined): string | undefined => week?.[0]?.day.slice(0, 7);
/** The first week of what is shown has no room for a name beside the next month's. */
const beginsMonth = (week: Week, before: Week | undefined): boolean =>
  before !== undefined && monthOf(week) !== monthOf(before);

interface CalendarProps {
  readonly days: readonly { readonly day: string; readonly proofs: number }[];
}

/** A year of days, darker where more was proved. */
export function Calendar({ days }: CalendarProps) {
  const weeks = calendarWeeks(days, new Date());
  const total = days.reduce((sum, { proofs }) => sum + proofs, 0);
  const active = days.filter(({ proofs }) => proofs > 0).length;
  return (
    <div className="calendar-scroll" tabIndex={0} role="region" aria-label="Calendar">
      <div
        className="calendar"
        role="img"
        aria-label={`${plural(total, 'proof')} on ${plural(active, 'day')} of the last year`}
      >
        {weeks.map((week, index) => (
          <div key={index} className="calendar-week">
            {beginsMonth(week, weeks[index - 1]) && (
              <span className="calendar-month">{MONTH.format(new Date(week[0]?.day ?? 0))}</span>
            )}
            {week.map(({ day, proofs, level }) => (
              <span
                key={day}
                className="calendar-day"
                data-level={level}
                title={`${day}: ${plural(proofs, 'proof')}`}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

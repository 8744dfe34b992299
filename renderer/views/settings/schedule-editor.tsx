import type { ScheduleSpan } from '../../../core/api/index.ts';
import { Button } from '../../components/controls.tsx';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
/** A week begins on Monday here. */
const ORDER = [1, 2, 3, 4, 5, 6, 0] as const;
const MOST = 50;

interface ScheduleEditorProps {
  readonly spans: readonly ScheduleSpan[];
  readonly onChange: (spans: ScheduleSpan[]) => void;
}

/** Parts of the week in which the machine may work. */
export function ScheduleEditor({ spans, onChange }: ScheduleEditorProps) {
  const set = (index: number, change: Partial<ScheduleSpan>): void =>
    onChange(spans.map((span, other) => (other === index ? { ...span, ...change } : span)));
  const toggle = (index: number, span: ScheduleSpan, day: number): void => {
    const days = span.days.includes(day) ? span.days.filter((other) => other !== day) : [...span.days, day];
    if (days.length > 0) set(index, { days });
  };
  return (
    <div className="stack">
      {spans.map((span, index) => (
        <fieldset className="span" key={index}>
          <legend className="visually-hidden">Part {index + 1} of the week</legend>
          <div className="row">
            {ORDER.map((day) => (
              <label className="day" key={day}>
                <input
                  type="checkbox"
                  checked={span.days.includes(day)}
                  onChange={() => toggle(index, span, day)}
                />
                <span aria-hidden="true">{DAYS[day].slice(0, 2)}</span>
                <span className="visually-hidden">{DAYS[day]}</span>
              </label>
            ))}
          </div>
          <div className="row">
            <input
              type="time"
              className="input input-number"
              aria-label="From"
              value={span.from}
              onChange={({ target }) => target.value !== '' && set(index, { from: target.value })}
            />
            <span className="muted">to</span>
            <input
              type="time"
              className="input input-number"
              aria-label="To"
              value={span.to}
              onChange={({ target }) => target.value !== '' && set(index, { to: target.value })}
            />
            {span.to <= span.from && <span className="small faint">of the next day</span>}
            {spans.length > 1 && (
              <Button
                kind="quiet"
                small
                icon="trash"
                aria-label={`Remove part ${index + 1}`}
                onClick={() => onChange(spans.filter((_, other) => other !== index))}
              />
            )}
          </div>
        </fieldset>
      ))}
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={spans.length >= MOST}
          onClick={() => onChange([...spans, { days: [0, 6], from: '09:00', to: '18:00' }])}
        >
          Add a part of the week
        </Button>
      </div>
    </div>
  );
}

import { useState } from 'react';
import { Field } from '../../components/controls.tsx';

interface OptionalLimitProps {
  readonly label: string;
  readonly unit: string;
  /** What one of the unit is in the setting. */
  readonly scale: number;
  readonly max: number;
  /** What holds where there is no number; `no limit` unless set. */
  readonly otherwise?: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A number, or nothing: then there is no limit. Taken over when the field is left. */
export function OptionalLimit({
  label,
  unit,
  scale,
  max,
  otherwise = 'no limit',
  value,
  onChange,
}: OptionalLimitProps) {
  const [typed, setTyped] = useState<string>();
  const shown = value === undefined ? '' : String(value / scale);
  const take = (): void => {
    if (typed === undefined) return;
    const number = Number(typed);
    setTyped(undefined);
    if (typed.trim() === '') onChange(undefined);
    else if (Number.isFinite(number) && number > 0) onChange(Math.min(number, max) * scale);
  };
  return (
    <Field label={label} hint={unit}>
      {(ids) => (
        <input
          {...ids}
          className="input input-number"
          type="number"
          min={0}
          max={max}
          step="any"
          placeholder={otherwise}
          value={typed ?? shown}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={take}
          onKeyDown={({ key }) => key === 'Enter' && take()}
        />
      )}
    </Field>
  );
}

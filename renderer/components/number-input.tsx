import { useState } from 'react';

interface NumberInputProps {
  readonly id: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

/** A number within bounds: what is typed counts once it is one, and is put right when the field is left. */
export function NumberInput({ value, min, max, step = 1, onChange, ...ids }: NumberInputProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <input
      {...ids}
      className="input input-number"
      type="number"
      inputMode="numeric"
      value={typed ?? value}
      min={min}
      max={max}
      step={step}
      onChange={({ target }) => {
        setTyped(target.value);
        const next = target.valueAsNumber;
        if (Number.isFinite(next) && next >= min && next <= max && (step !== 1 || Number.isInteger(next)))
          onChange(next);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

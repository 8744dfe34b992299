import { useState } from 'react';
import { Field } from '../../components/controls.tsx';

interface TextOptionProps {
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A text that may be absent; taken over when the field is left. */
export function TextOption({ label, hint, placeholder, value, onChange }: TextOptionProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          spellCheck={false}
          placeholder={placeholder}
          value={typed ?? value ?? ''}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => {
            if (typed !== undefined) onChange(typed.trim() === '' ? undefined : typed.trim());
            setTyped(undefined);
          }}
        />
      )}
    </Field>
  );
}

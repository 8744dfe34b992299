import { useState } from 'react';

interface TextListProps {
  readonly id: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly value: readonly string[];
  readonly placeholder: string;
  /** Resolves with whether it was taken: what was not stays to be mended. */
  readonly onChange: (value: string[]) => Promise<boolean>;
}

/** Several short texts, a line each; taken over when the field is left. */
export function TextList({ value, onChange, ...rest }: TextListProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <textarea
      {...rest}
      className="textarea mono"
      rows={Math.max(2, value.length + 1)}
      spellCheck={false}
      value={typed ?? value.join('\n')}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => {
        if (typed === undefined) return;
        const lines = typed.split('\n').map((line) => line.trim());
        void onChange(lines.filter((line) => line !== '')).then((taken) => {
          if (taken) setTyped((now) => (now === typed ? undefined : now));
        });
      }}
    />
  );
}

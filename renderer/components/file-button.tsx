import { useRef, useState } from 'react';
import { MAX_IMPORT_TEXT } from '../../core/api/index.ts';
import { Button } from './controls.tsx';
import { bytes } from './format.ts';

interface FileButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly pending?: boolean;
  readonly onText: (text: string, fileName: string) => unknown;
}

/** Reads a text file that the user picks on their own machine. */
export function FileButton({ label, accept, pending = false, onText }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string>();
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > MAX_IMPORT_TEXT) {
      setError(`${file.name} is larger than ${bytes(MAX_IMPORT_TEXT)}.`);
      return;
    }
    try {
      const text = await file.text();
      setError(undefined);
      onText(text, file.name);
    } catch {
      // It was moved, or belongs to somebody else.
      setError(`${file.name} could not be read.`);
    }
  };
  return (
    <>
      <Button icon="upload" small pending={pending} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        onChange={({ target }) => {
          void read(target.files?.[0]);
          target.value = '';
        }}
      />
      {error !== undefined && (
        <span role="alert" className="error-text">
          {error}
        </span>
      )}
    </>
  );
}

import { useEffect, useState } from 'react';
import { Button } from './controls.tsx';

/** Copies, and says that it did. */
export function CopyButton({
  text,
  label = 'Copy',
  small = false,
}: {
  text: string;
  label?: string;
  small?: boolean;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  const said = { idle: label, copied: 'Copied', refused: 'The system refused' }[state];
  return (
    <Button icon={state === 'copied' ? 'check' : 'copy'} small={small} onClick={copy}>
      <span aria-live="polite">{said}</span>
    </Button>
  );
}

/** Gives the user a file. */
export function saveFile(fileName: string, content: string | Blob): void {
  const blob =
    typeof content === 'string' ? new Blob([content], { type: 'text/plain;charset=utf-8' }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

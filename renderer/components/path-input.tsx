import { desktop } from '../app/transport/open-transport.ts';
import { useAction } from '../store/hooks.ts';
import { Button, Failure } from './controls.tsx';

interface PathInputProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly kind: 'open-file' | 'save-file';
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (path: string) => void;
}

/** A path on the node's machine, to be written or, in the desktop app, picked in the system's own dialog. */
export function PathInput({ kind, value, onChange, ...rest }: PathInputProps) {
  const system = desktop()?.desktop;
  const pick = useAction(async () => {
    // A suggestion is a name: the system's dialog knows best where to begin.
    const name = value.split(/[/\\]/).at(-1) ?? '';
    const picked = await system?.pickPath(kind, ...(name === '' ? [] : [name]));
    if (picked !== undefined) onChange(picked);
  });
  return (
    <>
      <div className="row">
        <input
          {...rest}
          className="input grow"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
        {system !== undefined && (
          <Button pending={pick.pending} onClick={pick.run}>
            Choose
          </Button>
        )}
      </div>
      <Failure error={pick.error} />
    </>
  );
}

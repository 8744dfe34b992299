import type { ReactNode } from 'react';
import type { Loaded as LoadedValue } from '../store/query.ts';
import { Button, Callout, Loading } from './controls.tsx';

interface LoadedProps<T> {
  readonly loaded: LoadedValue<T>;
  readonly label: string;
  readonly reload?: (() => void) | undefined;
  readonly children: (value: T) => ReactNode;
}

/** What was read, or that it is being read, or why it could not be. */
export function Loaded<T>({ loaded, label, reload, children }: LoadedProps<T>) {
  switch (loaded.kind) {
    case 'loading':
      return <Loading label={label} />;
    case 'failed':
      return (
        <Callout
          tone="bad"
          title="This could not be read"
          alert
          actions={
            reload && (
              <Button small icon="retry" onClick={reload}>
                Try again
              </Button>
            )
          }
        >
          {loaded.message}
        </Callout>
      );
    case 'ready':
      return children(loaded.value);
  }
}

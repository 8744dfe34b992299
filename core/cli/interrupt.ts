import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** One Ctrl-C can come twice: from the terminal, and passed on by what started this process. */
const SAME_MS = 300;

/** The first Ctrl-C (or SIGTERM) asks the command to stop cleanly, the second ends it at once. */
export function onInterrupt(terminal: Terminal): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const listener = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > SAME_MS) process.exit(EXIT.interrupted);
      return;
    }
    first = performance.now();
    controller.abort(new Error('interrupted'));
    terminal.err.write('\nStopping; once more to stop at once.\n');
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}

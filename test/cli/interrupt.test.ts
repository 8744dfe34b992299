import { expect, onTestFinished, test, vi } from 'vitest';
import { onInterrupt } from '../../core/cli/interrupt.ts';
import { captured } from './run.ts';

/** The listener that `onInterrupt` adds; calling it does not disturb those of the test runner. */
function interrupted(event: 'SIGINT' | 'SIGTERM'): {
  signal: AbortSignal;
  /** Sends the signal at a time in milliseconds. */
  sendAt: (time: number) => void;
  exit: ReturnType<typeof vi.fn>;
  said: () => string;
  dispose: () => void;
} {
  const before = process.listeners(event);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const now = vi.spyOn(performance, 'now');
  onTestFinished(() => {
    exit.mockRestore();
    now.mockRestore();
  });
  const terminal = captured();
  const interrupt = onInterrupt(terminal);
  const [listener] = process.listeners(event).filter((one) => !before.includes(one));
  return {
    signal: interrupt.signal,
    sendAt: (time) => {
      now.mockReturnValue(time);
      listener?.(event);
    },
    exit,
    said: () => terminal.err.text,
    dispose: () => {
      interrupt.dispose();
      expect(process.listeners(event)).toEqual(before);
    },
  };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s asks to stop, a second one ends the program', (event) => {
  const { signal, sendAt, exit, said, dispose } = interrupted(event);
  expect(signal.aborted).toBe(false);
  sendAt(10_000);
  expect(signal.aborted).toBe(true);
  expect(said()).toBe('\nStopping; once more to stop at once.\n');
  sendAt(11_000);
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  dispose();
});

test('one Ctrl-C that comes twice, from the terminal and from the launcher, is one', () => {
  const { signal, sendAt, exit, said, dispose } = interrupted('SIGINT');
  sendAt(10_000);
  sendAt(10_020);
  expect(signal.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
  expect(said().match(/Stopping/g)).toHaveLength(1);
  dispose();
});

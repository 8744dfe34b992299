import { expect, test } from 'vitest';
import type { LeanProcess } from '../../core/lean/index.ts';
import { LeanWorker } from '../../core/lean/worker.ts';

test('a worker that sends something unintelligible is asked nothing more, though its process be still there', async () => {
  let tell: (message: unknown) => void = () => {};
  let killed = false;
  const process: LeanProcess = {
    pid: undefined,
    send: () => tell('no message of ours'),
    onMessage: (listener) => (tell = listener),
    onExit: () => {},
    kill: () => (killed = true),
  };
  const worker = new LeanWorker(process, { startTimeoutMs: 60_000 });
  tell({ type: 'ready', health: { residentBytes: 0, wasmBytes: 0 } });
  expect(await worker.ask({ op: 'open', imports: ['Init'] }, { timeoutMs: 60_000 })).toEqual({
    kind: 'crashed',
    detail: 'the Lean worker sent something unintelligible',
  });
  expect(worker.alive).toBe(false);
  expect(killed).toBe(true);
});

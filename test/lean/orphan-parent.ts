/** Starts a worker that is busy for a long time, tells its pid, and waits to be killed. */
import { spawnWithNode } from '../../core/lean/index.ts';
import { LeanWorker } from '../../core/lean/worker.ts';
import { PROJECT } from '../support/paths.ts';
import { WORKER_ENTRY } from '../support/lean.ts';

const directory = process.argv[2] ?? '';
const args = [JSON.stringify({ directory, imports: ['Init'], memoryLimitBytes: 2e9 })];
const worker = new LeanWorker(spawnWithNode({ entry: WORKER_ENTRY, args, readable: [directory, PROJECT] }), {
  startTimeoutMs: 60_000,
});
await worker.ready;
const source =
  '\nend proofswarm\npartial def loop (n : Nat) : IO Unit := do if n = 0 then pure () else loop (n + 1)\n#eval loop 1';
void worker.ask({ op: 'elaborate', imports: ['Init'], source }, { timeoutMs: 600_000 });
process.send?.(worker.pid);

import { afterEach } from 'vitest';
import { spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import { LeanPool, type PoolSettings } from '../../core/lean/pool.ts';
import { PREPARED, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

const SETTINGS: PoolSettings = {
  size: 1,
  spares: 1,
  recycleWasmBytes: 1e9,
  recycleResidentBytes: 2e9,
  idleMs: 600_000,
  startTimeoutMs: 60_000,
};

const pools: LeanPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
});

interface OpenPoolInit extends Partial<PoolSettings> {
  readonly memoryLimitBytes?: number;
  /** What the worker is told, where not the usual. */
  readonly told?: object;
  /** Is asked before each start. */
  readonly beforeStart?: () => void;
}

/** A pool of real workers, and the processes it has started; disposed of after the test. */
export function openPool({
  memoryLimitBytes = 2e9,
  told = { directory: PREPARED, imports: ['Init'], memoryLimitBytes },
  beforeStart,
  ...settings
}: OpenPoolInit = {}): { pool: LeanPool; started: LeanProcess[] } {
  const started: LeanProcess[] = [];
  const start = (): LeanProcess => {
    beforeStart?.();
    const args = [JSON.stringify(told)];
    const process = spawnWithNode({ entry: WORKER_ENTRY, args, readable: [PREPARED, PROJECT] });
    started.push(process);
    return process;
  };
  const pool = new LeanPool({ start }, { ...SETTINGS, ...settings });
  pools.push(pool);
  return { pool, started };
}

export const elaborate = (source: string) => ({ op: 'elaborate', imports: ['Init'], source }) as const;
export const EASY = elaborate('theorem a : 1 + 1 = 2 := by decide');
/** Leaves the section in which nothing is compiled, so that `#eval` really runs. */
export const COMPILED = '\nend proofswarm\n';
/** Runs for ever, and heeds no heartbeats. */
export const ENDLESS = elaborate(
  `${COMPILED}partial def loop (n : Nat) : IO Unit := do if n = 0 then pure () else loop (n + 1)\n#eval loop 1`,
);
export const LIMITS = { timeoutMs: 60_000 };

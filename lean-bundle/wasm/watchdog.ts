import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** What the thread beside Lean's is started with. */
export interface WatchdogSettings {
  /** Resident memory of the whole process. */
  readonly limitBytes: number;
  /** Process id of who started this one. */
  readonly parent: number;
  /** Said where the memory has passed the limit. */
  readonly notice: string;
}

/**
 * A thread beside Lean's, which runs while Lean computes: ends the process when its memory passes the limit, and when the
 * process that started it is gone, so that no Lean is left running behind. It imports nothing of ours, as each Lean would pay for it.
 */
const { limitBytes, parent, notice } = workerData as WatchdogSettings;

const INTERVAL_MS = 100;

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.kill(process.pid, 'SIGKILL');
  const { rss } = process.memoryUsage();
  if (rss > limitBytes) {
    writeSync(2, `${notice} (${Math.round(rss / 1e6)} MB)\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}, INTERVAL_MS);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

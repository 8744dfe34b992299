import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { z } from 'zod';

/**
 * A thread beside Lean's, which runs while Lean computes: ends the process when its memory passes the limit, and when the
 * process that started it is gone, so that no Lean is left running behind.
 */
const { limitBytes, parent, notice } = z
  .object({ limitBytes: z.number(), parent: z.number(), notice: z.string() })
  .parse(workerData);

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

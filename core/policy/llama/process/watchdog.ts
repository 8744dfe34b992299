import { workerData } from 'node:worker_threads';
import { z } from 'zod';

/**
 * A thread beside llama.cpp's: ends the process when the one that started it is gone, so that no model is left in memory
 * behind it. A closed channel tells as much, but only to a main thread that is not busy.
 */
const { parent } = z.object({ parent: z.number() }).parse(workerData);

const INTERVAL_MS = 500;

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.kill(process.pid, 'SIGKILL');
}, INTERVAL_MS);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

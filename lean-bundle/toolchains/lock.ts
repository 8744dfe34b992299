import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once where another process holds the lock. */
  readonly onWait?: (pid: number) => void;
  /** How often is looked whether it has become free. */
  readonly pollMs?: number;
}

const BEAT_MS = 5000;
/** A holder that has not shown itself for so long is taken for dead. */
const STALE_MS = 60_000;
const POLL_MS = 500;

/**
 * Does something while no other process does it. The lock is a file with the holder's process id, which it touches as long
 * as it lives; what a killed process left behind is taken over.
 * @throws the signal's reason where it is aborted while waiting
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { signal, onWait, pollMs = POLL_MS } = options;
  await mkdir(path.dirname(file), { recursive: true });
  let told = false;
  while (!(await take(file))) {
    const holder = await liveHolder(file);
    if (holder === undefined) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) onWait?.(holder);
    told = true;
    await sleep(pollMs, undefined, { ...(signal ? { signal } : {}) }).catch(() => {});
    signal?.throwIfAborted();
  }
  const beat = setInterval(() => {
    const now = new Date();
    // Where the file is gone, there is nobody to tell.
    utimes(file, now, now).catch(() => {});
  }, BEAT_MS).unref();
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function liveHolder(file: string): Promise<number | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const age = Date.now() - mtimeMs;
    // It has just been made and not been written yet.
    if (text === '' && age < BEAT_MS) return 0;
    return age < STALE_MS && isAlive(Number(text)) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

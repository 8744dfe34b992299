import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const PREPARED = /^lean-wasm-.+-[0-9a-f]{16}$/;
const MARK = /^(lean-wasm-.+-[0-9a-f]{16})\.use-(\d+)$/;
const SCRATCH = /^lean-wasm-.*\.tmp-(\d+)-/;
const STALE_AFTER_MS = 3_600_000;

/** Says that this process uses a prepared directory. A cache that cannot be written to is used without a word. */
export async function markInUse(directory: string): Promise<void> {
  await writeFile(`${directory}.use-${process.pid}`, '').catch(() => {});
}

/**
 * Removes from a cache what killed preparations left behind, and what other versions prepared that no living process
 * uses. Nothing else that lies there is touched, and what cannot be removed stays: the next one will try again.
 * @param current the name of the directory that this version uses
 */
export async function removeUnused(cacheRoot: string, current: string): Promise<void> {
  const names = await readdir(cacheRoot).catch(() => []);
  const used = await livingMarks(cacheRoot, names);
  for (const name of names) {
    const pid = SCRATCH.exec(name)?.[1];
    if (pid !== undefined) await removeScratch(path.join(cacheRoot, name), Number(pid));
    else if (PREPARED.test(name) && name !== current && !used.has(name)) await retire(cacheRoot, name);
  }
}

/** The directories in use; marks of processes that are gone are removed. */
async function livingMarks(cacheRoot: string, names: readonly string[]): Promise<Set<string>> {
  const used = new Set<string>();
  for (const name of names) {
    const [, directory, pid] = MARK.exec(name) ?? [];
    if (directory === undefined) continue;
    if (isAlive(Number(pid))) used.add(directory);
    else await rm(path.join(cacheRoot, name), { force: true }).catch(() => {});
  }
  return used;
}

/** Moved away first, in one step: whoever comes meanwhile finds it whole or not at all. */
async function retire(cacheRoot: string, name: string): Promise<void> {
  const directory = path.join(cacheRoot, name);
  const aside = `${directory}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await rename(directory, aside);
  } catch {
    // In use where files in use cannot be moved, or another process was faster.
    return;
  }
  const used = await livingMarks(cacheRoot, await readdir(cacheRoot).catch(() => []));
  // Its user marked it after we had looked, and may have looked at it before it was moved.
  const returned = used.has(name) && (await rename(aside, directory).then(done, failed));
  if (!returned) await rm(aside, { recursive: true, force: true }).catch(() => {});
}

async function removeScratch(directory: string, pid: number): Promise<void> {
  const age = Date.now() - ((await stat(directory).catch(() => undefined))?.mtimeMs ?? 0);
  if (isAlive(pid) && age <= STALE_AFTER_MS) return;
  await rm(directory, { recursive: true, force: true }).catch(() => {});
}

const done = (): boolean => true;
const failed = (): boolean => false;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

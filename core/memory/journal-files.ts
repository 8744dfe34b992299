import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { open, readdir, rename, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '../process/index.ts';

/** What the journal needs of a file; tests put failing ones in its place. */
export type JournalFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;
export type OpenJournalFile = (path: string, flags: string) => Promise<JournalFile>;

const SUFFIX = '.journal';
const FREE = 'free-';
const READ_CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Process ids mean something on one host and in one PID namespace only; in a directory shared beyond that, nobody
 * takes another's file for abandoned.
 */
const HOST = createHash('sha256').update(`${hostname()}\0${pidNamespace()}`).digest('hex').slice(0, 12);

/** A name that only this call's caller writes to while its process lives. */
export function ownedName(): string {
  return `live-${HOST}-${process.pid}-${randomBytes(6).toString('hex')}${SUFFIX}`;
}

/** A name that anyone may claim. */
export function freeName(): string {
  return `${FREE}${randomBytes(6).toString('hex')}${SUFFIX}`;
}

/** The journal's files, in no special order. */
export async function listJournal(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(SUFFIX)).sort();
}

/**
 * Takes over a file that nobody writes to: one set free, or one whose writer is dead. Renaming is the lock: of those
 * who try at once, one succeeds. Undefined where there is none.
 */
export async function claimFile(directory: string): Promise<string | undefined> {
  for (const name of await listJournal(directory)) {
    if (!isAbandoned(name)) continue;
    const owned = ownedName();
    try {
      await rename(join(directory, name), join(directory, owned));
      return owned;
    } catch (error) {
      // Another process was quicker, or holds it open (Windows).
      if (!['ENOENT', 'EPERM', 'EBUSY', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }
  return undefined;
}

/** The lines of a file in order; `terminated` is false for what stands behind the last line feed. */
export async function* readLines(
  path: string,
): AsyncGenerator<{ readonly offset: number; readonly line: Buffer; readonly terminated: boolean }> {
  const file = await open(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let offset = 0;
    const chunk = Buffer.alloc(READ_CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = rest.indexOf(10, start); end >= 0; end = rest.indexOf(10, start)) {
        yield { offset: offset + start, line: rest.subarray(start, end), terminated: true };
        start = end + 1;
      }
      rest = rest.subarray(start);
      offset += start;
    }
    if (rest.length > 0) yield { offset, line: rest, terminated: false };
  } finally {
    await file.close();
  }
}

/** Makes a created or renamed name survive a power loss, where the platform can. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAbandoned(name: string): boolean {
  if (name.startsWith(FREE)) return true;
  const [, host, pid] = name.split('-');
  return host === HOST && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

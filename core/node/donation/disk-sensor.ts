import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { known, unknown, type Readings } from './sensors.ts';
import { errorInWords } from '../../process/index.ts';

export interface DiskInit {
  /** What the limit counts: the data directory. */
  readonly data: string;
  /** Whether there is a limit, so that what is used must be known. */
  readonly limited: () => boolean;
}

/** Free and used bytes where the data lies. */
export async function readDisk({ data, limited }: DiskInit, signal: AbortSignal): Promise<Readings['disk']> {
  try {
    const { bavail, bsize } = await statfs(data);
    const freeBytes = bavail * bsize;
    return known(limited() ? { freeBytes, usedBytes: await bytesBelow(data, signal) } : { freeBytes });
  } catch (error) {
    signal.throwIfAborted();
    return unknown(`the disk cannot be looked at: ${errorInWords(error)}`);
  }
}

async function bytesBelow(directory: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const waiting = [directory];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal.throwIfAborted();
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      const file = path.join(next, entry.name);
      if (entry.isDirectory()) waiting.push(file);
      else if (entry.isFile()) bytes += (await stat(file).catch(() => undefined))?.size ?? 0;
    }
  }
  return bytes;
}

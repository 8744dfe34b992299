import { link, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { PREPARED } from './lean.ts';

/** Makes a directory of hard links to the prepared files, without those at its top whose names begin so. */
export async function linkPrepared(directory: string, without: string): Promise<void> {
  await mkdir(directory);
  for (const entry of await readdir(PREPARED, { recursive: true, withFileTypes: true })) {
    if (entry.name.startsWith(without)) continue;
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(directory, path.relative(PREPARED, from));
    await (entry.isDirectory() ? mkdir(to, { recursive: true }) : link(from, to));
  }
}

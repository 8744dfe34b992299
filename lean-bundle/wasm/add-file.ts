import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { PreparedLean } from './prepare.ts';

/** A file's name until it is whole. Named as what a killed preparation leaves, so that it is removed as such. */
export const scratchFile = ({ directory }: PreparedLean): string =>
  `${directory}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Adds a file to a prepared directory in one step. */
export async function addFile(prepared: PreparedLean, file: string, bytes: Uint8Array): Promise<void> {
  const scratch = scratchFile(prepared);
  try {
    await writeFile(scratch, bytes);
    await rename(scratch, file);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => {});
    throw error;
  }
}

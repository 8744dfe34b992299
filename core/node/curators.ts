import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { shippedCuratorsSchema, TrustStore } from '../network/board/index.ts';
import { installation } from './locations.ts';

/** What the program brings along, and whose packs are trusted from the first day. */
export const RESOURCES = path.dirname(installation.starterPack);

/** The curators that the user of a data directory trusts. @throws DamagedBoardFileError */
export async function openTrust(data: string): Promise<TrustStore> {
  const text = await readFile(path.join(RESOURCES, 'curators.json'), 'utf8');
  const shipped = shippedCuratorsSchema.parse(JSON.parse(text) as unknown);
  return TrustStore.open(path.join(data, 'swarm'), shipped);
}

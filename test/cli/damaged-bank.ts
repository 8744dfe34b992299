import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openBank } from '../../core/memory/index.ts';
import type { Proven } from '../memory/proofs.ts';

/** A data directory's bank of these proofs, with a byte in the middle of its journal changed. */
export async function damagedBank(data: string, proven: readonly Proven[]): Promise<void> {
  const bank = await openBank({ directory: path.join(data, 'bank') });
  for (const { proof, signed } of proven) await bank.insert(proof, signed);
  await bank.close();
  const journal = path.join(data, 'bank', 'journal');
  const [name = ''] = await readdir(journal);
  const bytes = await readFile(path.join(journal, name));
  bytes[Math.floor(bytes.length / 2)] = 0x21;
  await writeFile(path.join(journal, name), bytes);
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpenBoard } from '../../network/board/index.ts';
import { decodePack } from '../../record/index.ts';
import { readStatements } from '../../statement/index.ts';
import { EMBEDDED_ENVIRONMENT } from '../embedded-lean.ts';
import { RESOURCES } from '../curators.ts';
import { installation } from '../locations.ts';

const MOST = 10_000;

/** Puts the pack that comes with the program on the board; the user may have taken its curator's trust away. */
export async function putStarterPack(board: OpenBoard): Promise<void> {
  board.acceptPack(decodePack(new Uint8Array(await readFile(path.join(RESOURCES, 'starter.pack')))));
  const wanted = new Set(board.wanted(MOST));
  if (wanted.size === 0) return;
  for await (const entry of readStatements(installation.starterPack, { environment: EMBEDDED_ENVIRONMENT })) {
    if (entry.kind !== 'statement' || !wanted.has(entry.statement.id)) continue;
    // The program's own tests elaborate every one: a new node need not start Lean for it.
    board.knownToElaborate([entry.statement.id]);
    board.putBody(entry.statement);
  }
}

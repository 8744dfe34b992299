import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  contentIdSchema,
  decodeCanonical,
  decodeDisproof,
  decodeNotice,
  decodePack,
  decodeSubmission,
  encodeCanonical,
  encodeDisproof,
  encodeNotice,
  encodePack,
  encodeSubmission,
  InvalidRecordError,
  packNameSchema,
  peerIdSchema,
} from '../../record/index.ts';
import { DamagedBoardFileError } from './errors.ts';
import type { BoardSnapshot } from './types.ts';
import { writeWhole } from '../write-whole.ts';

const FILE = 'board.cbor';

const bytesSchema = z.array(z.instanceof(Uint8Array));
const fileSchema = z.strictObject({
  version: z.literal(1),
  packs: bytesSchema,
  seen: z.array(
    z.strictObject({ curator: peerIdSchema, pack: packNameSchema, version: z.int(), id: contentIdSchema }),
  ),
  submissions: bytesSchema,
  notices: bytesSchema,
  disproofs: bytesSchema,
  elaborated: z.array(contentIdSchema),
});

const EMPTY: BoardSnapshot = {
  packs: [],
  seen: [],
  submissions: [],
  notices: [],
  disproofs: [],
  elaborated: [],
};

/** Writes a snapshot whole or not at all. */
export async function saveBoard(directory: string, snapshot: BoardSnapshot): Promise<void> {
  const bytes = encodeCanonical({
    version: 1,
    packs: snapshot.packs.map(encodePack),
    seen: snapshot.seen,
    submissions: snapshot.submissions.map(encodeSubmission),
    notices: snapshot.notices.map(encodeNotice),
    disproofs: snapshot.disproofs.map(encodeDisproof),
    elaborated: snapshot.elaborated,
  });
  await writeWhole(path.join(directory, FILE), bytes);
}

/**
 * Reads the snapshot; signatures are checked again.
 * @throws DamagedBoardFileError where the file is none, as starting from nothing would forget which versions of packs
 *   were seen
 */
export async function loadBoard(directory: string): Promise<BoardSnapshot> {
  const file = path.join(directory, FILE);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
    throw error;
  }
  try {
    const stored = fileSchema.parse(decodeCanonical(new Uint8Array(bytes), 'board'));
    return {
      packs: stored.packs.map((record) => decodePack(record)),
      seen: stored.seen,
      submissions: stored.submissions.map((record) => decodeSubmission(record)),
      notices: stored.notices.map((record) => decodeNotice(record)),
      disproofs: stored.disproofs.map((record) => decodeDisproof(record)),
      elaborated: stored.elaborated,
    };
  } catch (error) {
    if (error instanceof InvalidRecordError) throw new DamagedBoardFileError(file, error.message);
    if (error instanceof z.ZodError) {
      throw new DamagedBoardFileError(file, z.prettifyError(error).slice(0, 500));
    }
    throw error;
  }
}

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
import { Slice } from '../wire/slice.ts';
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
    packs: await each(snapshot.packs, encodePack),
    seen: snapshot.seen,
    submissions: await each(snapshot.submissions, encodeSubmission),
    notices: await each(snapshot.notices, encodeNotice),
    disproofs: await each(snapshot.disproofs, encodeDisproof),
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
      packs: await each(stored.packs, (record) => decodePack(record)),
      seen: stored.seen,
      submissions: await each(stored.submissions, (record) => decodeSubmission(record)),
      notices: await each(stored.notices, (record) => decodeNotice(record)),
      disproofs: await each(stored.disproofs, (record) => decodeDisproof(record)),
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

/** There may be tens of thousands, and each has a signature to check. */
async function each<T, U>(items: readonly T[], work: (item: T) => U): Promise<U[]> {
  const slice = new Slice();
  const done: U[] = [];
  for (const item of items) {
    if (slice.over) await slice.giveWay();
    done.push(work(item));
  }
  return done;
}

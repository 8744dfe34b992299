import { rename } from 'node:fs/promises';
import { z } from 'zod';
import { peerIdSchema } from '../../record/index.ts';
import { readEntries } from '../read-entries.ts';
import { writeWhole } from '../write-whole.ts';
import { OFFENCE_POINTS, type Offence } from './offences.ts';

const offences = Object.keys(OFFENCE_POINTS) as Offence[];
/** More than so many entries can take, were every character of every detail escaped. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

export const MAX_DETAIL_LENGTH = 200;
/** Peers that are remembered at most. */
export const MAX_ENTRIES = 5000;

/** What is remembered of a peer that was blamed for something. Times are in milliseconds since 1970. */
export const ledgerEntrySchema = z.strictObject({
  peer: peerIdSchema,
  /** As they were at `at`; they fade from then on. */
  points: z.number().nonnegative(),
  at: z.number().nonnegative(),
  /** How often it has been cut off. */
  cutOffs: z.int().nonnegative(),
  /** Until when it is refused; 0 where it is not. */
  until: z.number().nonnegative(),
  offence: z.enum(offences),
  detail: z.string().max(MAX_DETAIL_LENGTH),
});
export type LedgerEntry = Readonly<z.infer<typeof ledgerEntrySchema>>;

const FORMAT = 'proofswarm-reputation';

export interface LoadedLedger {
  readonly entries: readonly LedgerEntry[];
  /** What of the file could not be used, where something could not. */
  readonly damage?: string;
}

/**
 * What was remembered. A damaged file never keeps the node from starting: of single entries only those are forgotten, and what is
 * no such file at all is moved aside.
 * @throws UnreadableFileError
 */
export async function loadLedger(file: string): Promise<LoadedLedger> {
  const read = await readEntries(file, {
    format: FORMAT,
    entry: ledgerEntrySchema,
    maxEntries: MAX_ENTRIES,
    maxBytes: MAX_FILE_BYTES,
  });
  if (read.kind === 'absent') return { entries: [] };
  if (read.kind === 'damaged') {
    await rename(file, `${file}.damaged`).catch(() => undefined);
    return { entries: [], damage: read.detail };
  }
  const { entries, dropped } = read;
  return { entries, ...(dropped > 0 && { damage: `${dropped} of its entries are none, and were left out` }) };
}

/** Replaces the file in one step, so that a crash leaves the old one or the new one. */
export async function saveLedger(file: string, entries: readonly LedgerEntry[]): Promise<void> {
  await writeWhole(file, JSON.stringify({ format: FORMAT, version: 1, peers: entries }));
}

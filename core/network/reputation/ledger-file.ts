import { readFile, rename, stat } from 'node:fs/promises';
import { z } from 'zod';
import { peerIdSchema } from '../../record/index.ts';
import { writeWhole } from '../write-whole.ts';
import { OFFENCE_POINTS, type Offence } from './offences.ts';

const offences = Object.keys(OFFENCE_POINTS) as Offence[];
const MAX_FILE_BYTES = 4 * 1024 * 1024;

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

const fileSchema = z.strictObject({
  format: z.literal('proofswarm-reputation'),
  version: z.literal(1),
  peers: z.array(ledgerEntrySchema).max(MAX_ENTRIES),
});

export interface LoadedLedger {
  readonly entries: readonly LedgerEntry[];
  /** Why the file could not be used, where it could not; it was moved aside. */
  readonly damage?: string;
}

/** What was remembered. A damaged file never keeps the node from starting: it is moved aside, and all are forgotten. */
export async function loadLedger(file: string): Promise<LoadedLedger> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) throw new Error(`${size} bytes, at most ${MAX_FILE_BYTES}`);
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error).slice(0, 300));
    return { entries: parsed.data.peers };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [] };
    await rename(file, `${file}.damaged`).catch(() => undefined);
    return { entries: [], damage: (error as Error).message };
  }
}

/** Replaces the file in one step, so that a crash leaves the old one or the new one. */
export async function saveLedger(file: string, entries: readonly LedgerEntry[]): Promise<void> {
  await writeWhole(file, JSON.stringify({ format: 'proofswarm-reputation', version: 1, peers: entries }));
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { peerIdSchema, textSchema, timestampSchema, type PeerId } from '../../record/index.ts';
import { DamagedBoardFileError, TrustStoreFullError } from './errors.ts';
import { writeWhole } from '../write-whole.ts';

const FILE = 'curators.json';
const MAX_CURATORS = 1000;
const MAX_FILE_BYTES = 1_000_000;

const labelSchema = textSchema(200);
const fileSchema = z.strictObject({
  version: z.literal(1),
  added: z.array(z.strictObject({ key: peerIdSchema, label: labelSchema, addedAt: timestampSchema })),
  /** Shipped keys that the user no longer trusts. */
  removed: z.array(peerIdSchema),
});
type Stored = z.infer<typeof fileSchema>;

/** A key that comes with the program: `resources/statements/curators.json`. */
export const shippedCuratorsSchema = z.array(z.strictObject({ key: peerIdSchema, label: labelSchema }));
export type ShippedCurator = z.infer<typeof shippedCuratorsSchema>[number];

/** A curator whose packs are put on the board. */
export interface Curator {
  readonly key: PeerId;
  readonly label: string;
  /** Whether the key came with the program. */
  readonly shipped: boolean;
}

/**
 * The curators that the user trusts: those that came with the program, less those the user took away, and those the
 * user added. What the user said of a shipped key outlasts updates of the program.
 */
export class TrustStore {
  readonly #file: string;
  readonly #shipped: readonly ShippedCurator[];
  #stored: Stored;
  /** Writes one after another, each whole. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, shipped: readonly ShippedCurator[], stored: Stored) {
    this.#file = file;
    this.#shipped = shipped;
    this.#stored = stored;
  }

  /** @throws DamagedBoardFileError where the file is no trust store: guessing would mean trusting somebody */
  static async open(directory: string, shipped: readonly ShippedCurator[]): Promise<TrustStore> {
    const file = path.join(directory, FILE);
    return new TrustStore(file, shipped, await readStored(file));
  }

  trusts(peer: PeerId): boolean {
    return this.list().some(({ key }) => key === peer);
  }

  /** Shipped keys first. */
  list(): Curator[] {
    const { added, removed } = this.#stored;
    const shipped = this.#shipped.filter(({ key }) => !removed.includes(key));
    return [
      ...shipped.map(({ key, label }) => ({ key, label, shipped: true })),
      ...added
        .filter(({ key }) => !shipped.some((curator) => curator.key === key))
        .map(({ key, label }) => ({ key, label, shipped: false })),
    ];
  }

  /** Returns whether it was not trusted before. @throws TrustStoreFullError, ZodError where the key is no peer id */
  async add(key: PeerId, label: string, now: number): Promise<boolean> {
    peerIdSchema.parse(key);
    labelSchema.parse(label);
    if (this.trusts(key)) return false;
    const { added, removed, version } = this.#stored;
    const isShipped = this.#shipped.some((curator) => curator.key === key);
    if (!isShipped && added.length >= MAX_CURATORS) throw new TrustStoreFullError(MAX_CURATORS);
    await this.#store({
      version,
      added: isShipped ? added : [...added, { key, label, addedAt: now }],
      removed: removed.filter((other) => other !== key),
    });
    return true;
  }

  /** Returns whether it was trusted before. */
  async remove(key: PeerId): Promise<boolean> {
    if (!this.trusts(key)) return false;
    const { added, removed, version } = this.#stored;
    const isShipped = this.#shipped.some((curator) => curator.key === key);
    await this.#store({
      version,
      added: added.filter((curator) => curator.key !== key),
      removed: isShipped ? [...removed, key] : removed,
    });
    return true;
  }

  /** What could not be written does not hold. */
  #store(next: Stored): Promise<void> {
    const before = this.#stored;
    this.#stored = next;
    const writing = this.#writing
      .then(() => writeWhole(this.#file, `${JSON.stringify(next, undefined, 2)}\n`))
      .catch((error: unknown) => {
        if (this.#stored === next) this.#stored = before;
        throw error;
      });
    this.#writing = writing.catch(() => {});
    return writing;
  }
}

async function readStored(file: string): Promise<Stored> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, added: [], removed: [] };
    throw error;
  }
  if (text.length > MAX_FILE_BYTES)
    throw new DamagedBoardFileError(file, `longer than ${MAX_FILE_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DamagedBoardFileError(file, 'no JSON');
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DamagedBoardFileError(file, z.prettifyError(parsed.error).slice(0, 500));
}

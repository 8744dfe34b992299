import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-whole.ts';

/** What was at work: a model on a card, a model on the processors, or Lean. */
export const COMPUTE_KINDS = ['gpu', 'cpu', 'lean'] as const;
export type ComputeKind = (typeof COMPUTE_KINDS)[number];
/** Seconds of each kind. */
export type ComputeSeconds = Readonly<Record<ComputeKind, number>>;

export const MAX_COMPUTE_DAYS = 366;
/** The file is some 30 kB; what is far longer was not written by us. */
const MAX_CHARACTERS = 1_000_000;

const seconds = z.number().min(0).max(1e11);
const secondsShape = { gpu: seconds, cpu: seconds, lean: seconds };
const fileSchema = z.object({
  version: z.literal(1),
  total: z.object(secondsShape),
  days: z.array(z.object({ day: z.iso.date(), ...secondsShape })).max(MAX_COMPUTE_DAYS),
});

/**
 * For how long what was at work, by local day: `compute.json` of the data directory. The last 366 days are kept, and the sum of all.
 * A file that cannot be used is set aside and told of, and counting begins anew.
 */
export class ComputeLog {
  readonly #file: string;
  readonly #days: Map<string, Record<ComputeKind, number>>;
  readonly #total: Record<ComputeKind, number>;
  #unsaved = false;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: string, { total, days }: Pick<z.infer<typeof fileSchema>, 'total' | 'days'>) {
    this.#file = file;
    this.#total = { ...total };
    this.#days = new Map(days.map(({ day, ...of }) => [day, of]));
  }

  /** @param onDamage what of an earlier file could not be read, and where it is now; must not throw */
  static async open(dataDirectory: string, onDamage: (detail: string) => void): Promise<ComputeLog> {
    const file = path.join(dataDirectory, 'compute.json');
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return new ComputeLog(file, NOTHING);
    try {
      if (text.length > MAX_CHARACTERS) throw new SyntaxError('far too long');
      return new ComputeLog(file, fileSchema.parse(JSON.parse(text)));
    } catch {
      await rename(file, `${file}.damaged`);
      onDamage(`${file} cannot be read; it is now ${file}.damaged, and hours are counted from 0`);
      return new ComputeLog(file, NOTHING);
    }
  }

  get total(): ComputeSeconds {
    return { ...this.#total };
  }

  /** Oldest first. */
  get days(): readonly (ComputeSeconds & { readonly day: string })[] {
    return [...this.#days].map(([day, of]) => ({ day, ...of })).sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /** @param day `YYYY-MM-DD` in local time */
  add(kind: ComputeKind, day: string, milliseconds: number): void {
    if (!(milliseconds > 0)) return;
    const of = this.#days.get(day) ?? { gpu: 0, cpu: 0, lean: 0 };
    of[kind] += milliseconds / 1000;
    this.#total[kind] += milliseconds / 1000;
    this.#days.set(day, of);
    if (this.#days.size > MAX_COMPUTE_DAYS) this.#days.delete([...this.#days.keys()].sort()[0] ?? '');
    this.#unsaved = true;
  }

  /** On disk when it resolves, whole or as it was before. Says whether there was anything to save. */
  async save(): Promise<boolean> {
    if (!this.#unsaved) return false;
    this.#unsaved = false;
    const text = `${JSON.stringify({ version: 1, total: this.#total, days: this.days })}\n`;
    const write = this.#last.then(() => writeWhole(this.#file, text));
    this.#last = write.catch(() => undefined);
    try {
      await write;
    } catch (error) {
      this.#unsaved = true;
      throw error;
    }
    return true;
  }
}

const NOTHING = { total: { gpu: 0, cpu: 0, lean: 0 }, days: [] };

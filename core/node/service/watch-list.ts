import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ApiError } from '../../api/index.ts';
import { contentIdSchema, type ContentId } from '../../record/index.ts';
import { writeWhole } from '../write-whole.ts';

const MAX_WATCHED = 1000;
const fileSchema = z.object({ version: z.literal(1), statements: z.array(contentIdSchema).max(MAX_WATCHED) });

/** Statements that the user wants to hear of. A file that cannot be read counts as empty: it is a convenience. */
export class WatchList {
  readonly #file: string;
  #ids: ReadonlySet<ContentId>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, ids: ReadonlySet<ContentId>) {
    this.#file = file;
    this.#ids = ids;
  }

  static async open(dataDirectory: string): Promise<WatchList> {
    const file = path.join(dataDirectory, 'watched.json');
    try {
      const { statements } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      return new WatchList(file, new Set(statements));
    } catch {
      return new WatchList(file, new Set());
    }
  }

  has(id: ContentId): boolean {
    return this.#ids.has(id);
  }

  /** @throws ApiError where the list is full */
  set(id: ContentId, watched: boolean): Promise<void> {
    const next = new Set(this.#ids);
    if (watched) next.add(id);
    else next.delete(id);
    if (next.size > MAX_WATCHED) throw new ApiError('busy', `at most ${MAX_WATCHED} statements are watched`);
    this.#ids = next;
    const write = this.#last.then(() =>
      writeWhole(this.#file, JSON.stringify({ version: 1, statements: [...this.#ids] })),
    );
    this.#last = write.catch(() => undefined);
    return write;
  }
}

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { contentIdSchema, type ContentId } from '../../record/index.ts';

const lineSchema = z.object({
  proof: contentIdSchema,
  name: z.string().max(1000),
  statement: contentIdSchema,
  premises: z.array(contentIdSchema).max(100),
});
type Use = z.infer<typeof lineSchema>;

const SHOWN = 100;

/** Which proofs of this node were found with which others at hand: a file that only grows, a line a proof. */
export class UseLog {
  readonly #file: string;
  readonly #byPremise = new Map<ContentId, Use[]>();
  #reading: Promise<void> | undefined;

  constructor(dataDirectory: string) {
    this.#file = path.join(dataDirectory, 'uses.jsonl');
  }

  /** Statements whose proof was found with this one among its premises, newest first. */
  async of(proof: ContentId): Promise<{ statement: ContentId; name: string }[]> {
    await this.#read();
    const uses = this.#byPremise.get(proof) ?? [];
    return uses
      .slice(-SHOWN)
      .reverse()
      .map(({ statement, name }) => ({ statement, name }));
  }

  async record(use: Use): Promise<void> {
    if (use.premises.length === 0) return;
    await this.#read();
    this.#note(use);
    await mkdir(path.dirname(this.#file), { recursive: true });
    await appendFile(this.#file, `\n${JSON.stringify(use)}`);
  }

  #read(): Promise<void> {
    this.#reading ??= readFile(this.#file, 'utf8').then(
      (text) => {
        for (const line of text.split('\n')) {
          const parsed = parse(line);
          if (parsed !== undefined) this.#note(parsed);
        }
      },
      () => undefined,
    );
    return this.#reading;
  }

  #note(use: Use): void {
    for (const premise of use.premises) {
      const uses = this.#byPremise.get(premise) ?? [];
      uses.push(use);
      this.#byPremise.set(premise, uses);
    }
  }
}

/** A line that a crash cut short is passed over. */
function parse(line: string): Use | undefined {
  if (line === '') return undefined;
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeStatement, type Statement, type StatementRecord } from '../record/index.ts';
import { splitLines } from './json-values.ts';

const FILE = 'statements.jsonl';
/** More than `add` writes of any statement that a peer could give. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** What the statement is, `makeStatement` looks at. */
const lineSchema = z.strictObject({
  statement: z.custom<StatementRecord>(),
  importedAt: z.int().nonnegative(),
});

export interface BoardEntry {
  readonly statement: Statement;
  /** Milliseconds since 1970. */
  readonly importedAt: number;
}

interface StoredBoard {
  readonly entries: readonly BoardEntry[];
  readonly damagedLines: readonly number[];
  readonly bytes: number;
}

/** What a look-up by id, shortened id or name found. */
export type BoardMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly entry: BoardEntry }
  | { readonly kind: 'ambiguous'; readonly entries: readonly BoardEntry[] };

/**
 * The statements that this node knows of: a file that only grows, a line a statement. Several processes may add to it at
 * once; a line that a crash cut short is passed over, and so is a statement that was added twice.
 */
export class StatementBoard {
  readonly file: string;
  readonly #entries = new Map<string, BoardEntry>();
  /** Lines that could not be read, from 1. */
  readonly damagedLines: readonly number[];

  #bytes = 0;

  private constructor(file: string, { entries, damagedLines, bytes }: StoredBoard) {
    this.file = file;
    this.damagedLines = damagedLines;
    this.#bytes = bytes;
    for (const entry of entries) {
      if (!this.#entries.has(entry.statement.id)) this.#entries.set(entry.statement.id, entry);
    }
  }

  /** @param directory made where it does not exist */
  static async open(directory: string): Promise<StatementBoard> {
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, FILE);
    return new StatementBoard(file, await readStored(file));
  }

  /** Length of the file, as far as this process has read and written it. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** In the order of import. */
  entries(): IterableIterator<BoardEntry> {
    return this.#entries.values();
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  get(id: string): BoardEntry | undefined {
    return this.#entries.get(id);
  }

  /**
   * Adds the statements that are not there yet; they are on disk when it returns.
   * @returns how many were new
   */
  async add(statements: readonly Statement[], now: number = Date.now()): Promise<number> {
    const fresh = new Map<string, BoardEntry>();
    for (const statement of statements) {
      if (!this.#entries.has(statement.id)) fresh.set(statement.id, { statement, importedAt: now });
    }
    if (fresh.size === 0) return 0;
    const lines = [...fresh.values()].map(({ statement, importedAt }) =>
      // The id follows from the rest, and is computed anew when the line is read.
      JSON.stringify({ statement: { ...statement, id: undefined }, importedAt }),
    );
    const handle = await open(this.file, 'a');
    try {
      // The leading line end keeps what a crash left unfinished from swallowing the first line.
      const bytes = Buffer.from(`\n${lines.join('\n')}\n`);
      await append(handle, bytes);
      await handle.sync();
      this.#bytes += bytes.length;
    } finally {
      await handle.close();
    }
    for (const [id, entry] of fresh) this.#entries.set(id, entry);
    return fresh.size;
  }

  /** Looks up a name (whole), an id, or the beginning of one. */
  find(query: string): BoardMatch {
    const exact = this.#entries.get(query);
    if (exact !== undefined) return { kind: 'one', entry: exact };
    const entries = [...this.#entries.values()];
    const named = entries.filter(({ statement }) => statement.name === query);
    const found =
      named.length > 0 ? named : entries.filter(({ statement }) => statement.id.startsWith(query));
    const [first, ...others] = found;
    if (first === undefined || query === '') return { kind: 'none' };
    return others.length === 0 ? { kind: 'one', entry: first } : { kind: 'ambiguous', entries: found };
  }
}

/**
 * In one piece, as only then the system keeps what several processes append apart; `appendFile` would cut it up. A
 * piece that comes out short, on a disk that is full, fails with the next.
 */
async function append(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

/** Line by line: the whole may be longer than the longest text. */
async function readStored(file: string): Promise<StoredBoard> {
  const entries: BoardEntry[] = [];
  const damagedLines: number[] = [];
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 });
  try {
    for await (const taken of splitLines(stream, MAX_LINE_BYTES)) {
      const entry = taken.kind === 'value' ? readLine(taken.text) : undefined;
      if (entry === undefined) damagedLines.push(taken.line);
      else entries.push(entry);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { entries, damagedLines, bytes: stream.bytesRead };
}

function readLine(line: string): BoardEntry | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success
      ? { statement: makeStatement(parsed.data.statement), importedAt: parsed.data.importedAt }
      : undefined;
  } catch {
    return undefined;
  }
}

import { mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../process/index.ts';
import { BankDiskFullError, isDiskFull, JournalWriteError } from './errors.ts';
import type { BankListener } from './events.ts';
import {
  claimFile,
  freeName,
  listJournal,
  ownedName,
  readLines,
  syncDirectory,
  type JournalFile,
  type OpenJournalFile,
} from './journal-files.ts';
import { formatLine, parseLine, type JournalEntry } from './journal-line.ts';

export interface JournalInit {
  /** The journal's own directory; made where it is missing. */
  readonly directory: string;
}

export interface JournalComponents {
  readonly openFile: OpenJournalFile;
  readonly emit: BankListener;
}

/**
 * The append-only log that the tables can be rebuilt from. Every open bank appends to a file of its own, so that
 * concurrent writers cannot tear each other's lines and an unfinished tail can be cut off safely; a file whose bank
 * was closed or killed is taken over by the next, so that there are never more files than banks were open at once.
 */
export class Journal {
  readonly #components: JournalComponents;
  readonly #directory: string;
  #path: string | undefined;
  #file: JournalFile | undefined;
  /** Bytes of this file that are known good: where the next line goes. */
  #length = 0;

  private constructor(components: JournalComponents, init: JournalInit) {
    this.#components = components;
    this.#directory = init.directory;
  }

  static async open(components: JournalComponents, init: JournalInit): Promise<Journal> {
    await mkdir(init.directory, { recursive: true });
    const journal = new Journal(components, init);
    await journal.#claim();
    return journal;
  }

  /** All sound entries of all files, duplicates included; damage is reported and passed over. */
  async *entries(): AsyncGenerator<JournalEntry> {
    const done = new Set<string>();
    // A file that another process takes over while we list has another name now: list again.
    for (let names = await listJournal(this.#directory); names.length > 0;) {
      let renamed = false;
      for (const name of names) {
        done.add(name);
        const path = join(this.#directory, name);
        try {
          yield* this.#entriesOf(path);
        } catch (error) {
          if (systemErrorCode(error) !== 'ENOENT') throw error;
          renamed = true;
        }
      }
      names = renamed ? (await listJournal(this.#directory)).filter((name) => !done.has(name)) : [];
    }
  }

  /**
   * Appends entries and returns when they are on the disk: all of them, or none.
   * @throws BankDiskFullError, JournalWriteError
   */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    const bytes = Buffer.concat(entries.map(formatLine));
    try {
      this.#file ??= await this.#create();
      let written = 0;
      while (written < bytes.length) {
        const position = this.#length + written;
        written += (await this.#file.write(bytes, written, bytes.length - written, position)).bytesWritten;
      }
      await this.#file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      await this.#undo();
      if (isDiskFull(error)) throw new BankDiskFullError(this.#directory, 'journal', error);
      throw new JournalWriteError(this.#path ?? this.#directory, error);
    }
  }

  /** Leaves the file to whoever opens the bank next. */
  async close(): Promise<void> {
    const path = this.#path;
    await this.#file?.close();
    this.#file = undefined;
    this.#path = undefined;
    if (path !== undefined) await rename(path, join(this.#directory, freeName()));
  }

  async *#entriesOf(path: string): AsyncGenerator<JournalEntry> {
    for await (const { offset, line, terminated } of readLines(path)) {
      // Another process may be in the middle of this line; whoever takes the file over cuts it off.
      if (!terminated) return;
      const parsed = parseLine(line);
      if (parsed.kind === 'entry') yield parsed.entry;
      if (parsed.kind === 'corrupt') {
        this.#components.emit({ type: 'journal-corrupt', file: path, offset, detail: parsed.detail });
      }
    }
  }

  /** Takes an abandoned file over, if there is one, and cuts off what a crash left unfinished at its end. */
  async #claim(): Promise<void> {
    const name = await claimFile(this.#directory);
    if (name === undefined) return;
    const path = join(this.#directory, name);
    const { size } = await stat(path);
    const length = await lengthOfWholeLines(path, size);
    const file = await this.#components.openFile(path, 'r+');
    if (length < size) {
      await file.truncate(length);
      await file.datasync();
      this.#components.emit({ type: 'journal-torn', file: path, bytes: size - length });
    }
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  async #create(): Promise<JournalFile> {
    const path = join(this.#directory, ownedName());
    const file = await this.#components.openFile(path, 'wx+');
    this.#path = path;
    this.#length = 0;
    await syncDirectory(this.#directory);
    return file;
  }

  /** After a failed append: cut back to what was good, or leave the file for good and start another. */
  async #undo(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    try {
      await file.truncate(this.#length);
    } catch {
      this.#file = undefined;
      await file.close().catch(() => undefined);
    }
  }
}

/** Where the last line feed ends, searched from the back so that a large file costs nothing. */
async function lengthOfWholeLines(path: string, size: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const chunk = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - chunk.length);
      const { bytesRead } = await file.read(chunk, 0, end - start, start);
      const at = chunk.subarray(0, bytesRead).lastIndexOf(10);
      if (at >= 0) return start + at + 1;
      end = start;
    }
    return 0;
  } finally {
    await file.close();
  }
}

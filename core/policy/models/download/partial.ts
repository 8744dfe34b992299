import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DownloadBusyError } from './errors.ts';

/** What is needed to go on with a download, or to see that the file is another one by now. */
export const partialStateSchema = z.strictObject({
  url: z.string(),
  /** Of the whole file. */
  bytes: z.int().nonnegative(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  sha256: z.string().optional(),
});
export type PartialState = z.infer<typeof partialStateSchema>;

const FOLDER = '.partial';
const DATA = 'data';
const STATE = 'state.json';
const FREE = 'free';
const SEPARATOR = '~';
const CLAIM_TRIES = 8;

/** Process ids mean something on one host and in one PID namespace only. */
const HOST = createHash('sha256').update(`${hostname()}\0${pidNamespace()}`).digest('hex').slice(0, 12);

/**
 * What has arrived of a file: a directory of its own, named by the process that works on it. Renaming the directory
 * hands it on, with all that is in it, to exactly one of those who want it.
 */
export class Partial {
  readonly directory: string;
  readonly #folder: string;
  readonly #file: string;

  private constructor(folder: string, file: string, name: string) {
    this.#folder = folder;
    this.#file = file;
    this.directory = path.join(folder, name);
  }

  /**
   * Takes over what an ended process left of the file, or begins anew.
   * @throws DownloadBusyError where a living process works on it
   */
  static async claim(directory: string, file: string): Promise<Partial> {
    const folder = path.join(directory, FOLDER);
    await mkdir(folder, { recursive: true });
    let busy: string | undefined;
    for (let turn = 0; turn < CLAIM_TRIES; turn++) {
      // Two that came at one moment both step back; at another moment, one of them is first.
      if (turn > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * turn));
      busy = (await list(folder, file)).find((name) => !isAbandoned(name));
      if (busy !== undefined) continue;
      const partial = await takeOrMake(folder, file);
      const mine = path.basename(partial.directory);
      busy = (await list(folder, file)).find((name) => name !== mine && !isAbandoned(name));
      if (busy === undefined) return partial;
      await partial.release();
    }
    throw new DownloadBusyError(
      path.join(directory, file),
      ownerOf(busy ?? '').pid,
      path.join(folder, busy ?? ''),
    );
  }

  /** Deletes all that is left of the file, unless a process works on it. */
  static async discardAbandoned(directory: string, file: string): Promise<void> {
    const folder = path.join(directory, FOLDER);
    for (const name of await list(folder, file)) {
      if (isAbandoned(name)) await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }

  static named(folder: string, file: string, name: string): Partial {
    return new Partial(folder, file, name);
  }

  get data(): string {
    return path.join(this.directory, DATA);
  }

  /** Bytes that have arrived. */
  async length(): Promise<number> {
    return stat(this.data).then(
      (found) => found.size,
      () => 0,
    );
  }

  /** Undefined where nothing is known that a download could go on with. */
  async state(): Promise<PartialState | undefined> {
    try {
      const parsed = partialStateSchema.safeParse(
        JSON.parse(await readFile(path.join(this.directory, STATE), 'utf8')),
      );
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  async save(state: PartialState): Promise<void> {
    const file = path.join(this.directory, STATE);
    await writeFile(`${file}.new`, JSON.stringify(state), { flush: true });
    await rename(`${file}.new`, file);
  }

  async clear(): Promise<void> {
    await rm(path.join(this.directory, STATE), { force: true });
    await rm(this.data, { force: true });
  }

  /** Leaves it to whoever wants to go on; what is empty goes. */
  async release(): Promise<void> {
    if ((await this.length()) === 0) return this.remove();
    await rename(this.directory, path.join(this.#folder, nameFor(this.#file, FREE)));
  }

  /** Moves what is complete into place, so that it is there after a power loss too, and deletes the rest. */
  async finish(target: string): Promise<void> {
    const handle = await open(this.data, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.data, target);
    await syncDirectory(path.dirname(target));
    await this.remove();
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function takeOrMake(folder: string, file: string): Promise<Partial> {
  const owned = nameFor(file, HOST);
  // Of several, the one that has come furthest.
  const found = await Promise.all(
    (await list(folder, file)).filter(isAbandoned).map(async (name) => ({
      name,
      length: await Partial.named(folder, file, name).length(),
    })),
  );
  for (const { name } of found.toSorted((a, b) => b.length - a.length)) {
    try {
      await rename(path.join(folder, name), path.join(folder, owned));
      return Partial.named(folder, file, owned);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  await mkdir(path.join(folder, owned));
  return Partial.named(folder, file, owned);
}

async function list(folder: string, file: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.slice(0, name.lastIndexOf(SEPARATOR)) === file);
}

/** `model.gguf~0123456789ab-4711-89abcdef`; the random part keeps two downloads of one process apart. */
const nameFor = (file: string, host: string): string =>
  `${file}${SEPARATOR}${host}-${process.pid}-${randomBytes(6).toString('hex')}`;

function ownerOf(name: string): { host: string; pid: number } {
  const [host = '', pid = ''] = name.slice(name.lastIndexOf(SEPARATOR) + 1).split('-');
  return { host, pid: Number(pid) };
}

function isAbandoned(name: string): boolean {
  const { host, pid } = ownerOf(name);
  return host === FREE || (host === HOST && !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { Unpack, type ReadEntry } from 'tar';
import { ToolchainError } from './errors.ts';

export interface UnpackLimits {
  /** Of the unpacked archive. */
  readonly bytes: number;
  readonly entries: number;
}

export interface UnpackOptions {
  readonly limits: UnpackLimits;
  readonly signal?: AbortSignal | undefined;
  /** Bytes written so far, of the unpacked archive. */
  readonly onProgress?: (bytes: number) => void;
}

/** An official toolchain is some 3 GB in some 25,000 files. */
export const TOOLCHAIN_LIMITS: UnpackLimits = { bytes: 8e9, entries: 200_000 };

const TYPES = new Set(['File', 'OldFile', 'ContiguousFile', 'Directory', 'SymbolicLink', 'Link']);
const PROGRESS_STEP = 32e6;

/**
 * Unpacks a `.tar.zst` archive with a single top directory into a directory of its own, without that top directory. Takes
 * nothing but files, directories, and links that stay inside; an archive with anything else is refused as a whole.
 * @throws ToolchainError where the archive is damaged, too large, or not such an archive; the signal's reason
 */
export async function unpackArchive(
  archive: string,
  directory: string,
  options: UnpackOptions,
): Promise<void> {
  const { limits, signal, onProgress = () => {} } = options;
  const refused = new AbortController();
  const guard = new EntryGuard(limits, (detail) => refused.abort(new ToolchainError('unpack', detail)));
  let bytes = 0;
  let told = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limits.bytes) done(new ToolchainError('unpack', 'the archive is too large when unpacked'));
      else {
        if (bytes - told >= PROGRESS_STEP) onProgress((told = bytes));
        done(null, chunk);
      }
    },
  });
  const unpack = new Unpack({
    cwd: directory,
    strip: 1,
    strict: true,
    preserveOwner: false,
    // Nobody else may change what this user will run.
    umask: 0o022,
    filter: (name, entry) => guard.accepts(name, entry as ReadEntry),
  });
  const either = AbortSignal.any([refused.signal, ...(signal ? [signal] : [])]);
  try {
    await pipeline(createReadStream(archive), createZstdDecompress(), counter, intoUnpack(unpack), {
      signal: either,
    });
  } catch (error) {
    if (refused.signal.aborted) throw refused.signal.reason;
    signal?.throwIfAborted();
    if (error instanceof ToolchainError) throw error;
    throw new ToolchainError('unpack', `the archive cannot be unpacked: ${(error as Error).message}`, {
      cause: error,
    });
  }
  await checkLinks(directory, guard.links);
  onProgress(bytes);
}

/** Links can lead outside together where none does alone. */
async function checkLinks(directory: string, links: readonly string[]): Promise<void> {
  const root = await realpath(directory);
  for (const link of links) {
    const target = await realpath(path.join(root, link)).catch(() => undefined);
    if (target === undefined || !`${target}${path.sep}`.startsWith(`${root}${path.sep}`)) {
      throw new ToolchainError(
        'unpack',
        `the archive holds a link that leads outside or nowhere: ${shown(link)}`,
      );
    }
  }
}

/** `tar` has streams of its own kind; this one is Node's and waits until all files are written. */
function intoUnpack(unpack: Unpack): Transform {
  const ended = Promise.withResolvers<undefined>();
  // Whoever waits for it sees it; a failure before that must not bring the process down.
  ended.promise.catch(() => {});
  unpack.on('error', (error: Error) => ended.reject(error));
  unpack.on('close', () => ended.resolve(undefined));
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const failed = (error: Error): void => done(error);
      if (unpack.write(chunk)) {
        done();
        return;
      }
      unpack.once('error', failed);
      unpack.once('drain', () => {
        unpack.off('error', failed);
        done();
      });
    },
    flush(done) {
      unpack.end();
      ended.promise.then(() => done(), done);
    },
  });
}

class EntryGuard {
  readonly #limits: UnpackLimits;
  readonly #refuse: (detail: string) => void;
  /** Symbolic links met, below the top directory. */
  readonly links: string[] = [];
  #entries = 0;
  #top: string | undefined;

  constructor(limits: UnpackLimits, refuse: (detail: string) => void) {
    this.#limits = limits;
    this.#refuse = refuse;
  }

  accepts(name: string, entry: ReadEntry): boolean {
    const problem = this.#problem(name, entry);
    if (problem !== undefined) this.#refuse(`the archive ${problem}`);
    // No program of an archive runs with another user's rights.
    if (entry.mode !== undefined) entry.mode &= 0o777;
    if (entry.type === 'SymbolicLink') this.links.push(name.split('/').slice(1).join('/'));
    return problem === undefined;
  }

  #problem(name: string, entry: ReadEntry): string | undefined {
    this.#entries++;
    if (this.#entries > this.#limits.entries) return `holds more than ${this.#limits.entries} entries`;
    if (!TYPES.has(entry.type)) return `holds ${shown(name)}, of type ${entry.type}`;
    const parts = partsOf(name);
    if (parts === undefined) return `holds a path that leads outside: ${shown(name)}`;
    const [top, ...inside] = parts;
    this.#top ??= top;
    if (top !== this.#top) return `has more than one top directory: ${shown(name)}`;
    if (entry.type === 'SymbolicLink' && !staysInside(inside, entry.linkpath ?? '')) {
      return `holds a link that leads outside: ${shown(name)}`;
    }
    const target = entry.type === 'Link' ? partsOf(entry.linkpath ?? '') : undefined;
    if (entry.type === 'Link' && target?.[0] !== this.#top)
      return `holds a link that leads outside: ${shown(name)}`;
    return undefined;
  }
}

/** The parts of a path below the archive's root; undefined where it is no such path. */
function partsOf(name: string): string[] | undefined {
  if (name.includes('\0') || name.includes('\\') || path.posix.isAbsolute(name) || /^[A-Za-z]:/.test(name))
    return undefined;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts;
}

/** Whether a relative link at a path ends within the top directory, as do all its steps. */
function staysInside(at: readonly string[], link: string): boolean {
  if (link === '' || link.includes('\0') || link.includes('\\') || path.posix.isAbsolute(link)) return false;
  let depth = at.length - 1;
  for (const part of link.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return false;
  }
  return true;
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 200));

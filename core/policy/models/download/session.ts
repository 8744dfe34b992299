import { createHash, type Hash } from 'node:crypto';
import { open, statfs } from 'node:fs/promises';
import { writeBody } from './body.ts';
import { DiskSpaceError, DownloadFailedError } from './errors.ts';
import type { Partial, PartialState } from './partial.ts';
import { planFor, resumeHeaders, type Expected } from './plan.ts';
import { request, type Answer } from './request.ts';
import { updateFromFile } from './sha256.ts';
import type { DownloadEvent } from './types.ts';

export interface SessionInit {
  readonly partial: Partial;
  readonly url: string;
  readonly directory: string;
  readonly expected: Expected;
  readonly stallMs: number;
  readonly freeBytes: ((directory: string) => Promise<number>) | undefined;
  readonly signal: AbortSignal;
  readonly emit: (event: DownloadEvent) => void;
}

/** Left free, so that the rest of the system can go on. */
const SPARE_BYTES = 512 * 1024 * 1024;

/** The attempts at one file: they share what has arrived, and its hash. */
export class Session {
  readonly #init: SessionInit;
  #hash: Hash = createHash('sha256');
  /** How much of the file the hash has taken in. */
  #hashed = 0;

  constructor(init: SessionInit) {
    this.#init = init;
  }

  /**
   * One attempt: asks for what is missing and writes it.
   * @returns what is known of the complete file, and its sha256
   * @throws DownloadFailedError, DiskSpaceError, ForbiddenAddressError; the signal's reason once aborted
   */
  async attempt(): Promise<{ state: PartialState; sha256: string }> {
    const { partial } = this.#init;
    const known = await this.#known();
    const have = known === undefined ? 0 : await partial.length();
    await this.#hashUpTo(have);
    if (known?.bytes === have) return { state: known, sha256: this.#digest() };
    const headers = known === undefined || have === 0 ? undefined : resumeHeaders(known, have);
    const state = await this.#transfer(known, headers, headers === undefined ? 0 : have);
    return state === undefined ? this.attempt() : { state, sha256: this.#digest() };
  }

  /** Undefined where what was there had to go, and the rest of it was of no use. */
  async #transfer(
    known: PartialState | undefined,
    headers: Readonly<Record<string, string>> | undefined,
    offset: number,
  ): Promise<PartialState | undefined> {
    const { url, directory, expected, partial, emit } = this.#init;
    // What is still under way when this attempt ends is given up with it.
    const ended = new AbortController();
    try {
      const answer = await this.#ask(headers ?? {}, ended);
      const plan = planFor(url, answer, { offset, known, expected });
      if (plan.kind !== 'resume') await this.#clear();
      if (plan.kind !== 'resume' && plan.because !== undefined) {
        emit({ type: 'model-download:restarted', because: plan.because });
      }
      if (plan.kind === 'again') return undefined;
      await this.#ensureSpace(directory, plan.state.bytes - this.#hashed);
      await partial.save(plan.state);
      await this.#write(answer, plan.state);
      return plan.state;
    } finally {
      ended.abort();
    }
  }

  async #ask(headers: Readonly<Record<string, string>>, ended: AbortController): Promise<Answer> {
    const { url, stallMs, signal } = this.#init;
    const silent = setTimeout(() => {
      ended.abort(new DownloadFailedError(url, `no answer in ${stallMs / 1000} s`, { passing: true }));
    }, stallMs);
    try {
      return await request(url, headers, AbortSignal.any([signal, ended.signal]));
    } finally {
      clearTimeout(silent);
    }
  }

  async #write(answer: Answer, { bytes }: PartialState): Promise<void> {
    const { url, partial, stallMs, signal, emit } = this.#init;
    emit({ type: 'model-download:started', url, bytes, have: this.#hashed });
    const file = await open(partial.data, this.#hashed === 0 ? 'w' : 'r+');
    try {
      await writeBody(answer, file, {
        offset: this.#hashed,
        total: bytes,
        stallMs,
        signal,
        onChunk: (chunk) => {
          this.#hash.update(chunk);
          this.#hashed += chunk.length;
          emit({ type: 'model-download:progress', bytes, have: this.#hashed });
        },
      });
    } finally {
      await file.close();
    }
  }

  /** What is known of the part that is there; undefined, and the part gone, where it is of no use. */
  async #known(): Promise<PartialState | undefined> {
    const { partial, url, expected } = this.#init;
    const state = await partial.state();
    if (
      state?.url === url &&
      (expected.sha256 ?? state.sha256) === state.sha256 &&
      (expected.bytes ?? state.bytes) === state.bytes &&
      (await partial.length()) <= state.bytes
    ) {
      return state;
    }
    await this.#clear();
    return undefined;
  }

  async #clear(): Promise<void> {
    await this.#init.partial.clear();
    this.#hash = createHash('sha256');
    this.#hashed = 0;
  }

  /** Takes in what an earlier process fetched. */
  async #hashUpTo(length: number): Promise<void> {
    if (this.#hashed === length) return;
    const { partial, signal, emit } = this.#init;
    this.#hash = createHash('sha256');
    this.#hashed = 0;
    await updateFromFile(this.#hash, partial.data, {
      signal,
      onBytes: (bytes) => emit({ type: 'model-download:verifying', bytes: length, have: bytes }),
    });
    this.#hashed = length;
  }

  #digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async #ensureSpace(directory: string, bytes: number): Promise<void> {
    const free = await (this.#init.freeBytes ?? freeBytesIn)(directory);
    const needed = bytes + SPARE_BYTES;
    if (free < needed) throw new DiskSpaceError(directory, needed, free);
  }
}

async function freeBytesIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

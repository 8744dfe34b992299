import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TokenBucket, type Rate } from '../../network/wire/token-bucket.ts';
import { systemErrorCode } from '../../process/index.ts';
import {
  decodeAttestation,
  encodeAttestation,
  InvalidRecordError,
  type ContentId,
  type PeerId,
  type SignedAttestation,
} from '../../record/index.ts';
import { writeWhole } from '../write-whole.ts';
import { AttestationShelf, type AttestationShelfComponents } from './attestation-shelf.ts';

export interface AttestationLimits {
  /** 100 unless set. */
  readonly perRecord: number;
  /** 200,000 unless set; one takes some 300 bytes of memory. */
  readonly all: number;
  /**
   * Those that take the place of an equal one; 10,000 at once and 10 a second unless set. Honest nodes seldom have any, and
   * one that signs ever lower ids would have all nodes write without end.
   */
  readonly contests: Rate;
}

const DEFAULT_LIMITS: AttestationLimits = {
  perRecord: 100,
  all: 200_000,
  contests: { perSecond: 10, burst: 10_000 },
};

/** To be written together. */
interface Waiting {
  readonly attestation: SignedAttestation;
  readonly resolve: (isKept: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Signatures are checked for so long before other work is let in again. */
const SLICE_MS = 4;

/**
 * Who re-checked which record: this node itself, and peers who have proved something. Where there is no room, those of who
 * has proved least give way to those of who has proved more. A file with a line an attestation, in base64, that grows until
 * most of its lines no longer count.
 */
export class AttestationFile {
  readonly #file: string;
  readonly #own: PeerId;
  readonly #shelf: AttestationShelf;
  readonly #contests: TokenBucket;
  readonly #listeners = new Set<(dropped: SignedAttestation) => void>();
  /** Lines of the file that do not count. */
  #stale = 0;
  readonly #waiting = new Map<ContentId, Waiting>();
  #writing: Promise<void> | undefined;

  private constructor(file: string, components: AttestationShelfComponents, limits: AttestationLimits) {
    this.#file = file;
    this.#own = components.own;
    this.#shelf = new AttestationShelf(components, limits);
    this.#contests = new TokenBucket(limits.contests, performance.now());
  }

  static async open(
    directory: string,
    components: AttestationShelfComponents,
    limits: Partial<AttestationLimits> = {},
  ): Promise<AttestationFile> {
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, 'attestations.b64');
    const attestations = new AttestationFile(file, components, { ...DEFAULT_LIMITS, ...limits });
    await attestations.#read();
    return attestations;
  }

  /** Whether it is kept, or will be as soon as it is on disk. */
  has(id: ContentId): boolean {
    return this.#shelf.has(id) || this.#waiting.has(id);
  }

  get(id: ContentId): SignedAttestation | undefined {
    return this.#shelf.get(id);
  }

  all(): IterableIterator<SignedAttestation> {
    return this.#shelf.all();
  }

  of(record: ContentId): SignedAttestation[] {
    return this.#shelf.of(record);
  }

  /** Calls with each that another takes the place of, from now on; returns how to stop it. */
  onDropped(listener: (dropped: SignedAttestation) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * It is on disk when this resolves, and not known of before. Those that come while others are written are written together.
   * @returns whether it is kept, and was not before
   */
  add(attestation: SignedAttestation): Promise<boolean> {
    if (!this.#isToBeWritten(attestation)) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#waiting.set(attestation.id, { attestation, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #isToBeWritten(attestation: SignedAttestation): boolean {
    const { id, record } = attestation;
    if (this.#waiting.has(id)) return false;
    const fit = this.#shelf.fit(attestation);
    if (fit.kind === 'refused') return false;
    if (record.peer === this.#own) return true;
    let isContest = fit.kind === 'instead' && fit.equal;
    for (const { attestation: other } of this.#waiting.values()) {
      if (other.record.record !== record.record || other.record.peer !== record.peer) continue;
      if (other.id < id) return false;
      isContest = true;
    }
    return !isContest || this.#contests.take(1, performance.now());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting.values()];
      try {
        const added = batch.map(({ attestation }) => attestation);
        if (this.#stale > this.#shelf.size) await this.#rewrite(added);
        else await this.#append(added);
        for (const one of added) this.#note(one);
        // Others of the same batch may have taken its place.
        for (const { attestation, resolve } of batch) resolve(this.#shelf.has(attestation.id));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      for (const { attestation } of batch) this.#waiting.delete(attestation.id);
    }
    this.#writing = undefined;
  }

  async #read(): Promise<void> {
    const handle = await open(this.#file).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      return undefined;
    });
    if (handle === undefined) return;
    let since = performance.now();
    for await (const line of handle.readLines({ encoding: 'latin1' })) {
      if (line === '') continue;
      this.#noteLine(line);
      if (performance.now() - since < SLICE_MS) continue;
      await setImmediate();
      since = performance.now();
    }
  }

  #noteLine(line: string): void {
    try {
      this.#note(decodeAttestation(new Uint8Array(Buffer.from(line, 'base64'))));
    } catch (error) {
      // Cut short by a crash, or damaged: others will say it again.
      if (!(error instanceof InvalidRecordError)) throw error;
      this.#stale++;
    }
  }

  async #append(added: readonly SignedAttestation[]): Promise<void> {
    const handle = await open(this.#file, 'a');
    try {
      const { size } = await handle.stat();
      try {
        // Begun anew: what stands before may have been cut short by a crash.
        await handle.appendFile(`\n${await linesOf(added)}`);
        await handle.datasync();
      } catch (error) {
        // A full disk takes a part of it.
        await handle.truncate(size).catch(() => undefined);
        throw error;
      }
    } finally {
      await handle.close();
    }
  }

  async #rewrite(added: readonly SignedAttestation[]): Promise<void> {
    await writeWhole(this.#file, await linesOf([...this.#shelf.all(), ...added]));
    this.#stale = 0;
  }

  /** Its line is in the file. */
  #note(attestation: SignedAttestation): void {
    const fit = this.#shelf.put(attestation);
    if (fit.kind === 'room') return;
    this.#stale++;
    if (fit.kind === 'instead') for (const listener of this.#listeners) listener(fit.of);
  }
}

async function linesOf(attestations: readonly SignedAttestation[]): Promise<string> {
  let text = '';
  let since = performance.now();
  for (const attestation of attestations) {
    text += lineOf(attestation);
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  return text;
}

const lineOf = (attestation: SignedAttestation): string =>
  `${Buffer.from(encodeAttestation(attestation)).toString('base64')}\n`;

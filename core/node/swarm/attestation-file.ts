import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

export interface AttestationFileComponents {
  readonly own: PeerId;
  /** Records of a peer in this node's bank. Keys without any cost nothing: what they say is not kept. */
  readonly proofsOf: (peer: PeerId) => number;
}

export interface AttestationLimits {
  /** 100 unless set. */
  readonly perRecord: number;
  /** 200,000 unless set; one takes some 300 bytes of memory. */
  readonly all: number;
}

const DEFAULT_LIMITS: AttestationLimits = { perRecord: 100, all: 200_000 };

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
  readonly #components: AttestationFileComponents;
  readonly #limits: AttestationLimits;
  readonly #byRecord = new Map<ContentId, Map<PeerId, SignedAttestation>>();
  readonly #byPeer = new Map<PeerId, Set<SignedAttestation>>();
  readonly #byId = new Map<ContentId, SignedAttestation>();
  /** Lines of the file that do not count. */
  #stale = 0;
  /** While there is no room, nobody of whom something is kept has proved less. */
  #bar = 0;
  readonly #waiting = new Map<ContentId, Waiting>();
  #writing: Promise<void> | undefined;

  private constructor(file: string, components: AttestationFileComponents, limits: AttestationLimits) {
    this.#file = file;
    this.#components = components;
    this.#limits = limits;
  }

  static async open(
    directory: string,
    components: AttestationFileComponents,
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
    return this.#byId.has(id) || this.#waiting.has(id);
  }

  get(id: ContentId): SignedAttestation | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<SignedAttestation> {
    return this.#byId.values();
  }

  of(record: ContentId): SignedAttestation[] {
    return [...(this.#byRecord.get(record)?.values() ?? [])];
  }

  /**
   * It is on disk when this resolves, and not known of before. Those that come while others are written are written together.
   * @returns whether it is kept, and was not before
   */
  add(attestation: SignedAttestation): Promise<boolean> {
    const { id } = attestation;
    if (this.#waiting.has(id) || this.#givingWay(attestation) === undefined) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { attestation, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting.values()];
      try {
        const added = batch.map(({ attestation }) => attestation);
        if (this.#stale > this.#byId.size) await this.#rewrite(added);
        else await this.#append(added);
        for (const { attestation, resolve } of batch) {
          const isKept = this.#note(attestation);
          // Others of the same batch may have taken its place.
          if (!isKept) this.#stale++;
          resolve(isKept);
        }
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
      if (!this.#noteLine(line)) this.#stale++;
      if (performance.now() - since < SLICE_MS) continue;
      await setImmediate();
      since = performance.now();
    }
  }

  #noteLine(line: string): boolean {
    try {
      return this.#note(decodeAttestation(new Uint8Array(Buffer.from(line, 'base64'))));
    } catch (error) {
      // Cut short by a crash, or damaged: others will say it again.
      if (error instanceof InvalidRecordError) return false;
      throw error;
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
    await writeWhole(this.#file, await linesOf([...this.#byId.values(), ...added]));
    this.#stale = 0;
  }

  #note(attestation: SignedAttestation): boolean {
    const dropped = this.#givingWay(attestation);
    if (dropped === undefined) return false;
    for (const one of dropped) this.#drop(one);
    this.#keep(attestation);
    return true;
  }

  /** What an attestation takes the place of; undefined where it is not kept. */
  #givingWay(attestation: SignedAttestation): Set<SignedAttestation> | undefined {
    const { record, peer } = attestation.record;
    const { perRecord, all } = this.#limits;
    const ofRecord = this.#byRecord.get(record);
    if (ofRecord?.has(peer) === true) return undefined;
    const isOwn = peer === this.#components.own;
    const weight = this.#weightOf(peer);
    if (weight === 0) return undefined;
    const dropped = new Set<SignedAttestation>();
    if (ofRecord !== undefined && ofRecord.size >= perRecord) {
      const least = this.#leastOf(ofRecord.keys(), weight);
      const one = least === undefined ? undefined : ofRecord.get(least);
      if (one !== undefined) dropped.add(one);
      else if (!isOwn) return undefined;
    }
    if (this.#byId.size - dropped.size >= all) {
      const least = this.#leastOfAll(weight);
      if (least === undefined && !isOwn) return undefined;
      for (const one of least ?? []) dropped.add(one);
    }
    return dropped;
  }

  #keep(attestation: SignedAttestation): void {
    const { record, peer } = attestation.record;
    this.#byId.set(attestation.id, attestation);
    const ofRecord = this.#byRecord.get(record) ?? new Map<PeerId, SignedAttestation>();
    this.#byRecord.set(record, ofRecord.set(peer, attestation));
    const ofPeer = this.#byPeer.get(peer) ?? new Set<SignedAttestation>();
    this.#byPeer.set(peer, ofPeer.add(attestation));
  }

  #drop(attestation: SignedAttestation): void {
    const { record, peer } = attestation.record;
    this.#byId.delete(attestation.id);
    const ofRecord = this.#byRecord.get(record);
    ofRecord?.delete(peer);
    if (ofRecord?.size === 0) this.#byRecord.delete(record);
    const ofPeer = this.#byPeer.get(peer);
    ofPeer?.delete(attestation);
    if (ofPeer?.size === 0) this.#byPeer.delete(peer);
    this.#stale++;
    this.#bar = 0;
  }

  /** All of one peer, as finding who has proved least takes a look at each. */
  #leastOfAll(weight: number): ReadonlySet<SignedAttestation> | undefined {
    if (weight <= this.#bar) return undefined;
    const least = this.#leastOf(this.#byPeer.keys(), weight);
    if (least === undefined) this.#bar = weight;
    return least === undefined ? undefined : this.#byPeer.get(least);
  }

  /** Who has proved least, where that is less than `weight`. */
  #leastOf(peers: Iterable<PeerId>, weight: number): PeerId | undefined {
    let least: PeerId | undefined;
    let lowest = weight;
    for (const peer of peers) {
      const own = this.#weightOf(peer);
      if (own >= lowest) continue;
      least = peer;
      lowest = own;
    }
    return least;
  }

  #weightOf(peer: PeerId): number {
    const { own, proofsOf } = this.#components;
    return peer === own ? Infinity : proofsOf(peer);
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

import { appendFile, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
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
  #last: Promise<unknown> = Promise.resolve();

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

  has(id: ContentId): boolean {
    return this.#byId.has(id);
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

  /** @returns whether it is kept, and was not before */
  async add(attestation: SignedAttestation): Promise<boolean> {
    if (!this.#note(attestation)) return false;
    const write = this.#last.then(() =>
      this.#stale > this.#byId.size ? this.#rewrite() : appendFile(this.#file, `\n${lineOf(attestation)}`),
    );
    this.#last = write.catch(() => undefined);
    await write;
    return true;
  }

  async #read(): Promise<void> {
    const handle = await open(this.#file).catch(() => undefined);
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

  async #rewrite(): Promise<void> {
    const kept = [...this.#byId.values()];
    this.#stale = 0;
    let text = '';
    let since = performance.now();
    for (const attestation of kept) {
      text += lineOf(attestation);
      if (performance.now() - since < SLICE_MS) continue;
      await setImmediate();
      since = performance.now();
    }
    await writeWhole(this.#file, text);
  }

  #note(attestation: SignedAttestation): boolean {
    const { record, peer } = attestation.record;
    const { perRecord, all } = this.#limits;
    const ofRecord = this.#byRecord.get(record);
    if (ofRecord?.has(peer) === true) return false;
    const isOwn = peer === this.#components.own;
    const weight = this.#weightOf(peer);
    if (weight === 0) return false;
    if (ofRecord !== undefined && ofRecord.size >= perRecord) {
      const least = this.#leastOf(ofRecord.keys(), weight);
      const dropped = least === undefined ? undefined : ofRecord.get(least);
      if (dropped !== undefined) this.#drop(dropped);
      else if (!isOwn) return false;
    }
    if (this.#byId.size >= all && !this.#makeRoom(weight) && !isOwn) return false;
    this.#keep(attestation);
    return true;
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
  #makeRoom(weight: number): boolean {
    if (weight <= this.#bar) return false;
    const least = this.#leastOf(this.#byPeer.keys(), weight);
    if (least === undefined) {
      this.#bar = weight;
      return false;
    }
    for (const attestation of [...(this.#byPeer.get(least) ?? [])]) this.#drop(attestation);
    return true;
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

const lineOf = (attestation: SignedAttestation): string =>
  `${Buffer.from(encodeAttestation(attestation)).toString('base64')}\n`;

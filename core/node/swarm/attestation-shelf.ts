import type { ContentId, PeerId, SignedAttestation } from '../../record/index.ts';
import { AttestationHeap, isBefore, type Ranked } from './attestation-heap.ts';

export interface AttestationShelfComponents {
  readonly own: PeerId;
  /** Records of a peer in this node's bank. Keys without any cost nothing: what they say is not kept. */
  readonly proofsOf: (peer: PeerId) => number;
}

export interface AttestationShelfLimits {
  readonly perRecord: number;
  readonly all: number;
}

/** What becomes of an attestation that comes now. */
export type Fit =
  | { readonly kind: 'refused' }
  | { readonly kind: 'room' }
  /** It takes the place of another, which is `equal` where its author has proved as much: only the ids tell them apart. */
  | { readonly kind: 'instead'; readonly of: SignedAttestation; readonly equal: boolean };

const REFUSED: Fit = { kind: 'refused' };
const ROOM: Fit = { kind: 'room' };

/**
 * Attestations in memory: one of each peer for a record, so many of a record, and so many in all. Where there is no room in
 * the narrowest of these, the last in order gives way. As each limit lies within the next and the order is the same
 * everywhere, nodes that have seen the same keep the same, but for their own, which each keeps.
 */
export class AttestationShelf {
  readonly #components: AttestationShelfComponents;
  readonly #limits: AttestationShelfLimits;
  readonly #byRecord = new Map<ContentId, Map<PeerId, SignedAttestation>>();
  readonly #byId = new Map<ContentId, SignedAttestation>();
  /** All but this node's own, and some that are gone; made when there is no room. */
  #heap: AttestationHeap | undefined;

  constructor(components: AttestationShelfComponents, limits: AttestationShelfLimits) {
    this.#components = components;
    this.#limits = limits;
  }

  get size(): number {
    return this.#byId.size;
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

  fit(attestation: SignedAttestation): Fit {
    const { record, peer } = attestation.record;
    const ranked = this.#ranked(attestation);
    if (ranked.weight === 0) return REFUSED;
    const ofRecord = this.#byRecord.get(record);
    const before = ofRecord?.get(peer);
    if (before !== undefined) return this.#against(ranked, before);
    if (ofRecord !== undefined && ofRecord.size >= this.#limits.perRecord)
      return this.#against(ranked, this.#lastOf(ofRecord.values()));
    if (this.#byId.size >= this.#limits.all) return this.#against(ranked, this.#lastOfAll());
    return ROOM;
  }

  /** Takes it where it fits. */
  put(attestation: SignedAttestation): Fit {
    const fit = this.fit(attestation);
    if (fit.kind === 'instead') this.#drop(fit.of);
    if (fit.kind !== 'refused') this.#keep(attestation);
    return fit;
  }

  /** @param last undefined where all that is kept is this node's own */
  #against(ranked: Ranked, last: SignedAttestation | undefined): Fit {
    if (last === undefined) return this.#isOwn(ranked.attestation) ? ROOM : REFUSED;
    const other = this.#ranked(last);
    if (!isBefore(ranked, other)) return REFUSED;
    return { kind: 'instead', of: last, equal: ranked.weight === other.weight };
  }

  #lastOf(attestations: Iterable<SignedAttestation>): SignedAttestation | undefined {
    let last: Ranked | undefined;
    for (const one of attestations) {
      const ranked = this.#ranked(one);
      if (last === undefined || isBefore(last, ranked)) last = ranked;
    }
    return last?.attestation;
  }

  #lastOfAll(): SignedAttestation | undefined {
    const heap = (this.#heap ??= new AttestationHeap(this.#others()));
    for (let last = heap.last; last !== undefined; last = heap.last) {
      const now = this.#ranked(last.attestation);
      const isKept = this.#byId.get(last.attestation.id) === last.attestation;
      if (isKept && now.weight === last.weight) return last.attestation;
      heap.pop();
      // Its author has proved more since.
      if (isKept) heap.push(now);
    }
    return undefined;
  }

  *#others(): Generator<Ranked, void, undefined> {
    for (const one of this.#byId.values()) if (!this.#isOwn(one)) yield this.#ranked(one);
  }

  #keep(attestation: SignedAttestation): void {
    const { record, peer } = attestation.record;
    this.#byId.set(attestation.id, attestation);
    const ofRecord = this.#byRecord.get(record) ?? new Map<PeerId, SignedAttestation>();
    this.#byRecord.set(record, ofRecord.set(peer, attestation));
    if (this.#heap === undefined || this.#isOwn(attestation)) return;
    this.#heap.push(this.#ranked(attestation));
    // Most of it is gone.
    if (this.#heap.size > 2 * this.#byId.size) this.#heap = undefined;
  }

  #drop(attestation: SignedAttestation): void {
    const { record, peer } = attestation.record;
    this.#byId.delete(attestation.id);
    const ofRecord = this.#byRecord.get(record);
    ofRecord?.delete(peer);
    if (ofRecord?.size === 0) this.#byRecord.delete(record);
  }

  #ranked(attestation: SignedAttestation): Ranked {
    const weight = this.#isOwn(attestation) ? Infinity : this.#components.proofsOf(attestation.record.peer);
    return { attestation, weight };
  }

  #isOwn({ record: { peer } }: SignedAttestation): boolean {
    return peer === this.#components.own;
  }
}

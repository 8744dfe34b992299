import { decodeClaim, type ClaimedProof, type ContentId, type PeerId } from '../../record/index.ts';
import { PeerTooSlowError, ProtocolViolationError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Offence } from '../reputation/offences.ts';
import type { Patience } from '../reputation/patience.ts';
import type { RecordStore } from '../store.ts';
import type { Taken } from '../sync/session.ts';
import type { FrameChannel } from '../wire/channel.ts';
import { askForBodies, type Answer, type BodyKind } from './ask.ts';
import { PROOF_KIND } from './protocol.ts';
import { WantList } from './want-list.ts';

export interface FetcherComponents {
  readonly store: RecordStore;
  readonly emit: Emit;
  /** Opens a stream of the records protocol. @throws PeerTooSlowError, which `patience` has been told of, or others */
  readonly open: (peer: PeerId, signal: AbortSignal) => Promise<FrameChannel>;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly patience: Patience;
  /** Called when there is room again for what this peer offers after there was none. */
  readonly onRoom: (peer: PeerId) => void;
  /** Called when nobody is left who could be asked for a record; `peer` is the last who was. */
  readonly onUnavailable: (id: ContentId, peer: PeerId) => void;
}

export interface FetcherInit {
  /** Records that may wait to be fetched. */
  readonly capacity: number;
  /** Peers that are asked at once; those whose answer waits for the store are not among them. */
  readonly maxPeers: number;
  /** Bytes of answers that may wait for the store before nobody is asked any more; what is being asked for may come on top. */
  readonly maxHeldBytes: number;
  /** Records asked for at once; at most `MAX_REQUESTED`. */
  readonly batch: number;
  readonly frameTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

export const PROOF_BODY: BodyKind<ClaimedProof> = { name: PROOF_KIND, decode: decodeClaim };

/**
 * Fetches wanted records from the peers that have them, from several at once, and hands each to the store. A record
 * that one peer does not give is asked of the next. A peer's answer is taken to the store before it is asked again, so
 * that a full verification queue slows fetching from it down, and from others only once too many bytes wait.
 */
export class Fetcher {
  readonly #components: FetcherComponents;
  readonly #init: FetcherInit;
  readonly #wants: WantList;
  /** Peers that are being asked, or whose answer waits for the store. */
  readonly #busy = new Map<PeerId, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Peers whose offers there was no room for. */
  readonly #full = new Set<PeerId>();
  /** Records that each peer has named and that then came, from whomever: what it makes up never does. */
  readonly #proved = new Map<PeerId, number>();
  #asking = 0;
  #heldBytes = 0;

  constructor(components: FetcherComponents, init: FetcherInit) {
    this.#components = components;
    this.#init = init;
    this.#wants = new WantList(init.capacity);
  }

  /** Whether records that only this peer is said to have may still be added. */
  hasRoomFor(peer: PeerId): boolean {
    return this.#wants.hasRoomFor(peer);
  }

  /** Records that wait to be fetched and that this peer is said to have. */
  waitingFrom(peer: PeerId): number {
    return this.#wants.offersOf(peer);
  }

  get waiting(): number {
    return this.#wants.size;
  }

  /**
   * Wants records that a peer is said to have; those that the store has no need of are left out.
   * @param promised whether the peer itself said so, and is to blame where it has not
   */
  async want(ids: readonly ContentId[], peer: PeerId, promised: boolean): Promise<void> {
    const signal = this.#stopping.signal;
    if (signal.aborted) return;
    const missing = await this.#ofStore(this.#components.store.missing(ids, { signal, from: peer }));
    if (missing === undefined) return;
    if (this.#components.patience.restLeft(peer) > 0) {
      for (const id of missing) this.#components.onUnavailable(id, peer);
      return;
    }
    const onGivenUp = (payer: PeerId): unknown => this.#full.add(payer);
    const added = missing.map((id) => this.#wants.add(id, peer, promised, onGivenUp));
    if (added.includes('full')) this.#full.add(peer);
    this.#fill();
  }

  /** Wants what a peer names in a reconciliation. */
  async need(ids: readonly ContentId[], peer: PeerId): Promise<Taken> {
    await this.want(ids, peer, true);
    return { room: this.hasRoomFor(peer), proved: this.#proved.get(peer) ?? 0 };
  }

  /** A peer is gone: what only it had is given up until somebody offers it again. */
  forget(peer: PeerId): void {
    for (const id of this.#wants.forget(peer)) this.#components.onUnavailable(id, peer);
    this.#full.delete(peer);
    this.#proved.delete(peer);
    this.#afterChange();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the network is being stopped'));
    await Promise.all(this.#busy.values());
  }

  #fill(): void {
    for (const peer of this.#wants.peers()) {
      if (this.#stopping.signal.aborted || this.#asking >= this.#init.maxPeers) return;
      if (this.#heldBytes >= this.#init.maxHeldBytes) return;
      if (this.#busy.has(peer) || !this.#wants.hasFor(peer)) continue;
      const busy = this.#fetch(peer).finally(() => {
        this.#busy.delete(peer);
        this.#afterChange();
      });
      this.#busy.set(peer, busy);
    }
  }

  #afterChange(): void {
    if (this.#stopping.signal.aborted) return;
    this.#fill();
    for (const peer of this.#full) {
      if (!this.#wants.isHalfFree(peer)) continue;
      this.#full.delete(peer);
      this.#components.onRoom(peer);
    }
  }

  async #fetch(peer: PeerId): Promise<void> {
    const ids = this.#wants.take(peer, this.#init.batch);
    // What it offers from here on it may not have had when it was asked.
    const promised = new Set(ids.filter((id) => this.#wants.wasPromised(id, peer)));
    let held = 0;
    try {
      const { answer, bytes } = await this.#ask(peer, ids);
      held = bytes;
      this.#heldBytes += held;
      const taken = this.#takeAnswer(peer, { ids, promised }, answer);
      // The store may take hours for it: whom else to ask is not to wait for that.
      this.#afterChange();
      await taken;
    } catch (error) {
      this.#giveUp(peer, ids);
      if (error instanceof PeerTooSlowError) this.forget(peer);
    } finally {
      this.#heldBytes -= held;
    }
  }

  async #ask(
    peer: PeerId,
    ids: readonly ContentId[],
  ): Promise<{ readonly answer: Answer<ClaimedProof>; readonly bytes: number }> {
    const signal = this.#stopping.signal;
    let channel: FrameChannel | undefined;
    this.#asking++;
    try {
      channel = await this.#components.open(peer, signal);
      const answer = await askForBodies(channel, PROOF_BODY, ids, {
        frameTimeoutMs: this.#init.frameTimeoutMs,
        answerTimeoutMs: this.#init.answerTimeoutMs,
        signal,
      });
      return { answer, bytes: channel.bytesIn };
    } finally {
      this.#asking--;
      channel?.abort(new Error('answered'));
    }
  }

  async #takeAnswer(
    peer: PeerId,
    { ids, promised }: { readonly ids: readonly ContentId[]; readonly promised: ReadonlySet<ContentId> },
    answer: Answer<ClaimedProof>,
  ): Promise<void> {
    const { store, emit, penalise, patience } = this.#components;
    if (answer.error instanceof ProtocolViolationError) {
      penalise(peer, answer.error.offence, answer.error.message);
    }
    const tooSlow = answer.error instanceof PeerTooSlowError;
    if (tooSlow) patience.tooSlow(peer, answer.error.message);
    else if (answer.bodies.length > 0) patience.inTime(peer);
    for (const { id } of answer.bodies) {
      for (const source of this.#wants.sourcesOf(id))
        this.#proved.set(source, (this.#proved.get(source) ?? 0) + 1);
    }
    const phantoms = answer.absent.filter((id) => promised.has(id)).length;
    if (phantoms > 0) penalise(peer, 'phantom', `${phantoms} records that it offered`);
    const notGiven = [...answer.absent, ...answer.tooLarge];
    this.#giveUp(peer, notGiven);
    const answered = new Set([...answer.bodies.map(({ id }) => id), ...notGiven]);
    const open = ids.filter((id) => !answered.has(id));
    // What it did not get to, it may be asked for again; after an error, only others are.
    if (answer.error === undefined && answered.size > 0) this.#wants.release(open, peer);
    else this.#giveUp(peer, open);
    const signal = this.#stopping.signal;
    for (const { id, body, vouched } of answer.bodies) {
      emit({ type: 'record-received', id, from: peer, vouched });
      const taken = store.claim({ claim: body, from: peer, vouched }, { signal }).then(() => true);
      if ((await this.#ofStore(taken)) === true) this.#wants.got(id);
      else this.#giveUp(peer, [id]);
    }
    // What else it has offered is not to take the room of others' for as long as it is left alone.
    if (tooSlow) this.forget(peer);
  }

  /** What the store says; undefined, and told of, where it fails. */
  async #ofStore<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        this.#components.emit({ type: 'store-failed', reason: (error as Error).message });
      }
      return undefined;
    }
  }

  #giveUp(peer: PeerId, ids: readonly ContentId[]): void {
    for (const id of this.#wants.refuse(ids, peer)) this.#components.onUnavailable(id, peer);
  }
}

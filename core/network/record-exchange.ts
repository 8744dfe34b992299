import type { Connection, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { ContentId, PeerId } from '../record/index.ts';
import type { ProofAnnouncement } from './announce/kinds.ts';
import type { SwarmClock } from './announce/swarm-clock.ts';
import type { Announcement } from './announce/validator.ts';
import { PeerTooSlowError, StreamEndedError } from './errors.ts';
import type { Emit, SyncSummary } from './events.ts';
import type { SwarmNode } from './node/create-node.ts';
import { AnnouncedRecords } from './records/announced.ts';
import { askForBodies, type Answer, type BodyKind } from './records/ask.ts';
import { Fetcher } from './records/fetcher.ts';
import { RECORDS_PROTOCOL } from './records/protocol.ts';
import type { ReadBody } from './records/serve.ts';
import { RecordsServer } from './records/server.ts';
import type { Offence } from './reputation/offences.ts';
import type { Patience } from './reputation/patience.ts';
import type { NetworkSettings } from './settings.ts';
import type { RecordKey, RecordStore } from './store.ts';
import type { SideSet } from './sets/side-set.ts';
import { SideSetExchange } from './sets/side-set-exchange.ts';
import { RecordIndex } from './sync/record-index.ts';
import { SYNC_PROTOCOL, Syncer } from './sync/syncer.ts';
import { within } from './wire/deadline.ts';
import { idOf } from './wire/digest.ts';
import { StreamChannel } from './wire/stream-channel.ts';
import { StreamGate } from './wire/stream-gate.ts';

export interface RecordExchangeComponents {
  readonly node: SwarmNode;
  readonly store: RecordStore;
  readonly bodies: ReadonlyMap<string, ReadBody>;
  readonly sets: readonly SideSet[];
  readonly uploadLimit?: () => number | undefined;
  readonly clock: SwarmClock;
  readonly emit: Emit;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly patience: Patience;
}

/** Records that are asked for at once. */
const BATCH = 32;
/** A dozen answers of the largest size, and a thousand of the usual one. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** How records come and go: what is announced or found by reconciliation is fetched, and what others ask for is served. */
export class RecordExchange {
  readonly index: RecordIndex;
  readonly #components: RecordExchangeComponents;
  readonly #settings: NetworkSettings;
  readonly #fetcher: Fetcher;
  readonly #announced: AnnouncedRecords;
  readonly #syncer: Syncer;
  readonly #server: RecordsServer;
  readonly #gate: StreamGate;
  readonly #sets: ReadonlyMap<string, SideSetExchange>;

  constructor(components: RecordExchangeComponents, settings: NetworkSettings) {
    const { store, emit, clock, penalise, patience, bodies, uploadLimit } = components;
    this.#components = components;
    this.#settings = settings;
    this.index = new RecordIndex({ store, emit });
    this.#gate = new StreamGate(penalise);
    this.#server = new RecordsServer(
      { store, bodies, penalise, patience, ...(uploadLimit && { uploadLimit }) },
      settings.records,
    );
    this.#announced = new AnnouncedRecords((id, peer) => void this.#want(id, peer));
    this.#fetcher = new Fetcher(
      {
        store,
        emit,
        penalise,
        patience,
        open: (peer, signal) => this.#open(peer, RECORDS_PROTOCOL, signal),
        onRoom: (peer) => this.#syncer.roomAvailable(peer),
        onUnavailable: (id, peer) => {
          if (!this.#announced.retry(id, peer)) emit({ type: 'record-unavailable', id });
        },
      },
      { ...settings.records, batch: BATCH, maxHeldBytes: MAX_HELD_BYTES },
    );
    this.#syncer = new Syncer(
      {
        set: this.index.set,
        emit,
        penalise,
        patience,
        now: () => clock.uncorrected(),
        open: (peer, signal) => this.#open(peer, SYNC_PROTOCOL, signal),
        onClock: (peer, theirNow) => clock.observe(peer, theirNow),
        onNeeded: (peer, digests) => this.#fetcher.need(digests.map(idOf), peer),
        // What a peer has offered before is fetched first: it would only be offered again.
        mayBegin: (peer) =>
          this.index.isBuilt && this.#fetcher.waitingFrom(peer) < BATCH && this.#fetcher.hasRoomFor(peer),
      },
      settings.sync,
    );
    const side = {
      node: components.node,
      emit,
      now: () => clock.uncorrected(),
      penalise,
      patience,
      gate: this.#gate,
      open: (peer: PeerId, protocol: string, signal: AbortSignal) => this.#open(peer, protocol, signal),
      fetch: (kind: BodyKind<unknown>, ids: readonly ContentId[], peer: PeerId, signal: AbortSignal) =>
        this.fetch(kind, ids, peer, signal),
    };
    this.#sets = new Map(
      components.sets.map((set) => [set.kind.name, new SideSetExchange({ ...side, set }, settings)]),
    );
  }

  /** Records that are known of and wait to be fetched. */
  get waiting(): number {
    return this.#fetcher.waiting;
  }

  /** Serves peers and takes note of those that speak the protocols. The node must be started. */
  async start(signal: AbortSignal): Promise<void> {
    const { node } = this.#components;
    const options = { maxInboundStreams: 4, runOnLimitedConnection: true };
    await node.handle(
      RECORDS_PROTOCOL,
      (stream, connection) => {
        const admitted = this.#gate.admit(stream, connection);
        return admitted && this.#server.serve(admitted.peer, admitted.channel);
      },
      options,
    );
    await node.handle(SYNC_PROTOCOL, (stream, connection) => this.#serveSync(stream, connection), options);
    await node.register(SYNC_PROTOCOL, {
      notifyOnLimitedConnection: true,
      onConnect: (peer, connection) => this.#syncer.add(peer.toString(), connection),
    });
    for (const set of this.#sets.values()) await set.start();
    this.index.start(signal);
    this.#syncer.start();
  }

  async stop(): Promise<void> {
    this.#announced.stop();
    const sets = [...this.#sets.values()].map((set) => set.stop());
    await Promise.all([this.#syncer.stop(), this.#fetcher.stop(), this.#server.stop(), ...sets]);
    this.index.close();
  }

  /** A peer is gone. */
  forget(peer: PeerId): void {
    this.#syncer.remove(peer);
    this.#fetcher.forget(peer);
    for (const set of this.#sets.values()) set.forget(peer);
  }

  added(keys: readonly RecordKey[]): void {
    this.index.add(keys);
    for (const { id } of keys) this.#announced.got(id);
    this.#syncer.spread();
  }

  sideAdded(kind: string, keys: readonly RecordKey[]): void {
    this.#sets.get(kind)?.added(keys);
  }

  async sync(peer: PeerId, signal?: AbortSignal): Promise<SyncSummary> {
    await this.index.built;
    return this.#syncer.syncWith(peer, signal);
  }

  async fetch<T>(
    kind: BodyKind<T>,
    ids: readonly ContentId[],
    peer: PeerId,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const channel = await this.#open(peer, RECORDS_PROTOCOL, signal);
    try {
      const answer = await askForBodies(channel, kind, ids, { ...this.#settings.records, signal });
      this.#server.blameFor(peer, answer.error);
      return answer;
    } finally {
      channel.abort(new Error('answered'));
    }
  }

  /** Only an author promises to have what it announces; a neighbour that passed it on may not yet have it. */
  async onAnnounced({ body, author, from }: Announcement<ProofAnnouncement>): Promise<void> {
    this.#announced.heard(body.record);
    const connected = this.#components.node.getConnections(peerIdFromString(author)).length > 0;
    await this.#want(body.record, connected ? author : from, connected);
  }

  async #want(id: ContentId, peer: PeerId, promised = false): Promise<void> {
    await this.#fetcher.want([id], peer, promised);
  }

  async #serveSync(stream: Stream, connection: Connection): Promise<void> {
    const admitted = this.#gate.admit(stream, connection);
    if (admitted === undefined) return;
    const { peer, channel } = admitted;
    // Compared with half an index, all the rest would seem to be missing here.
    if (this.index.isBuilt) await this.#syncer.serve(peer, stream, channel);
    else channel.abort(new Error('the index is being built'));
  }

  /**
   * Over a connection that is there: whom to dial is not decided by who is said to have something. A peer that leaves the
   * negotiation unanswered is left alone: libp2p waits no longer than any signal that it is given.
   * @throws PeerTooSlowError, StreamEndedError, or what libp2p throws
   */
  async #open(peer: PeerId, protocol: string, signal: AbortSignal): Promise<StreamChannel> {
    const { node, patience } = this.#components;
    const id = peerIdFromString(peer);
    if (node.getConnections(id).length === 0) throw new StreamEndedError(`${peer} is not connected`);
    const { frameTimeoutMs } = protocol === RECORDS_PROTOCOL ? this.#settings.records : this.#settings.sync;
    const late = `no answer to whether it speaks ${protocol}`;
    try {
      const stream = await within({ timeoutMs: frameTimeoutMs, late, signal }, (until) =>
        node.dialProtocol(id, protocol, { signal: until, runOnLimitedConnection: true }),
      );
      return new StreamChannel(stream);
    } catch (error) {
      if (error instanceof PeerTooSlowError) patience.tooSlow(peer, error.message);
      throw error;
    }
  }
}

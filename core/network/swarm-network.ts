import type { Connection, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import type { ContentId, Environment, PeerId } from '../record/index.ts';
import { Announcer, type AnnouncementListener } from './announce/announcer.ts';
import { PROOF_ANNOUNCEMENT, type AnnouncementKind, type ProofAnnouncement } from './announce/kinds.ts';
import type { SwarmClock } from './announce/swarm-clock.ts';
import { topicsOf } from './announce/topics.ts';
import { AnnouncementValidator, type Announcement } from './announce/validator.ts';
import { ListenError, NetworkStoppedError, StreamEndedError } from './errors.ts';
import type { EventHub, NetworkListener, SyncSummary } from './events.ts';
import type { SwarmNode } from './node/create-node.ts';
import { describeConnection, reportConnections } from './node/connections.ts';
import { KeepConnected } from './node/keep-connected.ts';
import { askForBodies, type Answer, type BodyKind } from './records/ask.ts';
import { AnnouncedRecords } from './records/announced.ts';
import { Fetcher } from './records/fetcher.ts';
import { RECORDS_PROTOCOL } from './records/protocol.ts';
import { RecordsServer } from './records/server.ts';
import type { ReputationLedger } from './reputation/ledger.ts';
import type { Offence } from './reputation/offences.ts';
import type { NetworkSettings } from './settings.ts';
import type { AbortOptions, RecordKey } from './store.ts';
import { RecordIndex } from './sync/record-index.ts';
import { SYNC_PROTOCOL, Syncer } from './sync/syncer.ts';
import type { Network, NetworkComponents, NetworkStats, PeerSummary } from './types.ts';
import { idOf } from './wire/digest.ts';
import { StreamChannel } from './wire/stream-channel.ts';

export interface SwarmNetworkParts extends Pick<NetworkComponents, 'store' | 'kinds' | 'bodies'> {
  readonly node: SwarmNode;
  readonly hub: EventHub;
  readonly ledger: ReputationLedger;
  readonly clock: SwarmClock;
}

const BATCH = 32;

/** The network put together; `types.ts` says what each method does. */
export class SwarmNetwork implements Network {
  readonly peer: PeerId;
  readonly #parts: SwarmNetworkParts;
  readonly #settings: NetworkSettings;
  readonly #announcer: Announcer;
  readonly #fetcher: Fetcher;
  readonly #announced: AnnouncedRecords;
  readonly #syncer: Syncer;
  readonly #server: RecordsServer;
  readonly #index: RecordIndex;
  readonly #keeper: KeepConnected;
  readonly #undo: (() => void)[] = [];
  readonly #stopping = new AbortController();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #stopped: Promise<void> | undefined;
  /** Digests on their way to the fetcher. */
  #pending = 0;

  constructor(parts: SwarmNetworkParts, settings: NetworkSettings) {
    const { node, hub, ledger, clock, store } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.peer = node.peerId.toString();
    const { emit } = hub;
    const known: readonly AnnouncementKind<unknown>[] = [PROOF_ANNOUNCEMENT, ...(parts.kinds ?? [])];
    const kinds = new Map(known.map((kind) => [kind.name, kind]));
    const validator = new AnnouncementValidator(
      { kinds, clock, penalise: this.#blame },
      settings.announcements,
    );
    this.#announcer = new Announcer(
      { pubsub: node.services.pubsub, validator, clock, emit, penalise: this.#blame },
      topicsOf(settings.environments),
    );
    this.#index = new RecordIndex({ store, emit });
    this.#server = new RecordsServer(
      { store, bodies: parts.bodies ?? new Map(), penalise: this.#blame },
      settings.records,
    );
    this.#fetcher = new Fetcher(
      {
        store,
        emit,
        open: (peer, signal) => this.#open(peer, RECORDS_PROTOCOL, signal),
        penalise: this.#blame,
        onRoom: () => this.#syncer.roomAvailable(),
        onUnavailable: (id, peer) => {
          if (!this.#announced.retry(id, peer)) emit({ type: 'record-unavailable', id });
        },
      },
      { ...settings.records, batch: BATCH },
    );
    this.#announced = new AnnouncedRecords((id, peer) => void this.#want(id, peer));
    this.#syncer = new Syncer(
      {
        set: this.#index.set,
        emit,
        now: () => clock.now(),
        open: (peer, signal) => this.#open(peer, SYNC_PROTOCOL, signal),
        penalise: this.#blame,
        onClock: (peer, theirNow) => clock.observe(peer, theirNow),
        onNeeded: (peer, digests) => this.#need(peer, digests),
        hasRoom: () => this.#fetcher.room > settings.records.capacity / 2,
      },
      settings.sync,
    );
    this.#keeper = new KeepConnected(node, {
      contacts: [...settings.bootstrap, ...settings.relays],
      minPeers: settings.minPeers,
      isDenied: (peer) => ledger.isDenied(peer),
    });
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') throw new NetworkStoppedError();
    this.#state = 'running';
    const { node, hub, ledger } = this.#parts;
    this.#undo.push(reportConnections(node, hub.emit));
    this.#undo.push(ledger.onCutOff((peer) => this.#disconnect(peer)));
    this.#undo.push(
      this.#announcer.on(PROOF_ANNOUNCEMENT, (announcement) => void this.#onProof(announcement)),
    );
    try {
      await node.start();
      await this.#handleStreams();
    } catch (error) {
      await this.stop();
      throw new ListenError(this.#settings.listen, error);
    }
    this.#announcer.start();
    this.#keeper.start();
    hub.emit({ type: 'started', peer: this.peer, addresses: this.addresses() });
    this.#index.build(this.#stopping.signal).then(
      () => this.#syncer.start(),
      (error: unknown) => {
        if (!this.#stopping.signal.aborted)
          hub.emit({ type: 'index-failed', reason: (error as Error).message });
      },
    );
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  subscribe(listener: NetworkListener): () => void {
    return this.#parts.hub.subscribe(listener);
  }

  addresses(): readonly string[] {
    return this.#parts.node.getMultiaddrs().map(String);
  }

  peers(): readonly PeerSummary[] {
    const { node, ledger } = this.#parts;
    const summaries = new Map<PeerId, PeerSummary>();
    for (const connection of node.getConnections().map(describeConnection)) {
      const connections = [...(summaries.get(connection.peer)?.connections ?? []), connection];
      summaries.set(connection.peer, { peer: connection.peer, connections, points: 0 });
    }
    for (const { peer, until, offence, detail } of ledger.entries()) {
      const connections = summaries.get(peer)?.connections ?? [];
      const denied = ledger.isDenied(peer) ? { deniedUntil: until } : {};
      summaries.set(peer, { peer, connections, points: ledger.points(peer), offence, detail, ...denied });
    }
    return [...summaries.values()];
  }

  stats(): NetworkStats {
    const { pubsub } = this.#parts.node.services;
    return {
      records: this.#index.set.size,
      waiting: this.#fetcher.waiting,
      listeners: new Set(
        topicsOf(this.#settings.environments).flatMap((t) => pubsub.getSubscribers(t).map(String)),
      ).size,
    };
  }

  async dial(address: string, options: AbortOptions = {}): Promise<PeerId> {
    this.#assertRunning();
    const connection = await this.#parts.node.dial(multiaddr(address), options);
    return connection.remotePeer.toString();
  }

  announceProof(proof: ProofAnnouncement, environment: Environment): Promise<number> {
    return this.announce(PROOF_ANNOUNCEMENT, proof, environment);
  }

  async announce<T>(kind: AnnouncementKind<T>, body: T, environment?: Environment): Promise<number> {
    this.#assertRunning();
    return this.#announcer.announce(kind, body, environment);
  }

  on<T>(kind: AnnouncementKind<T>, listener: AnnouncementListener<T>): () => void {
    return this.#announcer.on(kind, listener);
  }

  recordsAdded(keys: readonly RecordKey[]): void {
    this.#index.add(keys);
    for (const { id } of keys) this.#announced.got(id);
    this.#syncer.spread();
  }

  recordsRemoved(keys: readonly RecordKey[]): void {
    this.#index.remove(keys);
  }

  async sync(peer: PeerId, options: AbortOptions = {}): Promise<SyncSummary> {
    this.#assertRunning();
    await this.#index.built;
    return this.#syncer.syncWith(peer, options.signal);
  }

  async fetch<T>(
    kind: BodyKind<T>,
    ids: readonly ContentId[],
    peer: PeerId,
    options: AbortOptions = {},
  ): Promise<Answer<T>> {
    this.#assertRunning();
    const own = this.#stopping.signal;
    const signal = options.signal === undefined ? own : AbortSignal.any([own, options.signal]);
    const channel = await this.#open(peer, RECORDS_PROTOCOL, signal);
    try {
      const answer = await askForBodies(channel, kind, ids, { ...this.#settings.records, signal });
      this.#server.blameFor(peer, answer.error);
      return answer;
    } finally {
      channel.abort(new Error('answered'));
    }
  }

  reportVerdict(record: ContentId, peers: readonly PeerId[], accepted: boolean): void {
    for (const peer of new Set(peers)) {
      if (accepted) this.#parts.ledger.credit(peer);
      else this.#blame(peer, 'refused-by-kernel', `proof record ${record}`);
    }
  }

  penalise(peer: PeerId, offence: Offence, detail: string): void {
    this.#blame(peer, offence, detail);
  }

  forgive(peer: PeerId): void {
    this.#parts.ledger.forgive(peer);
  }

  readonly #blame = (peer: PeerId, offence: Offence, detail: string): void => {
    if (peer !== this.peer) this.#parts.ledger.penalise(peer, offence, detail);
  };

  async #handleStreams(): Promise<void> {
    const { node, clock } = this.#parts;
    const options = { maxInboundStreams: 4, runOnLimitedConnection: true };
    await node.handle(
      RECORDS_PROTOCOL,
      (stream, connection) => this.#server.serve(connection.remotePeer.toString(), new StreamChannel(stream)),
      options,
    );
    await node.handle(SYNC_PROTOCOL, (stream, connection) => this.#serveSync(stream, connection), options);
    await node.register(SYNC_PROTOCOL, {
      notifyOnLimitedConnection: true,
      onConnect: (peer, connection) => this.#syncer.add(peer.toString(), connection),
    });
    // The topology's own callback hears nothing of peers that left before they were identified.
    node.addEventListener('peer:disconnect', ({ detail }) => {
      const peer = detail.toString();
      this.#syncer.remove(peer);
      this.#fetcher.forget(peer);
      clock.forget(peer);
    });
  }

  async #serveSync(stream: Stream, connection: Connection): Promise<void> {
    const channel = new StreamChannel(stream);
    // Compared with half an index, all the rest would seem to be missing here.
    if (this.#index.isBuilt) await this.#syncer.serve(connection.remotePeer.toString(), stream, channel);
    else channel.abort(new Error('the index is being built'));
  }

  async #onProof({ body, author, from }: Announcement<ProofAnnouncement>): Promise<void> {
    this.#announced.heard(body.record);
    const connected = this.#parts.node.getConnections(peerIdFromString(author)).length > 0;
    await this.#want(body.record, connected ? author : from, connected);
  }

  /** Only an author promises to have what it announces; a neighbour that passed it on may not yet have it. */
  async #want(id: ContentId, peer: PeerId, promised = false): Promise<void> {
    await this.#fetcher.want([id], peer, promised).catch(() => undefined);
  }

  /** Hands digests to the fetcher. Says whether there is room for more. */
  #need(peer: PeerId, digests: readonly Uint8Array[]): boolean {
    this.#pending += digests.length;
    const taken = this.#fetcher
      .want(digests.map(idOf), peer, true)
      .catch(() => undefined)
      .finally(() => (this.#pending -= digests.length));
    void taken;
    return this.#fetcher.room > this.#pending;
  }

  /** Over a connection that is there: whom to dial is not decided by who is said to have something. */
  async #open(peer: PeerId, protocol: string, signal: AbortSignal): Promise<StreamChannel> {
    const { node } = this.#parts;
    const id = peerIdFromString(peer);
    if (node.getConnections(id).length === 0) throw new StreamEndedError(`${peer} is not connected`);
    const stream = await node.dialProtocol(id, protocol, { signal, runOnLimitedConnection: true });
    return new StreamChannel(stream);
  }

  #disconnect(peer: PeerId): void {
    for (const connection of this.#parts.node.getConnections(peerIdFromString(peer))) {
      connection.abort(new Error('cut off'));
    }
  }

  #assertRunning(): void {
    if (this.#state !== 'running') throw new NetworkStoppedError();
  }

  async #stop(): Promise<void> {
    const wasRunning = this.#state === 'running';
    this.#state = 'stopped';
    this.#stopping.abort(new NetworkStoppedError());
    this.#keeper.stop();
    this.#announced.stop();
    await Promise.all([this.#syncer.stop(), this.#fetcher.stop(), this.#server.stop()]);
    this.#announcer.stop();
    if (wasRunning) await this.#parts.node.stop();
    for (const undo of this.#undo) undo();
    await this.#parts.ledger.close();
    if (wasRunning) this.#parts.hub.emit({ type: 'stopped' });
  }
}

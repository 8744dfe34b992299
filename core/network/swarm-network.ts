import type { PeerId as Libp2pPeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import type { ContentId, Environment, PeerId } from '../record/index.ts';
import { Announcer, type AnnouncementListener } from './announce/announcer.ts';
import {
  ATTESTATION_ANNOUNCEMENT,
  PROOF_ANNOUNCEMENT,
  type AnnouncementKind,
  type ProofAnnouncement,
} from './announce/kinds.ts';
import type { SwarmClock } from './announce/swarm-clock.ts';
import { topicsOf } from './announce/topics.ts';
import { AnnouncementValidator } from './announce/validator.ts';
import { ListenError, NetworkStoppedError } from './errors.ts';
import type { EventHub, NetworkListener, SyncSummary } from './events.ts';
import { reportConnections } from './node/connections.ts';
import type { SwarmNode } from './node/create-node.ts';
import type { KnownPeers } from './node/known-peers.ts';
import { KeepConnected } from './node/keep-connected.ts';
import { releaseReservations } from './node/relay-server.ts';
import { summarisePeers } from './peer-summaries.ts';
import { RecordExchange } from './record-exchange.ts';
import type { Answer, BodyKind } from './records/ask.ts';
import type { ReputationLedger } from './reputation/ledger.ts';
import type { Offence } from './reputation/offences.ts';
import { Patience } from './reputation/patience.ts';
import type { NetworkSettings } from './settings.ts';
import type { AbortOptions, RecordKey } from './store.ts';
import type { Network, NetworkComponents, NetworkStats, PeerSummary } from './types.ts';
import { atMost } from './wire/race.ts';

export interface SwarmNetworkParts extends Pick<
  NetworkComponents,
  'store' | 'kinds' | 'bodies' | 'sets' | 'uploadLimit'
> {
  readonly node: SwarmNode;
  readonly hub: EventHub;
  readonly ledger: ReputationLedger;
  readonly clock: SwarmClock;
  readonly known?: KnownPeers;
}

const NODE_STOP_MS = 1500;

/** The network put together; `types.ts` says what each method does. */
export class SwarmNetwork implements Network {
  readonly peer: PeerId;
  readonly #parts: SwarmNetworkParts;
  readonly #settings: NetworkSettings;
  readonly #announcer: Announcer;
  readonly #records: RecordExchange;
  readonly #keeper: KeepConnected;
  readonly #patience: Patience;
  readonly #undo: (() => void)[] = [];
  readonly #stopping = new AbortController();
  #state: 'new' | 'running' | 'stopped' = 'new';
  #stopped: Promise<void> | undefined;

  constructor(parts: SwarmNetworkParts, settings: NetworkSettings) {
    const { node, hub, ledger, clock, store } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.peer = node.peerId.toString();
    this.#patience = new Patience({ emit: hub.emit });
    const components = { clock, emit: hub.emit, penalise: this.#blame };
    const own = [PROOF_ANNOUNCEMENT, ATTESTATION_ANNOUNCEMENT];
    const known: readonly AnnouncementKind<unknown>[] = [...own, ...(parts.kinds ?? [])];
    const kinds = new Map(known.map((kind) => [kind.name, kind]));
    const validator = new AnnouncementValidator({ kinds, ...components }, settings.announcements);
    this.#announcer = new Announcer(
      { pubsub: node.services.pubsub, validator, pointsOf: (peer) => ledger.points(peer), ...components },
      { topics: topicsOf(settings.environments), perAuthor: settings.announcements.perAuthor },
    );
    const bodies = parts.bodies ?? new Map();
    this.#records = new RecordExchange(
      {
        node,
        store,
        bodies,
        sets: parts.sets ?? [],
        ...(parts.uploadLimit && { uploadLimit: parts.uploadLimit }),
        patience: this.#patience,
        ...components,
      },
      settings,
    );
    this.#keeper = new KeepConnected(node, {
      contacts: [...settings.bootstrap, ...settings.relays],
      ...(parts.known && { known: parts.known.all() }),
      minPeers: settings.minPeers,
      isDenied: (peer) => ledger.isDenied(peer),
    });
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') throw new NetworkStoppedError();
    this.#state = 'running';
    const { node, hub } = this.#parts;
    this.#listen();
    try {
      await node.start();
      await this.#records.start(this.#stopping.signal);
    } catch (error) {
      await this.stop();
      throw new ListenError(this.#settings.listen, error);
    }
    this.#announcer.start();
    this.#keeper.start();
    hub.emit({ type: 'started', peer: this.peer, addresses: this.addresses() });
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
    return summarisePeers(this.#parts.node, this.#parts.ledger, this.#patience);
  }

  stats(): NetworkStats {
    const { pubsub } = this.#parts.node.services;
    const subscribers = topicsOf(this.#settings.environments).flatMap((topic) =>
      pubsub.getSubscribers(topic).map(String),
    );
    return {
      records: this.#records.index.set.size,
      waiting: this.#records.waiting,
      listeners: new Set(subscribers).size,
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
    this.#records.added(keys);
  }

  recordsRemoved(keys: readonly RecordKey[]): void {
    this.#records.index.remove(keys);
  }

  sideRecordsAdded(kind: string, keys: readonly RecordKey[]): void {
    this.#records.sideAdded(kind, keys);
  }

  async sync(peer: PeerId, options: AbortOptions = {}): Promise<SyncSummary> {
    this.#assertRunning();
    return this.#records.sync(peer, options.signal);
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
    return this.#records.fetch(kind, ids, peer, signal);
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

  #listen(): void {
    const { node, hub, ledger, clock, known } = this.#parts;
    const onDisconnect = ({ detail }: CustomEvent<Libp2pPeerId>): void => {
      const peer = detail.toString();
      this.#records.forget(peer);
      clock.forget(peer);
    };
    node.addEventListener('peer:disconnect', onDisconnect);
    this.#undo.push(
      reportConnections(node, hub.emit),
      ledger.onCutOff((peer) => {
        known?.forget(peer);
        this.#disconnect(peer);
      }),
      known?.listenTo(node) ?? (() => undefined),
      releaseReservations(node),
      this.#announcer.on(PROOF_ANNOUNCEMENT, (announcement) => void this.#records.onAnnounced(announcement)),
      () => node.removeEventListener('peer:disconnect', onDisconnect),
    );
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
    await this.#records.stop();
    this.#announcer.stop();
    // Some services wait for a router's or a peer's last word.
    if (wasRunning) await atMost(NODE_STOP_MS, Promise.resolve(this.#parts.node.stop()));
    for (const undo of this.#undo) undo();
    await Promise.all([this.#parts.ledger.close(), this.#parts.known?.close()]);
    if (wasRunning) this.#parts.hub.emit({ type: 'stopped' });
  }
}

import type { ContentId, Environment, Identity, PeerId } from '../record/index.ts';
import type { AnnouncementListener } from './announce/announcer.ts';
import type { AnnouncementKind, ProofAnnouncement } from './announce/kinds.ts';
import type { ConnectionDescription, NetworkListener, SyncSummary } from './events.ts';
import type { Answer, BodyKind } from './records/ask.ts';
import type { ReadBody } from './records/serve.ts';
import type { Offence } from './reputation/offences.ts';
import type { SideSet } from './sets/side-set.ts';
import type { NetworkSettingsInput } from './settings.ts';
import type { AbortOptions, RecordKey, RecordStore } from './store.ts';

export interface NetworkComponents {
  readonly identity: Identity;
  readonly store: RecordStore;
  /** Kinds of announcements beside proofs: claims, packs, submissions. */
  readonly kinds?: readonly AnnouncementKind<unknown>[];
  /** Kinds of bodies beside proofs that others may fetch here, by name. */
  readonly bodies?: ReadonlyMap<string, ReadBody>;
  /** Small records beside the proofs that are reconciled as well; their kinds are served with `bodies`. */
  readonly sets?: readonly SideSet[];
  /** Bytes a second of bodies that all peers together may have; undefined where there is no limit. */
  readonly uploadLimit?: () => number | undefined;
  /** Hears of everything from the very beginning, a damaged reputation file included. */
  readonly onEvent?: NetworkListener;
  /** Milliseconds since 1970; `Date.now` unless set. */
  readonly now?: () => number;
}

export interface NetworkInit {
  readonly settings: NetworkSettingsInput;
  /** Where peers' reputation is remembered across restarts; nowhere unless set. */
  readonly reputationFile?: string;
  /** Where the peers that were met are remembered; nowhere unless set. */
  readonly peersFile?: string;
}

/** A peer that is connected or that something is held against. */
export interface PeerSummary {
  readonly peer: PeerId;
  /** Empty where it is not connected. */
  readonly connections: readonly ConnectionDescription[];
  /** It is cut off at 100. */
  readonly points: number;
  /** Until when it is refused, in milliseconds since 1970. */
  readonly deniedUntil?: number;
  /** Until when it is left alone as it was too slow, in milliseconds since 1970. Nothing is held against it for that. */
  readonly setAsideUntil?: number;
  /** What it was last blamed for. */
  readonly offence?: Offence;
  readonly detail?: string;
}

export interface NetworkStats {
  /** Records that this node passes on. */
  readonly records: number;
  /** Records that are known of and wait to be fetched. */
  readonly waiting: number;
  /** Peers that listen to what this node announces. */
  readonly listeners: number;
}

/** This node in the swarm. What needs the network rejects with NetworkStoppedError unless it is started. */
export interface Network extends AsyncDisposable {
  readonly peer: PeerId;

  /**
   * Listens and connects; the index of records is built beside (`index-built`). Once only.
   * @throws ListenError
   */
  start(): Promise<void>;

  /** Ends all that is under way, within two seconds. Idempotent. */
  stop(): Promise<void>;

  /** Calls back with all that happens. Returns its undo. */
  subscribe(listener: NetworkListener): () => void;

  /** Multiaddrs under which others reach this node, peer id included. */
  addresses(): readonly string[];
  /** Connected peers, and those that something is held against. */
  peers(): readonly PeerSummary[];
  stats(): NetworkStats;

  /** Connects to a multiaddr that ends in a peer id, and returns that peer id. */
  dial(address: string, options?: AbortOptions): Promise<PeerId>;

  /** Announces a proof that this node's kernel accepted and that the store already holds. Returns to how many peers. */
  announceProof(proof: ProofAnnouncement, environment: Environment): Promise<number>;

  /**
   * Announces something of another kind.
   * @throws AnnouncementTooLargeError, UnknownEnvironmentError, ZodError
   */
  announce<T>(kind: AnnouncementKind<T>, body: T, environment?: Environment): Promise<number>;

  /** Calls back with announcements of a kind that was given to `createNetwork`. Returns its undo. */
  on<T>(kind: AnnouncementKind<T>, listener: AnnouncementListener<T>): () => void;

  /** Tells which records are passed on from now on: those the store can `read`. Known ones may be among them. */
  recordsAdded(keys: readonly RecordKey[]): void;
  recordsRemoved(keys: readonly RecordKey[]): void;

  /** The same of a side set, by the name of its kind. */
  sideRecordsAdded(kind: string, keys: readonly RecordKey[]): void;

  /** Reconciles with a connected peer now; else it happens by itself. */
  sync(peer: PeerId, options?: AbortOptions): Promise<SyncSummary>;

  /** Fetches bodies of another kind than proofs from one peer. At most 64 ids. */
  fetch<T>(
    kind: BodyKind<T>,
    ids: readonly ContentId[],
    peer: PeerId,
    options?: AbortOptions,
  ): Promise<Answer<T>>;

  /**
   * Tells what this node's kernel said of a record. Call it with `accepted: false` only where the proof was refused, not
   * where it could not be judged or ran out of time.
   * @param peers those who vouched for it: the senders that said so, and the finder who signed it
   */
  reportVerdict(record: ContentId, peers: readonly PeerId[], accepted: boolean): void;

  /** Blames a peer for what others than the network found out. */
  penalise(peer: PeerId, offence: Offence, detail: string): void;

  /** Forgets all that is held against a peer. */
  forgive(peer: PeerId): void;
}

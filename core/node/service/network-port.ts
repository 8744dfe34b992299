import type {
  AttestationView,
  CuratorView,
  NetworkStatus,
  PeerView,
  ProofRow,
  Refusal,
  StatementStatus,
  StatementView,
  StatementWorker,
} from '../../api/index.ts';
import type { ContentId, Notice, PeerId, SignedProof, Statement } from '../../record/index.ts';
import type { CatalogEntry } from './catalog.ts';

export interface PublishRequest {
  readonly statements: readonly Statement[];
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly priority: number;
}

/** The swarm as the service sees it; `core/node/swarm` fills it in where the user has switched it on. */
export interface NetworkPort {
  status(): NetworkStatus;
  /** Without the counts of proofs, which the bank knows. */
  peers(): readonly Omit<PeerView, 'proofs'>[];
  /** Newest first. */
  refusals(): readonly Refusal[];
  dial(address: string, signal: AbortSignal): Promise<PeerId>;
  sync(peer: PeerId, signal: AbortSignal): Promise<void>;
  forgive(peer: PeerId): void;
  /** Statements that others have put up, in the order in which they came. */
  statements(): Iterable<CatalogEntry>;
  statement(id: ContentId): NetworkStatement | undefined;
  publish(request: PublishRequest): Promise<{ pack: ContentId; version: number; peers: number }>;
  attestations(proof: ContentId): readonly AttestationView[];
  /** Tells the swarm of a proof that the bank already holds on disk. */
  announce(proof: SignedProof, statement: Statement): void;
  /** Offers a record that is on disk with the next reconciliation, without a word to all: for many at once. */
  passOn(proof: SignedProof, statement: Statement, trust: ProofRow['trust']): void;
  curators(): readonly CuratorView[];
  /** Says whether it was not trusted before. */
  trust(curator: PeerId, label: string): Promise<boolean>;
  /** What only it has put up is taken down. Says whether it was trusted before. */
  distrust(curator: PeerId): Promise<boolean>;
  /** Takes back what this node has put up, or says that it is wrong; undefined where it has no word in this. */
  notice(statement: ContentId, status: Notice['status'], detail: string): Promise<number | undefined>;
}

/** What the swarm knows of a statement. */
export interface NetworkStatement {
  readonly entry: CatalogEntry;
  readonly status: StatementStatus;
  readonly detail?: string;
  readonly sources: StatementView['sources'];
  /** Peers that say they work on it. */
  readonly workers: readonly StatementWorker[];
}

export const NETWORK_OFF: NetworkStatus = {
  state: 'off',
  addresses: [],
  peers: 0,
  listeners: 0,
  records: 0,
  waiting: 0,
  verification: { queued: 0, running: 0, accepted: 0, refused: 0, claimed: 0 },
};

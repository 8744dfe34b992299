import type { Bank } from '../../memory/index.ts';
import type { Memory } from '../../policy/models/index.ts';
import type { Identity } from '../../record/index.ts';
import type { StatementBoard } from '../../statement/index.ts';
import type { ClaimedShelf } from '../claimed/index.ts';
import type { ComputeMeter, OwnProfile, ProfileBook } from '../contributors/index.ts';
import type { Clock, Sensors } from '../donation/index.ts';
import type { LeanHost } from '../lean-host.ts';
import type { PolicyShelf } from '../policies.ts';
import type { SettingsStore } from '../settings-store.ts';
import type { ProofIndex } from './proof-index.ts';
import type { UseLog } from './use-log.ts';
import type { WatchList } from './watch-list.ts';

/** Who contributes, and what this node itself has spent. */
export interface ContributorParts {
  readonly book: ProfileBook;
  readonly profile: OwnProfile;
  readonly compute: ComputeMeter;
}

/** What a node's service is put together from; whoever opens them closes them. */
export interface NodeServiceComponents {
  readonly identity: Identity;
  readonly bank: Bank;
  readonly board: StatementBoard;
  readonly settings: SettingsStore;
  readonly proofs: ProofIndex;
  readonly shelf: ClaimedShelf;
  readonly watched: WatchList;
  readonly uses: UseLog;
  readonly contributors: ContributorParts;
  /** Made by the caller, since it tells of itself before there is a service. */
  readonly lean: LeanHost;
  readonly policies: PolicyShelf;
  /** Memory that is free for models now. */
  readonly memory: (signal: AbortSignal) => Promise<Memory>;
  readonly sensors: Sensors;
  readonly keepAwake?: (awake: boolean) => void;
  readonly clock?: Clock;
}

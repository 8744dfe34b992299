import type {
  ContentId,
  PeerId,
  SignedDisproof,
  SignedNotice,
  SignedPack,
  SignedSubmission,
  Statement,
} from '../../record/index.ts';

/**
 * How far a statement has come: `unverified` until this node has elaborated it, then `open`; `claimed` while a peer
 * says that it works on it; at last one of the others.
 */
export type StatementState = 'unverified' | 'open' | 'claimed' | 'solved' | 'disproved' | 'invalid';

/** Who put a statement up. */
export type StatementSource =
  | { readonly kind: 'pack'; readonly curator: PeerId; readonly pack: string; readonly priority: number }
  | { readonly kind: 'submission'; readonly submitter: PeerId }
  /** The user of this node. */
  | { readonly kind: 'local' };

/** A statement on the board, as it is shown. */
export interface BoardItem {
  readonly statement: Statement;
  readonly state: StatementState;
  readonly sources: readonly StatementSource[];
  /** 0 to 9: the highest that a source gives it. */
  readonly priority: number;
  /** When it came, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** Why it is invalid. */
  readonly detail?: string;
  /** The proof record that solved it, or the one of its negation. */
  readonly proof?: ContentId;
}

export type PackOutcome =
  | { readonly kind: 'adopted'; readonly replaced?: number }
  | { readonly kind: 'known' }
  /** The curator is not among those the user trusts. */
  | { readonly kind: 'untrusted' }
  /** A higher version has been seen, which an older pack must not undo. */
  | { readonly kind: 'rollback'; readonly seen: number }
  /** The curator signed two packs of one version. */
  | { readonly kind: 'equivocation'; readonly kept: ContentId }
  /** More statements than the board has room for. */
  | { readonly kind: 'full' };

export type SubmissionOutcome =
  | 'accepted'
  /** The body that a pack was waiting for. */
  | 'body'
  | 'known'
  | 'rate-limited'
  /** It was made too long ago, or is of the future. */
  | 'stale'
  /** There is no room beside what better known peers put up. */
  | 'crowded-out';

/** What elaborating a statement showed. */
export type Elaboration =
  | { readonly kind: 'elaborates' }
  | { readonly kind: 'invalid'; readonly detail: string }
  /** This node has not the environment, or comes to no end with it: the statement stays unverified here. */
  | { readonly kind: 'unsupported' };

export type NoticeOutcome =
  | 'applied'
  | 'known'
  | 'unknown-statement'
  /** Neither put it up nor is trusted: no word in this. */
  | 'no-standing';

export type DisproofOutcome =
  | 'disproved'
  | 'known'
  | 'unknown-statement'
  /** The negation named is not the statement's. */
  | 'wrong-negation'
  /** This node's kernel has not accepted that proof record as a proof of the negation. */
  | 'not-verified';

export type BoardEvent =
  /** May be worked on from now on. */
  | { readonly type: 'opened'; readonly item: BoardItem }
  /** Priority or sources of an open one changed. */
  | { readonly type: 'changed'; readonly item: BoardItem }
  /** May no longer be worked on; `removed` where nobody asks for it any more. */
  | { readonly type: 'closed'; readonly id: ContentId; readonly state: StatementState | 'removed' }
  /** A curator signed two packs of one version. */
  | { readonly type: 'equivocation'; readonly curator: PeerId; readonly pack: string };

/** The highest version of a pack that was ever seen. */
export interface SeenVersion {
  readonly curator: PeerId;
  readonly pack: string;
  readonly version: number;
  readonly id: ContentId;
}

/** What a board must not forget; `saveBoard` keeps it on disk. Bodies of statements are the caller's to keep. */
export interface BoardSnapshot {
  readonly packs: readonly SignedPack[];
  readonly seen: readonly SeenVersion[];
  readonly submissions: readonly SignedSubmission[];
  readonly notices: readonly SignedNotice[];
  readonly disproofs: readonly SignedDisproof[];
  /** Statements that this node has elaborated without an error. */
  readonly elaborated: readonly ContentId[];
}

import type { ContentId, PeerId, Statement } from '../../record/index.ts';
import type { CredibilitySource } from '../claims/index.ts';
import type { StrangerLimits } from './stranger-shelf.ts';

export interface OpenBoardComponents {
  /** `TrustStore` is one. */
  readonly trust: { trusts(peer: PeerId): boolean };
  readonly credibility: CredibilitySource;
  /** Whether a peer says that it works on a statement: `Allocator.isClaimed`. */
  readonly isClaimed: (id: ContentId) => boolean;
  /** The statement that says the negation, or undefined where it cannot be stated. */
  readonly negate: (statement: Statement) => Statement | undefined;
  /** Whether this node's own kernel has accepted that proof record as a proof of that statement. */
  readonly isVerified: (proof: ContentId, statement: ContentId) => boolean;
  /** The record in the bank that proves a statement. */
  readonly proofOf: (statement: ContentId) => ContentId | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly tick: () => number;
}

export interface OpenBoardInit {
  readonly strangers?: Partial<StrangerLimits>;
}

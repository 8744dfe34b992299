import type { Statement } from './statement.ts';
import type { Verdict, VerdictOf } from './verdict.ts';

declare const verifiedBrand: unique symbol;

/**
 * A submission that this node's own kernel accepted as a proof of a statement. Only the checker in `core/lean` makes
 * one; nothing else may enter the bank or be announced.
 */
export interface VerifiedProof {
  readonly statement: Statement;
  /** Complete Lean source, in normal form. */
  readonly submission: string;
  readonly verdict: VerdictOf<'proved'>;
  readonly [verifiedBrand]: true;
}

/** A verdict, with the sealed proof where it is `proved`. */
export interface CheckOutcome {
  readonly verdict: Verdict;
  /** Present exactly when the verdict's kind is `proved`. */
  readonly proof?: VerifiedProof;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  /** Wall-clock limit of this check in milliseconds. */
  readonly timeoutMs?: number;
  /** Lean's own deterministic limit, in thousands, for each declaration; a `set_option` in the source overrides it. */
  readonly maxHeartbeats?: number;
  /**
   * Where the submission comes from: this user and this node's own prover, or a peer, which is assumed where nothing is
   * said. A back end without a sandbox refuses what comes from peers.
   */
  readonly origin?: 'own' | 'peer';
  /** Which peer: each has an equal share of the time that peers' submissions get. */
  readonly peer?: string;
}

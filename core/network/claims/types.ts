import type { ContentId, DIFFICULTIES, Environment, PeerId } from '../../record/index.ts';

/** An open statement as the allocator sees it. */
export interface Candidate {
  readonly id: ContentId;
  readonly environment: Environment;
  /** 0 (whenever there is nothing better) to 9 (first of all). */
  readonly priority: number;
  readonly difficulty?: (typeof DIFFICULTIES)[number] | undefined;
}

/** What this node brings to a statement. */
export interface Strength {
  readonly policy: string;
  readonly model?: string;
  /** Whether the policy would do the same again on the same statement. */
  readonly repeats: boolean;
  /**
   * Work a second, in units of the reference node: for a language model, tokens a second ÷ 30; for a policy without a
   * model, checks a second ÷ 10.
   */
  readonly speed: number;
  /** How long one try at one statement takes, in seconds. */
  readonly secondsPerTry: number;
  /** Whether statements of an environment can be judged here. */
  supports(environment: Environment): boolean;
}

/** How far a peer's word is taken, from what it has shown. */
export interface CredibilitySource {
  /** From 0 (none) to 1. */
  of(peer: PeerId): number;
  /** Whether this node's own kernel has accepted a proof of this peer. */
  isProven(peer: PeerId): boolean;
}

/** Why a statement was chosen: what a face shows. */
export interface Choice {
  readonly statement: ContentId;
  /** `weighed`: in proportion to its weight; `random`: of the share that pays no attention to weights. */
  readonly by: 'weighed' | 'random';
  /** Chance that this node's next try solves it, as far as is known. */
  readonly gain: number;
  /** From 0 (nobody works on it) to below 1. */
  readonly discount: number;
}

/** What became of a claim that came in. */
export type ClaimOutcome =
  | 'taken'
  /** The statement is not open here, or not known. */
  | 'not-open'
  /** The claim that is held already is as new or newer, or was heard a moment ago. */
  | 'stale'
  /** It comes much later after its time of issue than this claimant's claims do: replayed, or held up. */
  | 'late'
  /** This claimant holds as many claims as are counted. */
  | 'too-many'
  /** Newcomers sent more than is read of them all together. */
  | 'flood'
  /** No room beside claims of more credible peers. */
  | 'crowded-out';

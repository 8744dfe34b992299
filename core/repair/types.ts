import type {
  Attempt,
  CheckOptions,
  CheckOutcome,
  Premise,
  Proposal,
  RoundState,
  Statement,
  VerifiedProof,
} from '../record/index.ts';

export interface AbortOptions {
  readonly signal: AbortSignal;
}

/** Decides what to try next. It knows a statement's past only through the state it is given. */
export interface ProofPolicy {
  /** Kept with each attempt, e.g. `portfolio` or `llama`. */
  readonly name: string;
  /** The candidates of one round, most promising first. A round without candidates ends the rollout. */
  propose(state: RoundState, options: AbortOptions): AsyncIterable<Proposal>;
}

/** Judges a submission; failing to be a proof is a verdict, not an exception. */
export interface ProofChecker {
  check(statement: Statement, submission: string, options: CheckOptions): Promise<CheckOutcome>;
}

/** Finds verified proofs of statements like this one. */
export interface Retriever {
  /** At most `k` premises, best first. */
  retrieve(statement: Statement, k: number, options: AbortOptions): Promise<readonly Premise[]>;
}

/** Keeps trajectories. What it throws is reported as an event and ends nothing. */
export interface AttemptSink {
  record(attempt: Attempt): void | Promise<void>;
}

export interface RepairComponents {
  readonly policy: ProofPolicy;
  readonly checker: ProofChecker;
  readonly retriever?: Retriever;
  readonly sink?: AttemptSink;
}

export type RepairReason =
  /** A submission was proved. */
  | 'proved'
  /** Every rollout used its rounds. */
  | 'rounds'
  /** The time budget ran out. */
  | 'seconds'
  /** The budget of checks ran out. */
  | 'checks'
  /** The caller's signal was aborted. */
  | 'cancelled'
  /** The policy had nothing more to propose. */
  | 'policy-exhausted'
  /** The policy threw. */
  | 'policy-failed'
  /** The checker crashed time after time. */
  | 'checker-failed';

/** What became of one statement. */
export interface RepairOutcome {
  readonly solved: boolean;
  readonly reason: RepairReason;
  /** Present exactly when solved. */
  readonly proof?: VerifiedProof;
  /** Rollout and round of the proof, or how far the search came; from 0. */
  readonly rollout: number;
  readonly round: number;
  /** The whole trajectory, in the order in which verdicts came. */
  readonly attempts: readonly Attempt[];
  /** Checks that were begun: duplicates are attempts, yet cost no check. */
  readonly checks: number;
  /** Ids of the premises that the policy saw, best first. */
  readonly retrieved: readonly string[];
  readonly seconds: number;
  /** Says more where the policy or the checker failed. */
  readonly detail?: string;
}

export type RepairEvent =
  | { readonly type: 'repair:started'; readonly statement: Statement }
  | { readonly type: 'repair:retrieved'; readonly premises: readonly Premise[] }
  | { readonly type: 'repair:retrieval-failed'; readonly error: unknown }
  | { readonly type: 'repair:rollout-started'; readonly rollout: number }
  | { readonly type: 'repair:round-started'; readonly rollout: number; readonly round: number }
  | {
      readonly type: 'repair:check-started';
      readonly rollout: number;
      readonly round: number;
      readonly candidate: number;
      readonly submission: string;
    }
  | { readonly type: 'repair:attempt-finished'; readonly attempt: Attempt }
  | { readonly type: 'repair:sink-failed'; readonly error: unknown }
  | { readonly type: 'repair:finished'; readonly statement: Statement; readonly outcome: RepairOutcome };

export interface ProveOptions {
  readonly signal?: AbortSignal;
  /** Progress; must not throw. */
  readonly onEvent?: (event: RepairEvent) => void;
}

import type { Proposal, RoundState, Statement } from '../../record/index.ts';

/** What is composed: any policy of the repair loop. */
export interface RoundPolicy {
  readonly name: string;
  propose(state: RoundState, options: { readonly signal: AbortSignal }): AsyncIterable<Proposal>;
}

/**
 * What a round may be spent on after the opening, which is the quick policy's first round and costs little:
 * `search`, the quick policy's next round; `model`, the model's next round; `leftovers`, the quick policy on what the
 * model's last attempt left open.
 */
export const ARMS = ['search', 'model', 'leftovers'] as const;
export type Arm = (typeof ARMS)[number];

/** What is known of an arm for statements of one kind. */
export interface ArmShare {
  readonly arm: Arm;
  /** Of the rounds after the opening; the shares of all arms sum to 1. */
  readonly share: number;
  /** Of the time after the opening. */
  readonly timeShare: number;
  /** Chance that a round of it proves such a statement, as far as is known. */
  readonly chance: number;
  /** What a round of it takes, in seconds. */
  readonly seconds: number;
  /** Rounds and proofs seen so far, on statements of the narrowest kind that any were seen of. */
  readonly rounds: number;
  readonly proofs: number;
  /** In words, for the user. */
  readonly why: string;
}

/** Keeps what has been learnt between runs. */
export interface MixedStore {
  /** What was saved last; undefined where nothing was. It is checked here, not believed. */
  load(): Promise<unknown>;
  save(state: unknown): Promise<void>;
  /** Keeps what was loaded and cannot be used, such as a later version's, from the next save. */
  setAside?(): Promise<void>;
}

/** As the repair loop ends a statement. */
export interface StatementEnd {
  readonly solved: boolean;
  readonly reason: string;
  readonly rollout: number;
  readonly round: number;
}

export type MixedEvent =
  | {
      readonly type: 'mixed:chosen';
      readonly statement: Statement;
      readonly rollout: number;
      readonly round: number;
      readonly arm: Arm | 'opening';
    }
  /** It had something to say, or was stopped before it could, so the round was its own; it has ended. */
  | {
      readonly type: 'mixed:played';
      readonly statement: Statement;
      readonly rollout: number;
      readonly round: number;
      readonly arm: Arm | 'opening';
      readonly milliseconds: number;
    }
  /** The rollout goes on without it. */
  | {
      readonly type: 'mixed:model-failed';
      readonly statement: Statement;
      readonly rollout: number;
      readonly round: number;
      readonly error: unknown;
    }
  /** What was saved could not be used; learning begins anew. */
  | { readonly type: 'mixed:state-unreadable'; readonly detail: string }
  | { readonly type: 'mixed:state-unsaved'; readonly error: unknown };

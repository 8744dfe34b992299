import type { AbortOptions } from '../store.ts';
import type { TurnOutcome } from './reconciler.ts';

/** A set of record keys as a session sees it, wherever it is kept. */
export interface ReconciledSet {
  /** Keys in it, as far as is known here. */
  readonly size: number;
  /** One side of one reconciliation; its short ids are salted with this. */
  side(salt: Uint8Array): ReconciledSide;
}

/** Both reject with the signal's reason when it aborts. */
export interface ReconciledSide {
  /** The first turn. */
  begin(options: AbortOptions): Promise<Uint8Array>;
  /** Answers a turn. @throws ProtocolViolationError (malformed) */
  respond(turn: Uint8Array, options: AbortOptions): Promise<TurnOutcome>;
}

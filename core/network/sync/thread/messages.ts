import type { Offence } from '../../reputation/offences.ts';
import type { PackedKeys } from './packed-keys.ts';

/**
 * What the main thread and the one that keeps the sets say to each other. Both run the same code in one process, so that
 * it is not parsed like what comes from outside; buffers change hands and are not copied.
 */
export type Request =
  | (Call & { readonly call: number })
  /** Nobody waits for that call any more. */
  | { readonly type: 'cancel'; readonly call: number }
  | { readonly type: 'drop'; readonly set: number };

/** What is answered. A set is there from its first mention on. */
export type Call = ChangeCall | TurnCall;

export interface ChangeCall {
  readonly type: 'add' | 'remove';
  readonly set: number;
  readonly keys: PackedKeys;
}

export type TurnCall = { readonly set: number; readonly salt: Uint8Array } & (
  { readonly type: 'begin' } | { readonly type: 'respond'; readonly turn: Uint8Array<ArrayBuffer> }
);

export type Reply = { readonly call: number } & (
  | Done
  /** The turn was none that a peer may send. */
  | { readonly type: 'violation'; readonly offence: Offence; readonly detail: string }
  | { readonly type: 'failed'; readonly detail: string }
);

/** What was asked has been done. */
export interface Done {
  readonly type: 'done';
  /** Keys in the set, then. */
  readonly size: number;
  /** What came of `begin` and `respond`. */
  readonly turn?: PackedOutcome;
}

/** As `TurnOutcome`, with the digests of what is needed one after another. */
export interface PackedOutcome {
  readonly asked: boolean;
  readonly reply: Uint8Array<ArrayBuffer>;
  readonly final: boolean;
  readonly needed: Uint8Array<ArrayBuffer>;
  readonly offered: number;
}

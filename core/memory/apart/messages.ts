import type { BankEvent } from '../events.ts';
import type { Bank } from '../types.ts';
import type { Fault } from './faults.ts';

/** The bank's methods that answer once. */
export type Method = Exclude<
  {
    [Name in keyof Bank]: Bank[Name] extends (...args: never) => Promise<unknown> ? Name : never;
  }[keyof Bank],
  'close' | typeof Symbol.asyncDispose
>;

/** The bank's methods that answer piece by piece. */
export type Stream = 'proofs' | 'entries';

/**
 * What is said to the bank's process. Both sides run the same code, on one machine and for one user, so that it is not
 * parsed like what comes from outside.
 */
export type Request =
  | CallRequest
  /** The next pieces of a stream, which the first such request begins. */
  | NextRequest
  /** Nobody wants the rest of that stream. */
  | { readonly type: 'end'; readonly stream: number }
  /** It finishes what is under way, lets the directory go and ends. */
  | { readonly type: 'close' };

export interface CallRequest {
  readonly type: 'call';
  readonly call: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export interface NextRequest {
  readonly type: 'next';
  readonly call: number;
  readonly stream: number;
  readonly method: Stream;
  readonly first: boolean;
}

export type Reply =
  | { readonly type: 'value'; readonly call: number; readonly value: unknown }
  | { readonly type: 'fault'; readonly call: number; readonly fault: Fault }
  | { readonly type: 'event'; readonly event: BankEvent };

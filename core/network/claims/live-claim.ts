import type { ContentId, PeerId } from '../../record/index.ts';

/** A claim as it is counted. Times are of this node's clock, save `issuedAt`. */
export interface LiveClaim {
  readonly claimant: PeerId;
  readonly statement: ContentId;
  /** When the first beat was heard. */
  begunAt: number;
  nonce: Uint8Array;
  beat: number;
  issuedAt: number;
  heardAt: number;
  deadline: number;
  state: 'working' | 'ended';
  /** Work reported so far, in seconds. */
  seconds: number;
  /** How the claimant says that it works. */
  policy: string;
  model: string | undefined;
}

/** Negative where `a` comes before `b`, 0 where they are the same. Nonces are all of one length. */
export function compareNonces(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

import type { ContentId, PeerId } from '../../record/index.ts';

/** A claim as it is counted. Times are of this node's clock, save `issuedAt`. */
export interface LiveClaim {
  readonly claimant: PeerId;
  readonly statement: ContentId;
  /** When the first beat was heard. */
  begunAt: number;
  nonce: string;
  beat: number;
  issuedAt: number;
  heardAt: number;
  deadline: number;
  state: 'working' | 'ended';
  /** Work reported so far, in seconds. */
  seconds: number;
}

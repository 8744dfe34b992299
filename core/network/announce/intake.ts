import type { PeerId } from '../../record/index.ts';
import { Buckets, TokenBucket, type Rate } from '../wire/token-bucket.ts';
import { share, TAKEN_SHARE } from './rates.ts';

export interface IntakeInit {
  readonly perPeer: Rate;
  readonly bytesPerPeer: Rate;
}

/** Of all that is taken, what each neighbour has for certain while few others ask for as much. */
const MODEST_SHARE = 1 / 8;
/** Of all that is taken, what may go to those who pass on more than that. */
const SURPLUS_SHARE = 1 / 2;
/** What surrounds an announcement in its gossip frame: the author, the nonce, the signature and the topic. */
const FRAME_BYTES = 256;

/**
 * Bounds what this node takes from all its neighbours together. What it takes it passes on, and its own neighbours would blame
 * it for a flood that came to it from many. Nobody is to blame where there is no room: reconciliation brings what was missed.
 *
 * A few neighbours who pass on a great deal cannot take the place of the others: what a neighbour says itself, and the first few
 * that it passes on, need no part of the surplus.
 */
export class Intake {
  readonly #all: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #surplus: TokenBucket;
  readonly #modest: Buckets;

  constructor({ perPeer, bytesPerPeer }: IntakeInit, now = performance.now()) {
    const taken = share(perPeer, TAKEN_SHARE);
    this.#all = new TokenBucket(taken, now);
    this.#bytes = new TokenBucket(share(bytesPerPeer, TAKEN_SHARE), now);
    this.#surplus = new TokenBucket(share(taken, SURPLUS_SHARE), now);
    this.#modest = new Buckets(share(taken, MODEST_SHARE));
  }

  /** Whether there is room for an announcement of so many bytes. */
  take(author: PeerId, from: PeerId, bytes: number, now = performance.now()): boolean {
    const isModest = author === from || this.#modest.take(from, 1, now);
    if (!isModest && !this.#surplus.take(1, now)) return false;
    return this.#all.take(1, now) && this.#bytes.take(bytes + FRAME_BYTES, now);
  }
}

import type { Rate } from '../wire/token-bucket.ts';

/*
 * All that a node sends to a neighbour is what it says itself and what it took from others. Neighbours blame it beyond
 * `perPeer`, whoever made it, so that both together stay well below that; the rest is room for lines that stand still for
 * seconds and then bring everything at once.
 */

/** Of `perAuthor`, what a node says itself: others' clocks and queues are not ours. */
export const OWN_SHARE = 0.8;
/** Of `perPeer`, what a node takes from all its neighbours together, and so passes on. */
export const TAKEN_SHARE = 0.5;

export const share = ({ perSecond, burst }: Rate, part: number): Rate => ({
  perSecond: part * perSecond,
  burst: part * burst,
});

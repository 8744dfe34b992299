/**
 * What a peer can be blamed for, in points; at `CUT_OFF_POINTS` it is cut off. Only what the peer itself did counts:
 * an honest peer must never be able to earn points by passing on what others made, save where it could have known or where
 * it passes on little else, nor by being slow: that is `Patience`'s.
 */
export const OFFENCE_POINTS = {
  /** Bytes that are no message of the protocol. */
  malformed: 25,
  /** A record whose id or signature does not hold. */
  forged: 50,
  /** A message or an answer beyond the agreed size. */
  oversized: 34,
  /** More than the rate limits allow. */
  flood: 20,
  /** An announcement that the peer itself sent before, sent again long after. */
  replay: 10,
  /** A proof that it vouched for and this node's kernel refused. */
  'refused-by-kernel': 50,
  /** As before, but that it did not vouch for: it may have been unable to judge it, and is cut off where that is most it sends. */
  'passed-on-refused': 3,
  /** Records that it offered and then did not have. */
  phantom: 10,
  /** A reconciliation that makes no progress. */
  loop: 25,
} as const;

export type Offence = keyof typeof OFFENCE_POINTS;
export const CUT_OFF_POINTS = 100;

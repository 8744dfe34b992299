import { describe, expect, test } from 'vitest';
import {
  MAX_AHEAD_MS,
  MAX_PROOFS_OF_FINDER,
  MAX_PROOFS_OF_STATEMENT,
  whyUnwanted,
} from '../../../core/node/swarm/unwanted.ts';

const NOW = 1_800_000_000_000;
const record = { createdAt: NOW - 1000 };

describe('a received proof', () => {
  test('is wanted while there are few of its statement', () => {
    expect(whyUnwanted(record, { all: 0, ofPeer: 0 }, NOW)).toBeUndefined();
    const few = { all: MAX_PROOFS_OF_STATEMENT - 1, ofPeer: MAX_PROOFS_OF_FINDER - 1 };
    expect(whyUnwanted(record, few, NOW)).toBeUndefined();
  });

  test('is not wanted where there are many of its statement, or many of its finder', () => {
    expect(whyUnwanted(record, { all: MAX_PROOFS_OF_STATEMENT, ofPeer: 0 }, NOW)).toBe('for-good');
    const ofFinder = { all: MAX_PROOFS_OF_FINDER, ofPeer: MAX_PROOFS_OF_FINDER };
    expect(whyUnwanted(record, ofFinder, NOW)).toBe('for-good');
  });

  test('of the future waits for its time; a clock may be off by a day', () => {
    const held = { all: 0, ofPeer: 0 };
    expect(whyUnwanted({ createdAt: NOW + 86_400_000 }, held, NOW)).toBeUndefined();
    expect(whyUnwanted({ createdAt: NOW + MAX_AHEAD_MS + 1 }, held, NOW)).toBe('for-now');
  });
});

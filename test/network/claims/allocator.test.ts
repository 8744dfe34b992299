import { describe, expect, test } from 'vitest';
import {
  Allocator,
  Credibility,
  type AllocatorInit,
  type Candidate,
} from '../../../core/network/claims/index.ts';
import type { EffortLedger } from '../../../core/network/claims/effort-ledger.ts';
import { expectedGain } from '../../../core/network/claims/expected-gain.ts';
import { Random } from './simulation/random.ts';
import { candidate, claimOf, MINUTE, START, strength } from './support.ts';

const METHOD = { policy: 'llama', model: 'a' };

function allocator(init: Partial<AllocatorInit> = {}, seed = 1) {
  const credibility = new Credibility();
  const made = new Allocator(
    { credibility, random: new Random(seed).next },
    { strength: strength(), randomShare: 0, ...init },
  );
  return { allocator: made, credibility };
}

const put = (target: Allocator, ...candidates: Candidate[]): void =>
  candidates.forEach((one) => target.put(one));

/** How often each statement comes first in many choices. */
function tally(target: Allocator, now = START, times = 2000): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const [choice] = target.choose(1, now);
    if (choice === undefined) continue;
    target.release(choice.statement);
    counts[choice.statement] = (counts[choice.statement] ?? 0) + 1;
  }
  return counts;
}
const share = (counts: Record<string, number>, id: string): number =>
  (counts[id] ?? 0) / Object.values(counts).reduce((sum, count) => sum + count, 0);

describe('choosing', () => {
  test('gives different statements, none twice until it is released, and says why', () => {
    const { allocator: target } = allocator();
    put(target, ...['a', 'b', 'c'].map((id) => candidate(id)));
    const chosen = target.choose(5, START);
    expect(chosen.map(({ statement }) => statement).toSorted()).toEqual(['a', 'b', 'c']);
    expect(chosen[0]).toMatchObject({ by: 'weighed', discount: 0 });
    expect(chosen[0]?.gain).toBeGreaterThan(0);
    expect(target.choose(1, START)).toEqual([]);
    target.release('b');
    expect(target.choose(5, START).map(({ statement }) => statement)).toEqual(['b']);
  });

  test('never takes what cannot be judged here, nor what is off the board', () => {
    const { allocator: target } = allocator({ randomShare: 1 });
    put(
      target,
      candidate('a'),
      candidate('b', { environment: { lean: '4', library: 'mathlib', revision: 'x' } }),
      candidate('c'),
    );
    target.remove('c');
    expect(Object.keys(tally(target))).toEqual(['a']);
    target.setStrength(strength({ supports: ({ library }) => library === 'mathlib' }));
    expect(Object.keys(tally(target))).toEqual(['b']);
  });

  test("goes by curators' priorities, without leaving the lowest aside", () => {
    const { allocator: target } = allocator();
    put(target, candidate('high', { priority: 9 }), candidate('low', { priority: 0 }));
    const counts = tally(target);
    expect(share(counts, 'high')).toBeGreaterThan(0.95);
    expect(share(counts, 'low')).toBeGreaterThan(0);
    target.put(candidate('low', { priority: 9 }));
    expect(share(tally(target), 'low')).toBeCloseTo(0.5, 1);
  });

  test('turns to what has been tried less', () => {
    const { allocator: target } = allocator();
    put(target, candidate('tried'), candidate('new'));
    target.worked('tried', METHOD, 3600, { wholeTry: true });
    expect(share(tally(target), 'new')).toBeGreaterThan(0.9);
  });

  test('by a policy that repeats itself does not try the same again, but something longer', () => {
    const portfolio = strength({ policy: 'portfolio', repeats: true });
    const { allocator: target } = allocator({ strength: portfolio });
    put(target, candidate('tried'), candidate('new'));
    target.worked('tried', portfolio, 300, { wholeTry: true });
    const before = share(tally(target), 'tried');
    expect(before).toBeLessThan(0.02);
    target.setStrength({ ...portfolio, secondsPerTry: 3000 });
    expect(share(tally(target), 'tried')).toBeGreaterThan(10 * before + 0.05);
  });
});

describe('claims of others', () => {
  test('send this node elsewhere, most of the time', () => {
    const { allocator: target } = allocator();
    put(target, candidate('a'), candidate('b'));
    expect(target.isClaimed('a')).toBe(false);
    target.heard(claimOf('p', 'a', 0), START);
    expect(target.isClaimed('a')).toBe(true);
    expect(share(tally(target), 'a')).toBeLessThan(0.05);
  });

  test('of peers who have proved something weigh more', () => {
    const { allocator: target, credibility } = allocator();
    put(target, candidate('a'), candidate('b'));
    for (let i = 0; i < 5; i++) credibility.proved('p');
    target.heard(claimOf('p', 'a', 0), START);
    expect(share(tally(target), 'a')).toBeLessThan(0.05);
  });

  test('end with the claimant: a statement whose claimant died is as good as before', () => {
    const { allocator: target } = allocator();
    put(target, candidate('a'), candidate('b'));
    target.heard(claimOf('p', 'a', 0), START);
    expect(share(tally(target, START + 179_000), 'a')).toBeLessThan(0.2);
    expect(share(tally(target, START + 180_000), 'a')).toBeCloseTo(0.5, 1);
  });

  test('on everything change nothing about what is chosen', () => {
    const { allocator: target } = allocator();
    put(target, candidate('a', { difficulty: 'easy' }), candidate('b', { difficulty: 'hard' }));
    const before = share(tally(target), 'a');
    for (const id of ['a', 'b']) for (const key of ['p', 'q', 'r']) target.heard(claimOf(key, id, 0), START);
    expect(share(tally(target), 'a')).toBeCloseTo(before, 1);
  });

  test('keep no statement from being tried: some choices pay them no attention', () => {
    const { allocator: target, credibility } = allocator({ randomShare: 0.1 });
    const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
    put(target, ...ids.map((id) => candidate(id)));
    for (const key of ['p', 'q', 'r', 's']) {
      for (let i = 0; i < 10; i++) credibility.proved(key);
      target.heard(claimOf(key, 's0', 0), START);
    }
    expect(share(tally(target, START, 20_000), 's0')).toBeGreaterThan(0.1 / 20 / 2);
  });

  test('that boast of work in vain make a statement look hard, not hopeless', () => {
    const { allocator: target } = allocator();
    put(target, candidate('a'), candidate('b'));
    for (let key = 0; key < 10; key++) {
      target.heard(claimOf(`p${key}`, 'a', 0), START);
      for (let beat = 1; beat < 60; beat++) {
        target.heard(
          claimOf(`p${key}`, 'a', beat * MINUTE, { beat, seconds: beat * 60 }),
          START + beat * MINUTE,
        );
      }
      target.heard(
        claimOf(`p${key}`, 'a', 60 * MINUTE, { beat: 60, seconds: 3600, state: 'ended' }),
        START + 60 * MINUTE,
      );
    }
    expect(share(tally(target, START + 60 * MINUTE), 'a')).toBeGreaterThan(0.02);
  });
});

describe('two who choose the same at the same moment', () => {
  const low = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1);
  const high = Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 1);

  test('are told apart by their nonces: one yields, the other stays', () => {
    for (const [own, other, yields] of [
      [high, low, true],
      [low, high, false],
    ] as const) {
      const { allocator: target } = allocator();
      put(target, candidate('a'));
      target.choose(1, START);
      target.heard(claimOf('p', 'a', 0, { nonce: other }), START + 500);
      expect(target.shouldYield({ statement: 'a', nonce: own }, START, START + 2000)).toBe(yields);
    }
  });

  test('do not yield to who was there before, whose claim was weighed when choosing', () => {
    const { allocator: target } = allocator();
    put(target, candidate('a'));
    target.heard(claimOf('p', 'a', 0, { nonce: low }), START);
    expect(target.shouldYield({ statement: 'a', nonce: high }, START + 1, START + 2000)).toBe(false);
  });

  test('do not yield for ever to somebody who answers every claim with another', () => {
    const { allocator: target } = allocator();
    const answers = Array.from({ length: 9 }, (_, i) => {
      put(target, candidate(`s${i}`));
      target.heard(claimOf(`p${i}`, `s${i}`, 0, { nonce: low }), START + 1);
      return target.shouldYield({ statement: `s${i}`, nonce: high }, START, START + 2000);
    });
    expect(answers).toEqual([true, true, false, true, true, false, true, true, false]);
  });
});

describe('expected gain', () => {
  const gain = (efforts: Parameters<EffortLedger['addTry']>[], change = {}): number =>
    expectedGain(
      'medium',
      efforts.map(([, { policy, model }, units]) => ({
        policy,
        model,
        vouched: units,
        hearsay: 0,
        longestTry: 0,
      })),
      strength(change),
    );

  test('falls with work in vain, most with work of the same kind', () => {
    const fresh = gain([]);
    const byOthers = gain([['s', { policy: 'portfolio' }, 3000]]);
    const byModel = gain([['s', { policy: 'llama', model: 'b' }, 3000]]);
    const own = gain([['s', METHOD, 3000]]);
    expect(fresh).toBeGreaterThan(byOthers);
    expect(byOthers).toBeGreaterThan(byModel);
    expect(byModel).toBeGreaterThan(own);
    expect(own).toBeGreaterThan(0);
  });

  test('falls less for the strong than for the weak', () => {
    const left = (speed: number): number => gain([['s', METHOD, 10_000]], { speed }) / gain([], { speed });
    expect(left(10)).toBeGreaterThan(2 * left(0.1));
  });
});

test('a choice among 100,000 open statements takes far less than 5 ms, with claims coming in', () => {
  const { allocator: target } = allocator({ randomShare: 0.1 });
  const statements = Array.from({ length: 100_000 }, (_, i) => candidate(`s${i}`, { priority: i % 10 }));
  put(target, ...statements);
  const random = new Random(8);
  const started = performance.now();
  const rounds = 2000;
  for (let i = 0; i < rounds; i++) {
    for (let j = 0; j < 5; j++) {
      target.heard(claimOf(`p${random.below(500)}`, `s${random.below(100_000)}`, i * 1000), START + i * 1000);
    }
    const [choice] = target.choose(1, START + i * 1000);
    expect(choice).toBeDefined();
    target.worked(choice?.statement ?? '', METHOD, 100, { wholeTry: true });
    target.release(choice?.statement ?? '');
  }
  expect((performance.now() - started) / rounds).toBeLessThan(5);
});

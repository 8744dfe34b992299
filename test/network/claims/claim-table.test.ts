import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ClaimTable, type ClaimTableInit } from '../../../core/network/claims/claim-table.ts';
import type { ReportedEffort } from '../../../core/network/claims/effort-ledger.ts';
import { Credibility } from '../../../core/network/claims/index.ts';
import { claimOf, MINUTE, START } from './support.ts';

let credibility: Credibility;
let efforts: ReportedEffort[];
let lapses: string[];
let closed: Set<string>;
let held: string[];

function table(init: ClaimTableInit = {}): ClaimTable {
  return new ClaimTable(
    {
      credibility,
      isOpen: (id) => !closed.has(id),
      onEffort: (report) => efforts.push(report),
      onLapse: (peer) => lapses.push(peer),
      onHolders: (id) => held.push(id),
    },
    init,
  );
}

beforeEach(() => {
  credibility = new Credibility();
  efforts = [];
  lapses = [];
  closed = new Set();
  held = [];
});

const nonce = (value: number): Uint8Array<ArrayBuffer> => Uint8Array.of(value, 0, 0, 0, 0, 0, 0, 0);

describe('a claim', () => {
  test('counts until its lease runs out, and its claimant is blamed for having said nothing more', () => {
    const claims = table();
    expect(claims.accept(claimOf('p', 's', 0), START)).toBe('taken');
    expect(claims.discount('s', START + 179_999)).toBeGreaterThan(0.5);
    claims.expire(START + 180_000);
    expect(claims.discount('s', START + 180_000)).toBe(0);
    expect(claims.size).toBe(0);
    expect(lapses).toEqual(['p']);
  });

  test('is renewed by a heartbeat and ended by a last word, for which nobody is blamed', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0), START);
    expect(claims.accept(claimOf('p', 's', MINUTE, { beat: 1 }), START + MINUTE)).toBe('taken');
    claims.expire(START + 200_000);
    expect(claims.discount('s', START + 200_000)).toBeGreaterThan(0.5);
    const last = claimOf('p', 's', 200_000, { beat: 2, state: 'ended' });
    expect(claims.accept(last, START + 200_000)).toBe('taken');
    expect(claims.discount('s', START + 200_000)).toBe(0);
    claims.expire(START + 20 * MINUTE);
    expect(lapses).toEqual([]);
  });

  test('is told of as it comes, ends and lapses, with how its claimant works; heartbeats say nothing new', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0), START);
    claims.accept(claimOf('p', 's', MINUTE, { beat: 1 }), START + MINUTE);
    expect(held).toEqual(['s']);
    const { policy } = claimOf('p', 's', 0).effort;
    expect(claims.holders('s')).toMatchObject([{ claimant: 'p', policy, begunAt: START }]);
    claims.accept(claimOf('p', 's', 2 * MINUTE, { beat: 2, state: 'ended' }), START + 2 * MINUTE);
    expect([held, claims.holders('s')]).toEqual([['s', 's'], []]);
    claims.accept(claimOf('q', 't', 0), START + 3 * MINUTE);
    claims.expire(START + 30 * MINUTE);
    // What was ended before it ran out was told of then.
    expect(held).toEqual(['s', 's', 't', 't']);
  });

  test('that asks for too much gets the longest lease; one that asks for nothing the shortest', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0, { leaseMs: 600_000 }), START);
    claims.accept(claimOf('q', 't', 0, { leaseMs: 0 }), START);
    expect(claims.discount('t', START + 9000)).toBeGreaterThan(0);
    claims.expire(START + 10_000);
    expect(claims.discount('t', START + 10_000)).toBe(0);
    claims.expire(START + 180_000);
    expect(claims.discount('s', START + 180_000)).toBe(0);
  });

  test('on what is not open here is not kept', () => {
    closed.add('s');
    const claims = table();
    expect(claims.accept(claimOf('p', 's', 0), START)).toBe('not-open');
    expect(claims.size).toBe(0);
  });

  test('is forgotten with its statement, without blame', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0), START);
    claims.forget('s');
    expect(claims.discount('s', START)).toBe(0);
    claims.expire(START + 20 * MINUTE);
    expect(lapses).toEqual([]);
  });
});

describe('replays', () => {
  test('of what is held already are stale, and renew nothing', () => {
    const claims = table();
    const first = claimOf('p', 's', 0);
    const second = claimOf('p', 's', MINUTE, { beat: 1 });
    claims.accept(first, START);
    claims.accept(second, START + MINUTE);
    for (let at = START + 70_000; at < START + 240_000; at += 10_000) {
      expect(claims.accept(first, at)).toBe('stale');
      expect(claims.accept(second, at)).toBe('stale');
    }
    claims.expire(START + 240_000);
    expect(claims.discount('s', START + 240_000)).toBe(0);
  });

  test('do not bring back what was ended or has run out', () => {
    const claims = table();
    const first = claimOf('p', 's', 0);
    claims.accept(first, START);
    claims.accept(claimOf('p', 's', MINUTE, { beat: 1, state: 'ended' }), START + MINUTE);
    expect(claims.accept(first, START + MINUTE + 1)).toBe('stale');
    // The claimant goes on elsewhere, so that its clock stays known.
    claims.accept(claimOf('p', 't', 2 * MINUTE, { nonce: nonce(2) }), START + 2 * MINUTE);
    expect(claims.accept(first, START + 10 * MINUTE)).toBe('late');
    expect(claims.discount('s', START + 10 * MINUTE)).toBe(0);
  });

  test('of an older claim on the same statement do not take the place of the newer', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', MINUTE, { nonce: nonce(9) }), START);
    expect(claims.accept(claimOf('p', 's', 0, { nonce: nonce(3), beat: 7 }), START + MINUTE)).toBe('stale');
    expect(claims.accept(claimOf('p', 's', 2 * MINUTE, { nonce: nonce(3) }), START + MINUTE)).toBe('taken');
  });

  test('a heartbeat a moment after the last is not even looked at', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0), START);
    for (let beat = 1; beat < 100; beat++) {
      expect(claims.accept(claimOf('p', 's', beat, { beat }), START + beat)).toBe('stale');
    }
  });
});

describe('clocks', () => {
  test.each([0, -86_400_000, 86_400_000, 1e12])('off by %d milliseconds do no harm', (skew) => {
    const claims = table();
    for (let beat = 0; beat < 10; beat++) {
      const at = START + beat * MINUTE;
      expect(claims.accept(claimOf('p', 's', 2e12 + skew + beat * MINUTE, { beat }), at + 3000)).toBe(
        'taken',
      );
      expect(claims.discount('s', at + 3000)).toBeGreaterThan(0.5);
    }
  });

  test('that are set back are believed again after a while', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 1e9), START);
    expect(claims.accept(claimOf('p', 't', 1e9 - 60 * MINUTE), START + MINUTE)).toBe('late');
    expect(claims.accept(claimOf('p', 't', 1e9 - 20 * MINUTE), START + 40 * MINUTE)).toBe('taken');
  });
});

describe('work that claimants report', () => {
  test('is passed on as it grows, and no faster than time goes by', () => {
    const claims = table();
    claims.accept(claimOf('p', 's', 0, { seconds: 604_800 }), START);
    claims.accept(claimOf('p', 's', MINUTE, { beat: 1, seconds: 604_800 }), START + MINUTE);
    claims.accept(
      claimOf('p', 's', 2 * MINUTE, { beat: 2, seconds: 604_800, state: 'ended' }),
      START + 2 * MINUTE,
    );
    expect(efforts.map(({ units }) => units)).toEqual([60, 60]);
    expect(efforts.map(({ wholeTry }) => wholeTry)).toEqual([undefined, 120]);
  });

  test('counts no more than a very fast machine can do', () => {
    const claims = table();
    const effort = { policy: 'llama', seconds: 60, speed: 1_000_000 };
    claims.accept(claimOf('p', 's', 0), START);
    claims.accept(claimOf('p', 's', MINUTE, { beat: 1, effort }), START + MINUTE);
    expect(efforts[0]?.units).toBe(60 * 32);
  });
});

describe('hostile claimants', () => {
  test('who claim everything thin out their own weight, and hold no more than is counted', () => {
    const claims = table();
    claims.accept(claimOf('p', 's0', 0), START);
    const alone = claims.discount('s0', START);
    const outcomes = Array.from({ length: 1000 }, (_, i) =>
      claims.accept(claimOf('p', `s${i + 1}`, i), START + i),
    );
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(15);
    expect(outcomes.at(-1)).toBe('too-many');
    expect(claims.size).toBe(16);
    expect(claims.discount('s0', START + 1000)).toBeLessThan(alone * 0.8);
  });

  test('with thousands of keys weigh no more together than a few, and are bounded', () => {
    const claims = table({ maxClaimants: 100 });
    const outcomes = Array.from({ length: 5000 }, (_, i) =>
      claims.accept(claimOf(`key-${i}`, `s${i % 50}`, i), START + i),
    );
    expect(claims.size).toBeLessThanOrEqual(100);
    expect(new Set(outcomes)).toEqual(new Set(['taken', 'crowded-out', 'flood']));
    for (let i = 0; i < 50; i++) expect(claims.discount(`s${i}`, START + 5000)).toBeLessThanOrEqual(0.93);
  });

  test('of no standing make room for a peer who has proved something', () => {
    const claims = table({ maxClaimants: 20, maxPerStatement: 4 });
    for (let i = 0; i < 100; i++) claims.accept(claimOf(`key-${i}`, 's', i), START + i);
    credibility.proved('honest');
    expect(claims.accept(claimOf('honest', 's', 0), START + 200)).toBe('taken');
    expect(claims.holders('s').map(({ claimant }) => claimant)).toContain('honest');
    expect(claims.holders('s')).toHaveLength(4);
  });

  test('who hold a statement for ever lose their hold on it', () => {
    const claims = table();
    const held: number[] = [];
    for (let beat = 0; beat <= 180; beat++) {
      const at = START + beat * MINUTE;
      for (const key of ['p', 'q', 'r']) {
        expect(claims.accept(claimOf(key, 's', beat * MINUTE, { beat }), at)).toBe('taken');
      }
      held.push(claims.discount('s', at));
    }
    expect(held[0]).toBeGreaterThan(0.9);
    expect(held[60]).toBeLessThan(0.5);
    expect(held[180]).toBeLessThan(0.13);
  });

  test('never make a statement worth nothing, whatever they send', () => {
    const message = fc.record({
      claimant: fc.constantFrom('p', 'q', 'r', 'proven'),
      statement: fc.constantFrom('s', 't'),
      beat: fc.nat(5),
      nonce: fc.nat(2),
      issuedAt: fc.nat(1000 * MINUTE),
      ended: fc.boolean(),
      wait: fc.nat(4 * MINUTE),
      seconds: fc.nat(604_800),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        efforts = [];
        const claims = table({ maxPerStatement: 3 });
        credibility.proved('proven');
        let now = START;
        for (const { claimant, statement, beat, issuedAt, ended, wait, seconds, ...rest } of messages) {
          now += wait;
          const state = ended ? 'ended' : 'working';
          claims.accept(
            claimOf(claimant, statement, issuedAt, { beat, seconds, state, nonce: nonce(rest.nonce) }),
            now,
          );
          const discount = claims.discount(statement, now);
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(0.97);
        }
        const reported = efforts.reduce((sum, { units }) => sum + units, 0);
        expect(reported).toBeLessThanOrEqual(8 * ((now - START) / 1000));
        claims.expire(now + 10 * MINUTE);
        expect(claims.size).toBe(0);
        expect(claims.discount('s', now + 10 * MINUTE)).toBe(0);
      }),
    );
  });
});

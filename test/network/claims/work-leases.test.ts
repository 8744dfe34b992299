import { beforeEach, expect, test } from 'vitest';
import { workClaimSchema } from '../../../core/record/index.ts';
import { Credibility, WorkLeases } from '../../../core/network/claims/index.ts';
import { person } from '../board/support.ts';

const CLAIMANT = person(7).peer;
const STATEMENT = 'bafyreifz2ai4d34fl3f5ss6pgflbcou4ghuwrzpyiyqoxqvqj7lhripcmm';
const METHOD = { policy: 'llama', model: 'a', speed: 1000 };
const NOW = 1_700_000_000_000;

let leases: WorkLeases;
beforeEach(() => {
  let count = 0;
  leases = new WorkLeases(
    { nonce: () => Uint8Array.of(++count, 0, 0, 0, 0, 0, 0, 0) },
    { claimant: CLAIMANT },
  );
});

test('a lease begins, beats in time and ends, in claims that others take', () => {
  const first = leases.begin(STATEMENT, METHOD, NOW);
  expect(leases.nextBeatAt).toBe(NOW + 60_000);
  expect(leases.beats(NOW + 59_999)).toEqual([]);
  const [second] = leases.beats(NOW + 60_000);
  expect(leases.beats(NOW + 60_000)).toEqual([]);
  const last = leases.end(STATEMENT, NOW + 90_500);
  expect([first, second, last]).toMatchObject([
    { beat: 0, state: 'working', effort: { seconds: 0 }, expiresAt: NOW + 180_000 },
    { beat: 1, state: 'working', effort: { seconds: 60 }, nonce: first.nonce },
    { beat: 2, state: 'ended', effort: { seconds: 90 }, nonce: first.nonce },
  ]);
  for (const claim of [first, second, last]) expect(workClaimSchema.safeParse(claim).error).toBeUndefined();
  expect(leases.end(STATEMENT, NOW)).toBeUndefined();
  expect(leases.nextBeatAt).toBeUndefined();
});

test('a clock that is set makes a heartbeat due, and reported work never shrinks', () => {
  leases.begin(STATEMENT, METHOD, NOW);
  leases.beats(NOW + 60_000);
  const [back] = leases.beats(NOW - 86_400_000);
  expect(back).toMatchObject({ beat: 2, issuedAt: NOW - 86_400_000, effort: { seconds: 60 } });
  const [far] = leases.beats(NOW + 86_400_000_000);
  expect(workClaimSchema.safeParse(far).error).toBeUndefined();
  expect(far?.effort.seconds).toBe(604_800);
});

test('a second claim on the same statement has another nonce', () => {
  const first = leases.begin(STATEMENT, METHOD, NOW);
  leases.end(STATEMENT, NOW);
  expect(leases.begin(STATEMENT, METHOD, NOW).nonce).not.toEqual(first.nonce);
  expect(leases.statements).toEqual([STATEMENT]);
});

test('credibility starts even, and only proofs lift it', () => {
  const credibility = new Credibility();
  expect(credibility.of('new')).toBe(0.5);
  credibility.worked('busy', 10 * 3600);
  credibility.lapsed('silent');
  expect(credibility.of('busy')).toBeLessThan(0.5);
  expect(credibility.of('silent')).toBeLessThan(credibility.of('new'));
  expect(credibility.isProven('busy')).toBe(false);
  credibility.proved('busy');
  expect(credibility.isProven('busy')).toBe(true);
  expect(credibility.of('busy')).toBeGreaterThan(0.5);
});

test('credibility keeps who earned it, however many new keys come', () => {
  const credibility = new Credibility();
  for (const peer of ['first', 'second']) credibility.proved(peer);
  for (let i = 0; i < 25_000; i++) credibility.lapsed(`key-${i}`);
  expect(credibility.isProven('first')).toBe(true);
  expect(credibility.of('key-1')).toBe(0.5);
  expect(credibility.of('key-24999')).toBeLessThan(0.5);
});

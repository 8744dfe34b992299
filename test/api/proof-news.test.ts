import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isNews, ProofNewsDesk, type ApiEventOf, type ProofNews } from '../../core/api/index.ts';
import { createIdentity } from '../../core/record/index.ts';
import { emptyState } from './support.ts';

const ALL = { ownProofs: true, watchedStatements: true };

function added(
  name: string,
  how: 'found' | 'received' | 'imported' = 'found',
  watched = false,
): ApiEventOf<'bank:proof-added'> {
  return {
    type: 'bank:proof-added',
    how,
    watched,
    counts: emptyState().bank,
    proof: {
      id: `bafyrei${'a'.repeat(52)}`,
      statement: `bafyrei${'b'.repeat(52)}`,
      name,
      formal: `theorem ${name} : True`,
      environment: { lean: '4.28.0-pre', library: 'core' },
      finder: { peer: createIdentity(new Uint8Array(32)).peer, policy: 'portfolio', rounds: 1 },
      own: how === 'found',
      trust: 'verified',
      createdAt: 1,
      length: 1,
    },
  };
}

let told: ProofNews[];
let desk: ProofNewsDesk;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  desk = new ProofNewsDesk((news) => told.push(news));
});
afterEach(() => void vi.useRealTimers());

test.each([
  ['found', false, ALL, true],
  ['found', false, { ...ALL, ownProofs: false }, false],
  ['found', true, { ...ALL, ownProofs: false }, true],
  ['received', false, ALL, false],
  ['received', true, ALL, true],
  ['received', true, { ...ALL, watchedStatements: false }, false],
  ['imported', true, ALL, false],
] as const)('%s, watched: %s', (how, watched, wanted, news) => {
  expect(isNews({ how, watched }, wanted)).toBe(news);
});

test('one proof is told of by itself, with what a click opens', () => {
  desk.hear(added('alone'), ALL);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(told).toMatchObject([
    { title: 'Proof found on this machine', body: 'alone', proof: { name: 'alone' } },
  ]);
  desk.hear(added('seen', 'received', true), ALL);
  vi.advanceTimersByTime(2000);
  expect(told[1]).toMatchObject({ title: 'A statement you watch was proved', body: 'seen' });
});

test('proofs that come together are told of together, and strangers’ names are no markup', () => {
  for (const name of ['<b>one</b>', 'tw\u202Eo', 'three', 'four', 'five']) desk.hear(added(name), ALL);
  desk.hear(added('not wanted', 'received'), ALL);
  vi.advanceTimersByTime(2000);
  expect(told).toEqual([{ title: '5 proofs found', body: 'bone/b, two, three and 2 more' }]);
});

test('what is stopped says nothing more', () => {
  desk.hear(added('late'), ALL);
  desk.stop();
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

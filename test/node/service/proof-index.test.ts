import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProofIndex } from '../../../core/node/service/proof-index.ts';
import type { ProofEntry } from '../../../core/memory/index.ts';

const entries = fc.uniqueArray(
  fc.record({
    id: fc.nat(500).map((n) => `id${String(n).padStart(3, '0')}`),
    statement: fc.nat(20).map((n) => `s${n}`),
    peer: fc.constantFrom('me', 'you', 'they'),
    createdAt: fc.nat(50),
  }),
  { selector: ({ id }) => id, maxLength: 60 },
);

const load = (loaded: readonly ProofEntry[]): Promise<ProofIndex> =>
  ProofIndex.load(
    'me',
    (async function* () {
      yield await Promise.resolve(loaded);
    })(),
  );

test('counts, order and pages do not depend on how the proofs came', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.nat(60), fc.integer({ min: 1, max: 7 }), async (all, split, limit) => {
      const index = await load(all.slice(0, split));
      for (const entry of all.slice(split)) expect(index.add(entry)).toBe(true);
      for (const entry of all) expect(index.add(entry)).toBe(false);
      const sorted = all.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      for (const own of [false, true]) {
        const seen: ProofEntry[] = [];
        let cursor: string | undefined;
        do {
          const page = index.page(cursor, limit, own);
          seen.push(...page.items);
          cursor = page.next;
        } while (cursor !== undefined);
        const expected = own ? sorted.filter(({ peer }) => peer === 'me') : sorted;
        expect(seen).toEqual(expected);
        const offset = split % (expected.length + 2);
        expect(index.window(offset, limit, own).items).toEqual(expected.slice(offset, offset + limit));
      }
      const tallies = [...index.byPeer().values()];
      expect(tallies.reduce((sum, { proofs }) => sum + proofs, 0)).toBe(all.length);
      expect(tallies.reduce((sum, { firsts }) => sum + firsts, 0)).toBe(index.statements);
      for (const { id, statement, peer } of all) {
        const ofStatement = all.filter((entry) => entry.statement === statement);
        expect(index.proofsOf(statement, peer)).toEqual({
          all: ofStatement.length,
          ofPeer: ofStatement.filter((entry) => entry.peer === peer).length,
        });
        expect(index.proves(id, statement)).toBe(true);
        expect(index.proves(id, 'another')).toBe(false);
      }
      expect(index.own).toBe(all.filter(({ peer }) => peer === 'me').length);
    }),
    { numRuns: 200 },
  );
});

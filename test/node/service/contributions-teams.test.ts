import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Teams } from '../../../core/node/service/contributions-teams.ts';
import { ProofIndex } from '../../../core/node/service/proof-index.ts';

const PEERS = ['me', 'you', 'they', 'who'];
const entries = fc.uniqueArray(
  fc.record({
    id: fc.nat(500).map((n) => `id${String(n).padStart(3, '0')}`),
    statement: fc.nat(12).map((n) => `s${n}`),
    peer: fc.constantFrom(...PEERS),
    createdAt: fc.nat(50),
  }),
  { selector: ({ id }) => id, maxLength: 50 },
);
const team = fc.constantFrom(undefined, 'Red', 'RED', 'blue');

test('a team’s sums are what its members’ records come to, in whatever order they came', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.tuple(team, team, team, team), fc.nat(50), async (all, names, split) => {
      const loaded = async function* () {
        yield await Promise.resolve(all.slice(0, split));
      };
      const proofs = await ProofIndex.load('me', loaded());
      const claims = PEERS.map((peer, n) => {
        const name = names[n];
        return [peer, name === undefined ? {} : { team: name }] as const;
      });
      const teams = new Teams({ own: 'me', proofs, claims: () => claims, version: () => '' });
      expect(teams.standings.length).toBe(
        new Set(names.filter((name) => name !== undefined).map((name) => name.toLowerCase())).size,
      );
      for (const entry of all.slice(split)) proofs.add(entry);
      for (const standing of teams.standings) {
        const members = PEERS.filter((_, n) => names[n]?.toLowerCase() === standing.team.toLowerCase());
        const own = all.filter(({ peer }) => members.includes(peer));
        const first = own.filter(({ statement, createdAt, id }) =>
          all.every(
            (other) =>
              other.statement !== statement ||
              other.createdAt > createdAt ||
              (other.createdAt === createdAt && other.id >= id),
          ),
        );
        expect(standing).toMatchObject({
          members: members.length,
          proofs: own.length,
          firsts: first.length,
          statements: new Set(own.map(({ statement }) => statement)).size,
          own: members.includes('me'),
        });
        expect(standing.lastAt).toBe(
          own.length === 0 ? undefined : Math.max(...own.map(({ createdAt }) => createdAt)),
        );
      }
    }),
    { numRuns: 200 },
  );
});

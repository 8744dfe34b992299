import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttestationShelf } from '../../../core/node/swarm/attestation-shelf.ts';
import {
  contentId,
  createIdentity,
  signAttestation,
  type ContentId,
  type PeerId,
  type SignedAttestation,
} from '../../../core/record/index.ts';

const PEOPLE = Array.from({ length: 7 }, (_, n) => createIdentity(new Uint8Array(32).fill(n + 1)));
const [OWN] = PEOPLE;
const own = OWN?.peer ?? '';
const peers = PEOPLE.map(({ peer }) => peer);

/** Each of them three times of each of five records. */
const ALL = PEOPLE.flatMap((by) =>
  Array.from({ length: 15 }, (_, n) =>
    signAttestation(
      {
        record: contentId(n % 5),
        checker: { name: 'c', version: '1' },
        peer: by.peer,
        createdAt: n,
      },
      by,
    ),
  ),
);

const idsOf = (attestations: Iterable<SignedAttestation>): ContentId[] =>
  [...attestations].map(({ id }) => id).sort();

/** The best ones that the limits allow, all of them seen at once. */
function best(
  seen: readonly SignedAttestation[],
  { perRecord, all }: { perRecord: number; all: number },
  weightOf: (peer: PeerId) => number,
): ContentId[] {
  const inOrder = [...seen].sort(
    (a, b) => weightOf(b.record.peer) - weightOf(a.record.peer) || (a.id < b.id ? -1 : 1),
  );
  const kept: SignedAttestation[] = [];
  for (const one of inOrder) {
    const { record, peer } = one.record;
    const ofRecord = kept.filter((other) => other.record.record === record);
    if (ofRecord.some((other) => other.record.peer === peer)) continue;
    if (peer === own || (ofRecord.length < perRecord && kept.length < all)) kept.push(one);
  }
  return idsOf(kept);
}

test('what is kept does not depend on what came first', () => {
  const limits = fc.record({
    perRecord: fc.integer({ min: 1, max: 8 }),
    all: fc.integer({ min: 5, max: 40 }),
  });
  const weights = fc.array(fc.integer({ min: 1, max: 3 }), {
    minLength: peers.length,
    maxLength: peers.length,
  });
  const seen = fc.shuffledSubarray(ALL);
  fc.assert(
    fc.property(limits, weights, seen, (limit, weight, order) => {
      const proofsOf = (peer: PeerId): number => weight[peers.indexOf(peer)] ?? 0;
      const shelf = new AttestationShelf({ own, proofsOf }, limit);
      for (const one of order) shelf.put(one);
      const expected = best(order, limit, (peer) => (peer === own ? 100 : proofsOf(peer)));
      expect(idsOf(shelf.all())).toEqual(expected);
      for (const one of order) expect(shelf.fit(one).kind).toBe('refused');
    }),
  );
});

test('who has proved more since does not give way to who has proved less', () => {
  const proofs = new Map(peers.map((peer) => [peer, 1]));
  const shelf = new AttestationShelf(
    { own, proofsOf: (peer) => proofs.get(peer) ?? 0 },
    { perRecord: 10, all: 2 },
  );
  const of = (n: number): SignedAttestation => {
    const found = ALL.find(({ record }) => record.peer === peers[n]);
    if (found === undefined) throw new Error('each said something');
    return found;
  };
  const prove = (n: number, count: number): unknown => proofs.set(peers[n] ?? '', count);
  prove(3, 2);
  prove(4, 3);
  shelf.put(of(1));
  shelf.put(of(2));
  // Now it is known who is last.
  shelf.put(of(3));
  const left = [1, 2].find((n) => shelf.has(of(n).id)) ?? 0;
  prove(left, 5);
  expect(shelf.put(of(4))).toEqual({ kind: 'instead', of: of(3), equal: false });
  expect(idsOf(shelf.all())).toEqual([of(left).id, of(4).id].sort());
});

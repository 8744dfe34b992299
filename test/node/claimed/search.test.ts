import { expect, test } from 'vitest';
import { searchClaimed } from '../../../core/node/claimed/index.ts';
import type { ClaimedProof } from '../../../core/record/index.ts';
import { numbered, prove } from '../../memory/proofs.ts';

const claims = new Map<string, ClaimedProof>(
  [1, 2, 3, 4, 5].map((n) => {
    const { proof, signed } = prove(numbered(n), { createdAt: n, by: n === 3 ? 'by omega' : 'by simp' });
    return [signed.id, { signed, statement: proof.statement }];
  }),
);
const shelf = {
  keys: () => [...claims.values()].map(({ signed: { id, record } }) => ({ id, createdAt: record.createdAt })),
  read: (id: string) => Promise.resolve(claims.get(id)),
};
const names = (items: readonly ClaimedProof[]): string[] => items.map(({ statement }) => statement.name);

test('comes newest first, in pages that hold each once', async () => {
  const first = await searchClaimed(shelf, { words: [], limit: 2 });
  expect(names(first.items)).toEqual(['numbered_5', 'numbered_4']);
  const second = await searchClaimed(shelf, { words: [], limit: 2, cursor: first.next });
  expect(names(second.items)).toEqual(['numbered_3', 'numbered_2']);
  const last = await searchClaimed(shelf, { words: [], limit: 2, cursor: second.next });
  expect({ names: names(last.items), next: last.next }).toEqual({ names: ['numbered_1'], next: undefined });
});

test('finds words of statement and proof, all of them', async () => {
  expect(names((await searchClaimed(shelf, { words: ['OMEGA', 'numbered'], limit: 9 })).items)).toEqual([
    'numbered_3',
  ]);
  expect((await searchClaimed(shelf, { words: ['omega', 'numbered_4'], limit: 9 })).items).toEqual([]);
});

test('ends when nobody wants it any more', async () => {
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(searchClaimed(shelf, { words: [], limit: 2, signal: stop })).rejects.toThrow('enough');
});

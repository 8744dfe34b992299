import { expect, test } from 'vitest';
import { disprovenBy, Disproofs, negationOf } from '../../../core/node/swarm/disproofs.ts';
import type { ContentId, Statement } from '../../../core/record/index.ts';
import type { BoardItem } from '../../../core/network/board/index.ts';
import { prove } from '../../memory/proofs.ts';
import { statement } from '../../support/lean.ts';

const wrong = statement('theorem Foo.wrong (n : Nat) : n + 1 = n');
const quoted = statement('theorem «is-wrong» (n : Nat) : n = 1');
const other = statement('theorem Foo.other (n : Nat) : n = n');
const negated = (of: Statement): Statement => {
  const negation = negationOf(of);
  if (negation === undefined) throw new Error('it has one');
  return negation;
};

function boardOf(...statements: Statement[]) {
  const marked: [ContentId, ContentId][] = [];
  return {
    marked,
    *entries(): Generator<BoardItem> {
      for (const one of statements)
        yield { statement: one, state: 'open', sources: [], priority: 4, receivedAt: 0 };
    },
    markDisproved: (id: ContentId, proof: ContentId) => void marked.push([id, proof]),
  };
}

test.each([wrong, quoted])('a proven negation is known for what it disproves: $name', (of) => {
  expect(disprovenBy(boardOf(other, of), negated(of))).toEqual(of);
});

test('what is only called so disproves nothing', () => {
  const named = statement('theorem Foo.wrong_disproof : True');
  expect(disprovenBy(boardOf(other, wrong), named)).toBeUndefined();
  expect(disprovenBy(boardOf(other, wrong), negated(other))).toEqual(other);
  expect(disprovenBy(boardOf(other), negated(wrong))).toBeUndefined();
});

test('marks what was disproved before it came, and what is disproved while it is here', () => {
  const { signed } = prove(negated(wrong));
  const board = boardOf(wrong);
  const disproofs = new Disproofs(board, (id) => (id === negated(wrong).id ? signed.id : undefined));
  disproofs.opened(other);
  expect(board.marked).toEqual([]);
  disproofs.opened(wrong);
  expect(disproofs.proved(signed, negated(wrong))).toEqual(wrong);
  expect(board.marked).toEqual([
    [wrong.id, signed.id],
    [wrong.id, signed.id],
  ]);
});

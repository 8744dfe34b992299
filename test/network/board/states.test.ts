import { describe, expect, test, vi } from 'vitest';
import { elaborateWaiting } from '../../../core/network/board/index.ts';
import { signDisproof, type Disproof } from '../../../core/record/index.ts';
import { negate } from '../../../core/statement/index.ts';
import { pack, proofId, START, STRANGER, submission, testBoard, theorem } from './support.ts';

const [a, b, c] = [theorem('a'), theorem('b'), theorem('c')];

function negationId(name: 'a' | 'b'): string {
  const negation = negate(name === 'a' ? a : b);
  return negation.kind === 'stated' ? negation.statement.id : '';
}
const disproof = (record: Partial<Disproof> = {}) =>
  signDisproof(
    {
      statement: a.id,
      negation: negationId('a'),
      proof: proofId('not a'),
      peer: STRANGER.peer,
      createdAt: START,
      ...record,
    },
    STRANGER,
  );

/** A board with `a` open on it. */
function open() {
  const bench = testBoard();
  bench.board.acceptPack(pack([a]));
  bench.board.putBody(a);
  bench.elaborateAll();
  return bench;
}

describe('an open statement', () => {
  test('is claimed while somebody works on it, and open again after', () => {
    const { board, claimed } = open();
    claimed.add(a.id);
    expect(board.get(a.id)?.state).toBe('claimed');
    expect(board.counts()).toMatchObject({ claimed: 1, open: 0 });
    claimed.clear();
    expect(board.get(a.id)?.state).toBe('open');
  });

  test('leaves the board when its proof is in the bank, and does not come back', () => {
    const { board, events, verified } = open();
    verified.set(proofId('a'), a.id);
    board.markSolved(a.id, proofId('a'));
    expect(board.get(a.id)).toMatchObject({ state: 'solved', proof: proofId('a') });
    expect(events.at(-1)).toEqual({ type: 'closed', id: a.id, state: 'solved' });
    const count = events.length;
    board.markSolved(a.id, proofId('a'));
    board.acceptPack(pack([a], 2));
    expect(board.acceptSubmission(submission(a), STRANGER.peer)).toBe('known');
    board.elaborated(a.id, { kind: 'elaborates' });
    expect(events).toHaveLength(count);
  });

  test('that is solved already when it comes is never opened', () => {
    const { board, verified, events } = testBoard();
    verified.set(proofId('a'), a.id);
    board.addLocal(a);
    expect(board.get(a.id)).toMatchObject({ state: 'solved', proof: proofId('a'), priority: 9 });
    expect(board.nextToElaborate()).toBeUndefined();
    expect(events).toEqual([]);
  });
});

describe('a disproof', () => {
  test('marks its statement with the proof of the negation, once the kernel has accepted that', () => {
    const { board, verified, events } = open();
    expect(board.acceptDisproof(disproof())).toBe('not-verified');
    expect(board.get(a.id)?.state).toBe('open');
    verified.set(proofId('not a'), negationId('a'));
    expect(board.acceptDisproof(disproof())).toBe('disproved');
    expect(board.get(a.id)).toMatchObject({ state: 'disproved', proof: proofId('not a') });
    expect(events.at(-1)).toEqual({ type: 'closed', id: a.id, state: 'disproved' });
    expect(board.acceptDisproof(disproof())).toBe('known');
  });

  test('by a verified proof of something else is refused', () => {
    const { board, verified } = open();
    verified.set(proofId('b'), b.id).set(proofId('not b'), negationId('b'));
    expect(board.acceptDisproof(disproof({ negation: b.id, proof: proofId('b') }))).toBe('wrong-negation');
    expect(board.acceptDisproof(disproof({ negation: negationId('b'), proof: proofId('not b') }))).toBe(
      'wrong-negation',
    );
    expect(board.acceptDisproof(disproof({ proof: proofId('not b') }))).toBe('not-verified');
    expect(board.acceptDisproof(disproof({ statement: b.id }))).toBe('unknown-statement');
    expect(board.get(a.id)?.state).toBe('open');
  });

  test('is remembered over a restart, and believed only if the bank still holds the proof', () => {
    const first = open();
    first.verified.set(proofId('not a'), negationId('a'));
    first.board.acceptDisproof(disproof());
    for (const held of [true, false]) {
      const second = testBoard();
      if (held) second.verified.set(proofId('not a'), negationId('a'));
      second.board.restore(first.board.snapshot());
      second.board.putBody(a);
      expect(second.board.get(a.id)?.state).toBe(held ? 'disproved' : 'open');
    }
  });
});

describe('elaborating', () => {
  const never = new AbortController().signal;

  test('sorts what makes sense from what does not; what needs another environment waits', async () => {
    const { board } = testBoard();
    [a, b, c].forEach((statement) => board.addLocal(statement));
    const count = await elaborateWaiting(
      board,
      (statement) =>
        Promise.resolve(
          statement === a
            ? { kind: 'elaborates' }
            : statement === b
              ? { kind: 'invalid', detail: 'x'.repeat(10_000) }
              : { kind: 'unsupported' },
        ),
      { signal: never },
    );
    expect(count).toBe(3);
    expect([a, b, c].map(({ id }) => board.get(id)?.state)).toEqual(['open', 'invalid', 'unverified']);
    expect(board.get(b.id)?.detail).toHaveLength(2000);
    expect(await elaborateWaiting(board, vi.fn(), { signal: never })).toBe(0);
  });

  test('loses nothing when it is broken off or the checker fails', async () => {
    const { board, elaborateAll } = testBoard();
    [a, b].forEach((statement) => board.addLocal(statement));
    const fault = new Error('no Lean');
    await expect(elaborateWaiting(board, () => Promise.reject(fault), { signal: never })).rejects.toBe(fault);
    await expect(elaborateWaiting(board, vi.fn(), { signal: AbortSignal.abort(fault) })).rejects.toBe(fault);
    expect(elaborateAll()).toHaveLength(2);
  });

  test('is not done again after a restart, except for what is new', () => {
    const first = open();
    const second = testBoard();
    second.board.restore(first.board.snapshot());
    second.board.putBody(a);
    second.board.addLocal(b);
    expect(second.board.get(a.id)?.state).toBe('open');
    expect(second.elaborateAll()).toEqual([b]);
  });

  test("takes curators' statements first, by priority, and then strangers' in turn", () => {
    const { board, elaborateAll } = testBoard();
    const flood = Array.from({ length: 5 }, (_, i) => theorem(`flood${i}`));
    for (const statement of flood) board.acceptSubmission(submission(statement), 'sender-1');
    const single = theorem('single');
    board.acceptSubmission(submission(single), 'sender-2');
    board.acceptPack(pack([a], 1, { name: 'low', priority: 1 }));
    board.acceptPack(pack([b], 1, { name: 'high', priority: 8 }));
    board.putBody(a);
    board.putBody(b);
    expect(elaborateAll().map(({ name }) => name)).toEqual([
      'b',
      'a',
      'flood0',
      'single',
      'flood1',
      'flood2',
      'flood3',
      'flood4',
    ]);
  });
});

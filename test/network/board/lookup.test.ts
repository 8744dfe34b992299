import { expect, test } from 'vitest';
import { signDisproof, signNotice } from '../../../core/record/index.ts';
import { negate } from '../../../core/statement/index.ts';
import { CURATOR, pack, proofId, START, STRANGER, submission, testBoard, theorem } from './support.ts';

const notice = (statement: string, createdAt: number, issuer = CURATOR) =>
  signNotice({ issuer: issuer.peer, statement, status: 'misstated', detail: '', createdAt }, issuer);

test('each record is found by its id as long as it counts, and each change shows in the version', () => {
  const { board, verified } = testBoard();
  const [a, b] = [theorem('a'), theorem('b')];
  const versions = new Set([board.version]);
  const changed = (): void => {
    expect(versions).not.toContain(board.version);
    versions.add(board.version);
  };
  const [first, second] = [pack([a]), pack([a, theorem('c')], 2)];
  board.acceptPack(first);
  changed();
  expect(board.pack(first.id)).toBe(first);
  board.acceptPack(second);
  changed();
  expect([board.pack(first.id), board.pack(second.id)]).toEqual([undefined, second]);
  expect(board.acceptPack(first)).toMatchObject({ kind: 'rollback' });
  board.putBody(a);
  expect(versions).toContain(board.version);

  const put = submission(b);
  board.acceptSubmission(put, 'x');
  changed();
  expect(board.submission(put.id)).toBe(put);
  expect(board.submission(b.id)).toBeUndefined();

  const negation = negate(a);
  if (negation.kind !== 'stated') throw new Error('it has one');
  const proof = proofId('p');
  verified.set(proof, negation.statement.id);
  const record = { statement: a.id, negation: negation.statement.id, proof, peer: STRANGER.peer };
  const disproof = signDisproof({ ...record, createdAt: START }, STRANGER);
  expect(board.acceptDisproof(disproof)).toBe('disproved');
  changed();
  expect(board.disproof(disproof.id)).toBe(disproof);

  const notices = Array.from({ length: 9 }, (_, n) => notice(b.id, START + n));
  for (const one of notices) {
    expect(board.acceptNotice(one)).toBe('applied');
    changed();
  }
  // Eight of a statement are kept.
  expect(notices.map(({ id }) => board.notice(id))).toEqual([undefined, ...notices.slice(1)]);

  board.dropCurator(CURATOR.peer);
  changed();
  expect(board.pack(second.id)).toBeUndefined();
  expect(board.acceptNotice(notice(b.id, START + 100, STRANGER))).toBe('applied');
  changed();
  expect(board.submission(put.id)).toBeUndefined();
});

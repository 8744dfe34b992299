import { expect, test } from 'vitest';
import { NoticeFile } from '../../../core/network/board/notice-file.ts';
import { encodeNotice, signNotice, type Identity } from '../../../core/record/index.ts';
import { CURATOR, person, START, STRANGER, theorem } from './support.ts';

const notice = (name: string, by: Identity, createdAt = START, detail = '') =>
  signNotice({ issuer: by.peer, statement: theorem(name).id, status: 'misstated', detail, createdAt }, by);
const trusts = (peer: string): boolean => peer === CURATOR.peer;

test('what strangers say never pushes out what a trusted curator says', () => {
  const file = new NoticeFile(trusts, { statements: 5, perStatement: 3 });
  const curated = notice('a', CURATOR);
  expect(file.add(curated)).toBe(true);
  expect(file.add(curated)).toBe(false);
  for (let n = 0; n < 20; n++) {
    file.add(notice('a', person(100 + n)));
    file.add(notice(`s${n}`, STRANGER));
  }
  expect(file.misstated(theorem('a').id)).toBe(curated);
  expect(file.get(curated.id)).toBe(curated);
  const others = file.all.filter(({ id }) => id !== curated.id);
  expect(others.map(({ record }) => record.statement)).toEqual(
    ['a', 'a', 's16', 's17', 's18', 's19'].map((name) => theorem(name).id),
  );
  expect(others.every(({ id }) => file.get(id) !== undefined)).toBe(true);
  expect(file.get(notice('s15', STRANGER).id)).toBeUndefined();
  for (let n = 0; n < 10; n++) file.add(notice(`c${n}`, CURATOR));
  expect(file.all.map(({ record }) => record.statement)).toEqual(
    ['c5', 'c6', 'c7', 'c8', 'c9'].map((name) => theorem(name).id),
  );
});

test('their words are bounded in sum', () => {
  const file = new NoticeFile(trusts, { bytes: 50_000 });
  const words = '∀'.repeat(1000);
  for (let n = 0; n < 100; n++) file.add(notice(`s${n}`, STRANGER, START, words));
  const bytes = file.all.reduce((sum, one) => sum + encodeNotice(one).length, 0);
  expect(bytes).toBeLessThan(50_000);
  expect(bytes).toBeGreaterThan(40_000);
});

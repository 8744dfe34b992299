import { expect, test } from 'vitest';
import type { ResultLine } from '../../core/api/index.ts';
import { summarise, summaryTable } from '../../core/cli/summary.ts';
import type { Statement } from '../../core/record/index.ts';
import { statement } from '../support/lean.ts';

const easy: Statement = { ...statement('theorem a : True'), difficulty: 'easy' };
const hard: Statement = { ...statement('theorem b : True'), difficulty: 'hard' };
const unrated = statement('theorem c : True');
const mathlib = statement('theorem d : True');

function line({ id, name }: Statement, seconds: number, more: Partial<ResultLine> = {}): ResultLine {
  const none = { solved: false, proof: null, rollout: 0, round: 0, attempts: 1, reason: 'seconds' };
  return { id, name, seconds, ...none, ...more };
}
const solved = { solved: true, proof: 'theorem …', reason: 'proved' };
const unjudgeable = { reason: 'unjudgeable' };

test('a summary counts by difficulty, in the order of difficulty, and leaves out what could not be judged', () => {
  const lines = [line(unrated, 9), line(hard, 60), line(easy, 2, solved), line(mathlib, 0, unjudgeable)];
  expect(summarise(lines, [easy, hard, unrated, mathlib])).toEqual({
    solved: 1,
    tried: 3,
    medianSeconds: 2,
    unjudgeable: 1,
    byDifficulty: [
      { difficulty: 'easy', solved: 1, tried: 1, medianSeconds: 2 },
      { difficulty: 'hard', solved: 0, tried: 1, medianSeconds: null },
      { difficulty: 'unrated', solved: 0, tried: 1, medianSeconds: null },
    ],
  });
});

test('the median of an even number is the middle of the middle two', () => {
  const lines = [8, 1, 3, 2].map((seconds) => line(easy, seconds, solved));
  expect(summarise(lines, [easy]).medianSeconds).toBe(2.5);
});

test('the median looks at the solved ones only', () => {
  const lines = [line(easy, 1, solved), line(easy, 100)];
  expect(summarise(lines, [easy]).medianSeconds).toBe(1);
});

test('a table of several difficulties ends with a row for all', () => {
  const lines = [line(easy, 2, solved), line(hard, 60), line(mathlib, 0, unjudgeable)];
  expect(summaryTable(summarise(lines, [easy, hard, mathlib]))).toBe(
    `difficulty  solved  tried  share  median
──────────  ──────  ─────  ─────  ──────
easy             1      1  100%   2.0 s
hard             0      1  0%
all              1      2  50%    2.0 s
1 could not be judged here; see the results`,
  );
});

test('a run in which nothing could be judged has a table without shares', () => {
  expect(summaryTable(summarise([line(mathlib, 0, unjudgeable)], [mathlib]))).toContain(
    'all              0      0\n',
  );
});

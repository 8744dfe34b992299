import { expect, test } from 'vitest';
import { budgetSplits, describeSplits } from '../../core/cli/budget-split.ts';
import type { BudgetShare } from '../../core/node/index.ts';
import { statement } from '../support/lean.ts';

const share = (why: string): BudgetShare => ({
  arm: 'search',
  share: 1,
  timeShare: 1,
  chance: 0.1,
  seconds: 4,
  rounds: 0,
  proofs: 0,
  why,
});
const statements = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => statement(`theorem ${name} : True`));

test('statements whose budgets are divided alike are told together, most first', () => {
  const splits = budgetSplits(statements, ({ name }) => [share(name < 'c' ? 'little' : 'much')]);
  expect(splits.map(({ statements: n, shares }) => [n, shares[0]?.why])).toEqual([
    [4, 'much'],
    [2, 'little'],
  ]);
  expect(describeSplits(splits)).toBe('Budget of 4 statements:\n  much\nBudget of 2 statements:\n  little');
});

test('no more kinds are shown than are read, and the rest is counted', () => {
  const shown = describeSplits(budgetSplits(statements, ({ name }) => [share(name)]));
  expect(shown.match(/Budget of 1 statement:/g)).toHaveLength(3);
  expect(shown).toMatch(/\nand of 3 other kinds \(--json shows all\)$/);
  expect(describeSplits([])).toBe('');
});

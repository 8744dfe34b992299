import type { BudgetShare } from '../node/index.ts';
import type { Statement } from '../record/index.ts';

/** How statements of one kind share their rounds among the ways of a mixed policy. */
export interface BudgetSplit {
  /** So many statements of the run are of this kind. */
  readonly statements: number;
  readonly shares: readonly BudgetShare[];
}

/** What a policy that divides budgets would do with each statement now; those alike are counted together, most first. */
export function budgetSplits(
  statements: readonly Statement[],
  explain: (statement: Statement) => readonly BudgetShare[],
): BudgetSplit[] {
  const splits = new Map<string, { statements: number; readonly shares: readonly BudgetShare[] }>();
  for (const statement of statements) {
    const shares = explain(statement);
    const key = shares.map(({ why }) => why).join('\n');
    const known = splits.get(key);
    if (known === undefined) splits.set(key, { statements: 1, shares });
    else known.statements++;
  }
  return [...splits.values()].toSorted((a, b) => b.statements - a.statements);
}

/** More kinds than a user reads. */
const SHOWN = 3;

/** For people; empty where nothing is divided. */
export function describeSplits(splits: readonly BudgetSplit[]): string {
  const blocks = splits.slice(0, SHOWN).map(({ statements, shares }) => {
    const of = statements === 1 ? '1 statement' : `${statements} statements`;
    return [`Budget of ${of}:`, ...shares.map(({ why }) => `  ${why}`)].join('\n');
  });
  const left = splits.length - blocks.length;
  if (left > 0) blocks.push(`and of ${left} other ${left === 1 ? 'kind' : 'kinds'} (--json shows all)`);
  return blocks.join('\n');
}

import type { Statement } from '../../core/record/index.ts';
import {
  readStatements,
  type DuplicateFound,
  type ProblemFound,
  type ReadOptions,
  type StatementSource,
} from '../../core/statement/index.ts';

/** All that `readStatements` finds, sorted by kind. */
export async function collectStatements(
  input: string | StatementSource,
  options: ReadOptions,
): Promise<{
  readonly statements: Statement[];
  readonly problems: ProblemFound[];
  readonly duplicates: DuplicateFound[];
}> {
  const statements: Statement[] = [];
  const problems: ProblemFound[] = [];
  const duplicates: DuplicateFound[] = [];
  for await (const entry of readStatements(input, options)) {
    if (entry.kind === 'statement') statements.push(entry.statement);
    else if (entry.kind === 'problem') problems.push(entry);
    else duplicates.push(entry);
  }
  return { statements, problems, duplicates };
}

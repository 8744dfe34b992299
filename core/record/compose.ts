import type { StatementIdentity } from './statement.ts';

/** The statement with `sorry` for its proof: what a checker elaborates to learn what the statement means. */
export function challengeSource(statement: Pick<StatementIdentity, 'header' | 'formal'>): string {
  return submissionSource(statement, 'by sorry');
}

/**
 * A complete submission: header, helper lemmas, then the theorem with its proof.
 * @param proof what follows `:=`, e.g. `by omega` or a term
 * @param helpers declarations to put between the header and the theorem
 */
export function submissionSource(
  statement: Pick<StatementIdentity, 'header' | 'formal'>,
  proof: string,
  helpers = '',
): string {
  return (
    [statement.header, helpers, `${statement.formal} := ${proof}`]
      .filter((part) => part !== '')
      .join('\n\n') + '\n'
  );
}

import type { AttemptRow, PremiseView } from '../../api/index.ts';
import type { Attempt, Premise, Statement, StatementRecord, Verdict } from '../../record/index.ts';

const MAX_SHOWN = 500;
const MAX_SUMMARY = 300;

/** The beginning of a text, cut between characters. */
export function cut(text: string, most: number = MAX_SHOWN): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}

export const premiseView = ({ id, statement, score }: Premise): PremiseView => ({
  id,
  name: statement.name,
  formal: cut(statement.formal),
  score,
});

/** @param at milliseconds since the session started */
export function attemptRow(attempt: Attempt, at: number): AttemptRow {
  const { rollout, round, candidate, verdict, cost } = attempt;
  return {
    rollout,
    round,
    candidate,
    verdict: verdict.kind,
    summary: cut(summaryOf(verdict).replace(/\s+/g, ' '), MAX_SUMMARY),
    milliseconds: cost.milliseconds,
    at,
    ...(cost.generatedTokens === undefined ? {} : { generatedTokens: cost.generatedTokens }),
  };
}

function summaryOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'proved':
      return verdict.axioms.length === 0 ? 'accepted' : `accepted; axioms: ${verdict.axioms.join(', ')}`;
    case 'failed':
      return verdict.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'failed';
    case 'rejected':
      return `${verdict.reason}: ${verdict.detail}`;
    case 'exhausted':
      return `out of ${verdict.resource}: ${verdict.detail}`;
    case 'crashed':
      return verdict.detail;
  }
}

/** A statement without its id, which follows from the rest. */
export function recordOf(statement: Statement): StatementRecord {
  const { environment, header, formal, name, informal, source, topic, difficulty, tags } = statement;
  return { environment, header, formal, name, informal, source, topic, difficulty, tags };
}

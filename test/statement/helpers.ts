import { expect } from 'vitest';
import {
  parseDatasetLine,
  parseLean,
  type ParseOptions,
  type ProblemFound,
  type StatementEntry,
} from '../../core/statement/index.ts';
import { challengeSource, type Environment, type Statement } from '../../core/record/index.ts';

export const CORE: Environment = { lean: '4.28.0-pre', library: 'core' };
export const OPTIONS: ParseOptions = { environment: CORE, file: 'a.lean' };

export const readLean = (text: string, options: Partial<ParseOptions> = {}): StatementEntry[] => [
  ...parseLean(text, { ...OPTIONS, ...options }),
];

export const readRow = (row: object | string, options: Partial<ParseOptions> = {}): StatementEntry[] =>
  parseDatasetLine(typeof row === 'string' ? row : JSON.stringify(row), {
    environment: CORE,
    file: 'a.jsonl',
    line: 7,
    ...options,
  });

export const statementsOf = (entries: readonly StatementEntry[]): Statement[] =>
  entries.flatMap((entry) => (entry.kind === 'statement' ? [entry.statement] : []));

export const problemsOf = (entries: readonly StatementEntry[]): ProblemFound[] =>
  entries.flatMap((entry) => (entry.kind === 'problem' ? [entry] : []));

/** The one statement of these entries; fails where there is anything else. */
export function only(entries: readonly StatementEntry[]): Statement {
  expect(problemsOf(entries)).toEqual([]);
  const statements = statementsOf(entries);
  expect(statements).toHaveLength(1);
  const [statement] = statements;
  if (statement === undefined) throw new Error('no statement');
  return statement;
}

/** The one problem of these entries; fails where there is anything else. */
export function onlyProblem(entries: readonly StatementEntry[]): ProblemFound {
  expect(statementsOf(entries)).toEqual([]);
  const problems = problemsOf(entries);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error('no problem');
  return problem;
}

/** What a checker would elaborate, which is what must be right in the end. */
export const challenge = (statement: Statement): string => challengeSource(statement);

export const bytesOf = (...chunks: readonly string[]): Uint8Array[] =>
  chunks.map((chunk) => new TextEncoder().encode(chunk));

import type { ResultLine } from '../api/index.ts';
import { DIFFICULTIES, type Statement } from '../record/index.ts';
import { formatDuration, formatTable } from './terminal.ts';

export interface SummaryRow {
  readonly difficulty: string;
  readonly solved: number;
  readonly tried: number;
  /** Of the solved ones; null where none is. */
  readonly medianSeconds: number | null;
}

export interface Summary {
  readonly solved: number;
  readonly tried: number;
  readonly medianSeconds: number | null;
  readonly unjudgeable: number;
  readonly byDifficulty: readonly SummaryRow[];
}

const UNRATED = 'unrated';

export function summarise(lines: readonly ResultLine[], statements: readonly Statement[]): Summary {
  const difficulty = new Map(statements.map((statement) => [statement.id, statement.difficulty ?? UNRATED]));
  const tried = lines.filter((line) => line.reason !== 'unjudgeable');
  const byDifficulty = [...DIFFICULTIES, UNRATED].flatMap((name) => {
    const own = tried.filter((line) => difficulty.get(line.id) === name);
    return own.length === 0 ? [] : [{ difficulty: name, ...count(own) }];
  });
  return { ...count(tried), unjudgeable: lines.length - tried.length, byDifficulty };
}

function count(lines: readonly ResultLine[]): {
  solved: number;
  tried: number;
  medianSeconds: number | null;
} {
  const seconds = lines.filter((line) => line.solved).map((line) => line.seconds);
  return { solved: seconds.length, tried: lines.length, medianSeconds: median(seconds) };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export function summaryTable(summary: Summary): string {
  const row = (
    name: string,
    { solved, tried, medianSeconds }: Omit<SummaryRow, 'difficulty'>,
  ): (string | number)[] => [
    name,
    solved,
    tried,
    tried === 0 ? '' : `${Math.round((100 * solved) / tried)}%`,
    medianSeconds === null ? '' : formatDuration(medianSeconds),
  ];
  const rows = summary.byDifficulty.map((part) => row(part.difficulty, part));
  if (rows.length !== 1) rows.push(row('all', summary));
  const table = formatTable(['difficulty', 'solved', 'tried', 'share', 'median'], rows);
  return summary.unjudgeable === 0
    ? table
    : `${table}\n${summary.unjudgeable} could not be judged here; see the results`;
}

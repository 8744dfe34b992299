import os from 'node:os';
import { formatTable } from '../../core/cli/terminal.ts';

/** The machine, for the head of a table: figures without it mean little. */
export function machine(): string {
  const model = os.cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${os.availableParallelism()} cores of ${model}, ${Math.round(os.totalmem() / 1e9)} GB, ${process.platform}, Node ${process.versions.node}`;
}

export function print(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  console.log(`\n${title}\n${formatTable(headings, rows)}`);
}

/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

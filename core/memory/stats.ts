import { z } from 'zod';
import type { Table } from '@lancedb/lancedb';
import { bytesOnDisk } from './directory.ts';
import { selectBatches } from './queries.ts';
import type { Tables } from './tables.ts';

/** Counts by value; rows without the value are counted as `unknown`. */
export type Counts = Readonly<Record<string, number>>;

export interface BankStats {
  readonly statements: number;
  readonly proofs: number;
  readonly attempts: number;
  /** Statements by topic and by difficulty. */
  readonly topics: Counts;
  readonly difficulties: Counts;
  /** Proofs by the policy that found them, and by environment (`4.28.0-pre core`). */
  readonly policies: Counts;
  readonly environments: Counts;
  /** Attempts by the kind of their verdict. */
  readonly verdicts: Counts;
  /** All files of the bank, replaced versions not yet cleaned up included. */
  readonly bytes: number;
}

export async function bankStats(tables: Tables, directory: string): Promise<BankStats> {
  const statements = await tally(tables.statements, ['topic', 'difficulty']);
  const proofs = await tally(tables.proofs, ['policy', 'environment']);
  const attempts = await tally(tables.trajectories, ['verdict']);
  return {
    statements: statements.rows,
    proofs: proofs.rows,
    attempts: attempts.rows,
    topics: statements.counts('topic'),
    difficulties: statements.counts('difficulty'),
    policies: proofs.counts('policy'),
    environments: Object.fromEntries(
      Object.entries(proofs.counts('environment')).map(([key, count]) => [describeKey(key), count]),
    ),
    verdicts: attempts.counts('verdict'),
    bytes: await bytesOnDisk(directory),
  };
}

async function tally(
  table: Table,
  columns: readonly string[],
): Promise<{ rows: number; counts: (column: string) => Counts }> {
  const counters = new Map(columns.map((column) => [column, new Map<string, number>()]));
  let rows = 0;
  const shape = Object.fromEntries(columns.map((column) => [column, z.string().nullable()]));
  for await (const batch of selectBatches(table, shape)) {
    rows += batch.length;
    for (const row of batch) {
      for (const [column, counter] of counters) {
        const value = row[column] ?? 'unknown';
        counter.set(value, (counter.get(value) ?? 0) + 1);
      }
    }
  }
  return { rows, counts: (column) => Object.fromEntries(counters.get(column) ?? []) };
}

function describeKey(key: string): string {
  return z.array(z.string()).parse(JSON.parse(key)).join(' ');
}

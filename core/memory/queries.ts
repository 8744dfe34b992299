import { MatchQuery, type Table } from '@lancedb/lancedb';
import { z } from 'zod';

/** What a table's query has in common, whatever it is sorted by. */
interface RowSource {
  toArray(): Promise<unknown>;
}

/** Runs a query and parses its rows: LanceDB's own types say `any`. */
export async function rowsOf<T>(query: RowSource, row: z.ZodType<T>): Promise<T[]> {
  return z.array(row).parse(await query.toArray());
}

/** Rows of a table under a filter. */
export async function select<T extends z.ZodRawShape>(
  table: Table,
  shape: T,
  filter?: string,
): Promise<z.output<z.ZodObject<T>>[]> {
  const query = table.query().select(Object.keys(shape));
  return rowsOf(filter === undefined ? query : query.where(filter), z.object(shape));
}

/** The first row of every id, should concurrent writers ever have left a second one. */
export function uniqueById<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].reverse();
}

/** The same, a batch at a time: for what may be larger than memory. Reads one version of the table throughout. */
export async function* selectBatches<T extends z.ZodRawShape>(
  table: Table,
  shape: T,
): AsyncGenerator<z.output<z.ZodObject<T>>[]> {
  const rows = z.array(z.object(shape));
  for await (const batch of table.query().select(Object.keys(shape))) yield rows.parse(batch.toArray());
}

const idRow = z.object({ id: z.string() });

/** Ids of the rows nearest to a vector, nearest first. */
export async function nearestIds(
  table: Table,
  vector: Float32Array,
  limit: number,
  filter: string | undefined,
): Promise<string[]> {
  const query = table.query().nearestTo(vector).column('vector').distanceType('cosine').limit(limit);
  if (filter !== undefined) query.where(filter);
  return (await rowsOf(query.select(['id', '_distance']), idRow)).map((row) => row.id);
}

/** Rows of the best full-text matches of `terms` in `column`, best first; the terms are taken as they are. */
export async function matches<T extends z.ZodRawShape>(
  table: Table,
  column: string,
  terms: readonly string[],
  shape: T,
  limit: number,
  filter: string | undefined,
): Promise<z.output<z.ZodObject<T>>[]> {
  if (terms.length === 0) return [];
  const query = table
    .query()
    .fullTextSearch(new MatchQuery(terms.join(' '), column))
    .select([...Object.keys(shape), '_score'])
    .limit(limit);
  return rowsOf(filter === undefined ? query : query.where(filter), z.object(shape));
}

import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import type { ContentId } from '../record/index.ts';
import { startsWith } from './sql.ts';
import { rowsOf } from './queries.ts';
import type { Tables } from './tables.ts';

/** What an id's beginning stands for. */
export type FindResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'proof'; readonly id: ContentId }
  | { readonly kind: 'statement'; readonly id: ContentId }
  /** Several ids begin so: some of them, sorted. */
  | { readonly kind: 'ambiguous'; readonly ids: readonly ContentId[] };

const SHOWN = 10;
const row = z.object({ id: z.string() });

/** Looks a shortened id up among proofs and statements. */
export async function find(tables: Tables, prefix: string): Promise<FindResult> {
  // What no id can begin with need not be asked of the database, and hostile text never reaches it.
  if (!/^[a-z2-7]{1,59}$/.test(prefix)) return { kind: 'none' };
  const [proofs, statements] = await Promise.all([
    idsFrom(tables.proofs, prefix),
    idsFrom(tables.statements, prefix),
  ]);
  const ids = [...new Set([...proofs, ...statements])].sort();
  const [first, second] = ids;
  if (first === undefined) return { kind: 'none' };
  if (second !== undefined) return { kind: 'ambiguous', ids: ids.slice(0, SHOWN) };
  return { kind: proofs.length > 0 ? 'proof' : 'statement', id: first };
}

async function idsFrom(table: Table, prefix: string): Promise<string[]> {
  const query = table.query().select(['id']).where(startsWith('id', prefix)).limit(SHOWN);
  return (await rowsOf(query, row)).map(({ id }) => id);
}

import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { writeRows } from './commit-queue.ts';
import { embedderKey, type Embedder } from './embedder.ts';
import { CorruptRowError } from './errors.ts';
import type { BankListener } from './events.ts';
import type { Journal } from './journal.ts';
import { select, selectBatches } from './queries.ts';
import {
  decodeStatement,
  decodeStoredProof,
  fromEntry,
  statementRows,
  toEntry,
  type ProvenStatement,
} from './rows.ts';
import { isOneOf, quote } from './sql.ts';
import type { Tables } from './tables.ts';

export interface RecoveryComponents {
  readonly journal: Journal;
  readonly tables: Tables;
  readonly embedder: Embedder;
  readonly emit: BankListener;
}

const BATCH = 256;
const bytes = z.instanceof(Uint8Array);

/** Makes journal and tables agree: their union is what the bank holds. */
export async function reconcile(components: RecoveryComponents): Promise<void> {
  const { journal, tables, emit } = components;
  // Tables before journal: a row's journal line is older than the row, so a row without a line has truly lost it.
  const proofs = await idsOf(tables.proofs);
  const statements = await idsOf(tables.statements);
  const unjournalled = new Set(proofs);
  let restored = 0;
  let batch: ProvenStatement[] = [];
  const flush = async (): Promise<void> => {
    await writeRows(components, batch);
    restored += batch.length;
    batch = [];
  };
  for await (const entry of journal.entries()) {
    unjournalled.delete(entry.id);
    if (proofs.has(entry.id) && statements.has(entry.statement)) continue;
    proofs.add(entry.id);
    statements.add(entry.statement);
    try {
      batch.push(fromEntry(entry));
    } catch (error) {
      if (!(error instanceof CorruptRowError)) throw error;
      emit({ type: 'journal-corrupt', file: entry.id, offset: 0, detail: error.message });
    }
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  if (restored > 0) emit({ type: 'rows-restored', records: restored });
  await heal(components, [...unjournalled]);
}

/** Computes all vectors anew where they are another embedder's. */
export async function reembed({ tables, embedder, emit }: RecoveryComponents): Promise<void> {
  const key = embedderKey(embedder);
  if ((await tables.statements.countRows(`embedder != ${quote(key)}`)) === 0) {
    // An empty table too must have vectors of the right length.
    if (await hasDimensions(tables.statements, embedder.dimensions)) return;
  }
  const { previous } = await tables.resetStatements();
  let count = 0;
  for await (const rows of selectBatches(previous, { id: z.string(), record: bytes })) {
    const statements = rows.map(({ id, record }) => decodeStatement(id, record));
    await tables.insertMissing(tables.statements, await statementRows(statements, embedder));
    count += statements.length;
  }
  previous.close();
  emit({ type: 'reembedded', statements: count, embedder: key });
}

/** Writes rows that the journal has lost (a damaged line, a removed file) to it again. */
async function heal({ journal, tables, emit }: RecoveryComponents, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += BATCH) {
    const filter = isOneOf('id', ids.slice(start, start + BATCH));
    const proofs = (await select(tables.proofs, { id: z.string(), record: bytes }, filter)).map((row) =>
      decodeStoredProof(row.id, row.record),
    );
    const wanted = isOneOf('id', [...new Set(proofs.map(({ record }) => record.statement))]);
    const statements = new Map(
      (await select(tables.statements, { id: z.string(), record: bytes }, wanted)).map((row) => [
        row.id,
        decodeStatement(row.id, row.record),
      ]),
    );
    const entries = proofs.flatMap((signed) => {
      const statement = statements.get(signed.record.statement);
      return statement === undefined ? [] : [toEntry({ statement, signed })];
    });
    if (entries.length === 0) continue;
    await journal.append(entries);
    emit({ type: 'journal-healed', records: entries.length });
  }
}

async function idsOf(table: Table): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const rows of selectBatches(table, { id: z.string() })) for (const { id } of rows) ids.add(id);
  return ids;
}

async function hasDimensions(table: Table, dimensions: number): Promise<boolean> {
  const field = (await table.schema()).fields.find(({ name }) => name === 'vector');
  const type: unknown = field?.type;
  return z.object({ listSize: z.literal(dimensions) }).safeParse(type).success;
}

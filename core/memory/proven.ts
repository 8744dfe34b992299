import { z } from 'zod';
import type { ContentId } from '../record/index.ts';
import { CorruptRowError } from './errors.ts';
import { select } from './queries.ts';
import { decodeStatement, decodeStoredProof, type ProvenStatement } from './rows.ts';
import { isOneOf } from './sql.ts';
import type { Tables } from './tables.ts';

const shape = { id: z.string(), record: z.instanceof(Uint8Array) };

/**
 * Proofs with their statements, in the order of the ids; what is not there, or damaged, is left out. Two queries, however many.
 * @param onCorrupt hears of each damaged row
 */
export async function proven(
  tables: Tables,
  ids: readonly ContentId[],
  onCorrupt: (error: CorruptRowError) => void,
): Promise<ProvenStatement[]> {
  const proofRows = await select(tables.proofs, shape, isOneOf('id', ids));
  const proofs = intact(proofRows, decodeStoredProof, onCorrupt);
  const wanted = new Set([...proofs.values()].map(({ record }) => record.statement));
  const statementRows = await select(tables.statements, shape, isOneOf('id', [...wanted]));
  const statements = intact(statementRows, decodeStatement, onCorrupt);
  return ids.flatMap((id) => {
    const signed = proofs.get(id);
    const statement = signed && statements.get(signed.record.statement);
    return signed && statement ? [{ signed, statement }] : [];
  });
}

/** By id, what can be decoded: one that cannot is no reason to be without the others. */
function intact<T>(
  rows: readonly { readonly id: string; readonly record: Uint8Array }[],
  decode: (id: string, record: Uint8Array) => T,
  onCorrupt: (error: CorruptRowError) => void,
): Map<string, T> {
  const decoded = new Map<string, T>();
  for (const { id, record } of rows) {
    try {
      decoded.set(id, decode(id, record));
    } catch (error) {
      if (!(error instanceof CorruptRowError)) throw error;
      onCorrupt(error);
    }
  }
  return decoded;
}

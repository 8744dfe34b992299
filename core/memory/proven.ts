import { z } from 'zod';
import type { ContentId } from '../record/index.ts';
import { select } from './queries.ts';
import { decodeStatement, decodeStoredProof, type ProvenStatement } from './rows.ts';
import { isOneOf } from './sql.ts';
import type { Tables } from './tables.ts';

const shape = { id: z.string(), record: z.instanceof(Uint8Array) };

/** Proofs with their statements, in the order of the ids; what is not there is left out. Two queries, however many. */
export async function proven(tables: Tables, ids: readonly ContentId[]): Promise<ProvenStatement[]> {
  const proofRows = await select(tables.proofs, shape, isOneOf('id', ids));
  const proofs = new Map(proofRows.map(({ id, record }) => [id, decodeStoredProof(id, record)]));
  const wanted = new Set([...proofs.values()].map(({ record }) => record.statement));
  const statementRows = await select(tables.statements, shape, isOneOf('id', [...wanted]));
  const statements = new Map(statementRows.map(({ id, record }) => [id, decodeStatement(id, record)]));
  return ids.flatMap((id) => {
    const signed = proofs.get(id);
    const statement = signed && statements.get(signed.record.statement);
    return signed && statement ? [{ signed, statement }] : [];
  });
}

import { z } from 'zod';
import {
  attemptSchema,
  contentIdOfBytes,
  contentIdSchema,
  decodeCanonical,
  encodeCanonical,
  encodeProof,
  makeStatement,
  proofRecordSchema,
  statementSchema,
  type Attempt,
  type Environment,
  type SignedProof,
  type Statement,
} from '../record/index.ts';
import { CorruptRowError } from './errors.ts';
import { embedderKey, type Embedder } from './embedder.ts';
import { nameParts, sourceTerms, statementTerms } from './features.ts';
import type { JournalEntry } from './journal-line.ts';
import { twinKey } from './twin.ts';

/** A proof with the statement it proves: what one insert brings, and one journal line holds. */
export interface ProvenStatement {
  readonly statement: Statement;
  readonly signed: SignedProof;
}

export type Row = Record<string, unknown>;

const envelopeSchema = z.strictObject({ record: proofRecordSchema, signature: z.instanceof(Uint8Array) });
const payloadSchema = z.strictObject({ statement: statementSchema, proof: z.instanceof(Uint8Array) });

/** An environment as filters compare it: unlike the text for people, no two environments share one. */
export function environmentKey(environment: Environment): string {
  const { lean, library } = environment;
  return JSON.stringify(library === 'core' ? [lean, library] : [lean, library, environment.revision]);
}

export function toEntry({ statement, signed }: ProvenStatement): JournalEntry {
  const payload = encodeCanonical({ statement: statementRecord(statement), proof: encodeProof(signed) });
  return { id: signed.id, statement: statement.id, payload };
}

/** @throws CorruptRowError where the payload is not what the entry's ids say. */
export function fromEntry(entry: JournalEntry): ProvenStatement {
  return intact(entry.id, () => {
    const { statement: record, proof } = payloadSchema.parse(decodeCanonical(entry.payload, 'journal line'));
    const statement = makeStatement(record);
    const signed = decodeStoredProof(entry.id, proof);
    if (statement.id !== signed.record.statement) throw new Error('the statement is of another id');
    return { statement, signed };
  });
}

export async function statementRows(statements: readonly Statement[], embedder: Embedder): Promise<Row[]> {
  const vectors = await embedder.embed(statements);
  return statements.map((statement, i) => ({
    id: statement.id,
    environment: environmentKey(statement.environment),
    twin: twinKey(statement),
    proved: true,
    name: statement.name,
    topic: statement.topic ?? null,
    difficulty: statement.difficulty ?? null,
    dataset: statement.source?.dataset ?? null,
    embedder: embedderKey(embedder),
    vector: vectors[i],
    terms: statementTerms(statement).join(' '),
    words: statementWords(statement).join(' '),
    record: encodeCanonical(statementRecord(statement)),
  }));
}

export function proofRow({ statement, signed }: ProvenStatement): Row {
  const { finder, submission, createdAt } = signed.record;
  return {
    id: signed.id,
    statement: signed.record.statement,
    environment: environmentKey(statement.environment),
    policy: finder.policy,
    model: finder.model ?? null,
    peer: finder.peer,
    createdAt,
    length: submission.length,
    terms: sourceTerms(submission).join(' '),
    record: encodeProof(signed),
  };
}

export function attemptRow(attempt: Attempt, recordedAt: number): Row {
  return {
    statement: attempt.statement,
    policy: attempt.policy,
    verdict: attempt.verdict.kind,
    rollout: attempt.rollout,
    round: attempt.round,
    candidate: attempt.candidate,
    milliseconds: attempt.cost.milliseconds,
    recordedAt,
    record: encodeCanonical(attempt),
  };
}

/** @throws CorruptRowError */
export function decodeStatement(id: string, bytes: Uint8Array): Statement {
  return intact(id, () => {
    const statement = makeStatement(statementSchema.parse(decodeCanonical(bytes, 'statement row')));
    if (statement.id !== id) throw new Error(`the row holds ${statement.id}`);
    return statement;
  });
}

/**
 * A proof of our own store. Its id is checked, its signature is not: that was done when it came in, and costs a
 * millisecond each.
 * @throws CorruptRowError
 */
export function decodeStoredProof(id: string, bytes: Uint8Array): SignedProof {
  return intact(id, () => {
    const { record, signature } = envelopeSchema.parse(decodeCanonical(bytes, 'proof row'));
    const actual = contentIdOfBytes(encodeCanonical(record));
    if (actual !== id) throw new Error(`the row holds ${actual}`);
    return { id: contentIdSchema.parse(id), record, signature };
  });
}

/** @throws CorruptRowError */
export function decodeAttempt(statement: string, bytes: Uint8Array): Attempt {
  return intact(statement, () => attemptSchema.parse(decodeCanonical(bytes, 'attempt row')));
}

function statementRecord(statement: Statement): Record<string, unknown> {
  return Object.fromEntries(Object.entries(statement).filter(([field]) => field !== 'id'));
}

/** What people search by: names whole and in words, prose, topic, tags, origin, and the symbols of the statement. */
function statementWords(statement: Statement): string[] {
  const prose = [statement.informal, statement.topic, statement.source?.dataset, ...(statement.tags ?? [])]
    .filter((part) => part !== undefined)
    .flatMap((part) => part.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  return [statement.name, ...nameParts(statement.name), ...sourceTerms(statement.formal), ...prose];
}

function intact<T>(id: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CorruptRowError(id, error);
  }
}

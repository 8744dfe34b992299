import { z } from 'zod';
import {
  attemptSchema,
  decodeProof,
  encodeProof,
  InvalidRecordError,
  type Attempt,
  type ContentId,
  type Premise,
  type SignedProof,
  type Statement,
  type VerifiedProof,
} from '../record/index.ts';
import { AttemptWriter } from './attempt-writer.ts';
import { CommitQueue, type InsertOutcome } from './commit-queue.ts';
import { BankClosedError, RecordMismatchError, type CorruptRowError } from './errors.ts';
import { describeError, type BankListener } from './events.ts';
import type { Embedder } from './embedder.ts';
import type { Journal } from './journal.ts';
import { find, type FindResult } from './find.ts';
import { effort, proofEntries, type Effort, type ProofEntry } from './ledger.ts';
import { proven } from './proven.ts';
import { select, selectBatches, uniqueById } from './queries.ts';
import { retrieve, search, type RetrieveOptions, type SearchHit, type SearchOptions } from './retrieval.ts';
import { decodeAttempt, decodeStatement, decodeStoredProof, type ProvenStatement } from './rows.ts';
import { equals } from './sql.ts';
import { bankStats, type BankStats } from './stats.ts';
import type { Tables } from './tables.ts';
import type { RecordKey } from './types.ts';
import type { Upkeep } from './upkeep.ts';

export interface BankComponents {
  readonly journal: Journal;
  readonly tables: Tables;
  readonly embedder: Embedder;
  readonly upkeep: Upkeep;
  readonly emit: BankListener;
}

export interface BankInit {
  readonly directory: string;
}

const COMMIT_BATCH = 512;
const bytes = z.instanceof(Uint8Array);
const storedShape = { id: z.string(), record: bytes };

/** The bank on LanceDB; `types.ts` says what each method does. */
export class LanceBank {
  readonly directory: string;
  readonly #components: BankComponents;
  readonly #queue: CommitQueue;
  readonly #attempts: AttemptWriter;
  /** Rows that were told of. */
  readonly #corrupt = new Set<string>();
  #closing: Promise<void> | undefined;

  constructor(components: BankComponents, init: BankInit) {
    this.directory = init.directory;
    this.#components = components;
    const onCommit = (rows: number): void => components.upkeep.noteCommit(rows);
    this.#queue = new CommitQueue({ ...components, onCommit }, { batchSize: COMMIT_BATCH });
    this.#attempts = new AttemptWriter({ tables: components.tables, onCommit });
  }

  async insert(proof: VerifiedProof, signed: SignedProof): Promise<InsertOutcome> {
    this.#assertOpen();
    assertMatching(proof, signed);
    return this.#queue.submit({ statement: proof.statement, signed });
  }

  async recordAttempts(attempts: readonly Attempt[]): Promise<void> {
    this.#assertOpen();
    return this.#attempts.write(attempts.map((attempt) => attemptSchema.parse(attempt)));
  }

  async count(): Promise<number> {
    return this.#tables.proofs.countRows();
  }

  async has(id: ContentId): Promise<boolean> {
    return (await this.#tables.proofs.countRows(equals('id', id))) > 0;
  }

  async proof(id: ContentId): Promise<SignedProof | undefined> {
    const [row] = await select(this.#tables.proofs, storedShape, equals('id', id));
    return row && decodeStoredProof(row.id, row.record);
  }

  async statement(id: ContentId): Promise<Statement | undefined> {
    const [row] = await select(this.#tables.statements, storedShape, equals('id', id));
    return row && decodeStatement(row.id, row.record);
  }

  async proven(ids: readonly ContentId[]): Promise<ProvenStatement[]> {
    return proven(this.#tables, ids, (error) => this.#tellCorrupt(error));
  }

  async proofsOf(statement: ContentId): Promise<SignedProof[]> {
    const rows = await select(this.#tables.proofs, storedShape, equals('statement', statement));
    const proofs = uniqueById(rows).map((row) => decodeStoredProof(row.id, row.record));
    return proofs.sort((a, b) => a.record.createdAt - b.record.createdAt || (a.id < b.id ? -1 : 1));
  }

  async solved(statement: ContentId): Promise<boolean> {
    return (await this.#tables.proofs.countRows(equals('statement', statement))) > 0;
  }

  async trajectory(statement: ContentId): Promise<Attempt[]> {
    const shape = { recordedAt: z.number(), record: bytes };
    const rows = await select(this.#tables.trajectories, shape, equals('statement', statement));
    return rows
      .map(({ recordedAt, record }) => ({ recordedAt, attempt: decodeAttempt(statement, record) }))
      .sort(
        (a, b) =>
          a.recordedAt - b.recordedAt ||
          a.attempt.rollout - b.attempt.rollout ||
          a.attempt.round - b.attempt.round ||
          a.attempt.candidate - b.attempt.candidate,
      )
      .map(({ attempt }) => attempt);
  }

  async *proofs(): AsyncGenerator<SignedProof> {
    const seen = new Set<string>();
    for await (const rows of selectBatches(this.#tables.proofs, storedShape)) {
      for (const { id, record } of rows) {
        if (seen.has(id)) continue;
        seen.add(id);
        yield decodeStoredProof(id, record);
      }
    }
  }

  async keys(): Promise<RecordKey[]> {
    const rows = await select(this.#tables.proofs, { id: z.string(), createdAt: z.number() });
    return uniqueById(rows).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  entries(): AsyncIterable<readonly ProofEntry[]> {
    return proofEntries(this.#tables);
  }

  async effort(): Promise<Effort> {
    return effort(this.#tables);
  }

  async find(prefix: string): Promise<FindResult> {
    return find(this.#tables, prefix);
  }

  async stats(): Promise<BankStats> {
    return bankStats(this.#tables, this.directory);
  }

  async search(text: string, options: SearchOptions = {}): Promise<SearchHit[]> {
    this.#assertOpen();
    return search(this.#components, text, options);
  }

  async retrieve(statement: Statement, options: RetrieveOptions): Promise<Premise[]> {
    this.#assertOpen();
    return retrieve(this.#components, statement, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #tables(): Tables {
    this.#assertOpen();
    return this.#components.tables;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new BankClosedError();
  }

  #tellCorrupt({ id, cause }: CorruptRowError): void {
    if (this.#corrupt.has(id)) return;
    this.#corrupt.add(id);
    this.#components.emit({ type: 'row-corrupt', id, cause: describeError(cause) });
  }

  async #close(): Promise<void> {
    await this.#queue.drained();
    await this.#attempts.drained();
    await this.#components.upkeep.stop();
    this.#components.tables.close();
    await this.#components.journal.close();
  }
}

function assertMatching(proof: VerifiedProof, signed: SignedProof): void {
  if (signed.record.statement !== proof.statement.id) throw new RecordMismatchError(signed.id, 'statement');
  if (signed.record.submission !== proof.submission) throw new RecordMismatchError(signed.id, 'submission');
  try {
    decodeProof(encodeProof(signed), signed.id);
  } catch (error) {
    if (error instanceof InvalidRecordError) throw new RecordMismatchError(signed.id, 'signature', error);
    throw error;
  }
}

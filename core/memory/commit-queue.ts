import { z } from 'zod';
import type { Embedder } from './embedder.ts';
import type { Journal } from './journal.ts';
import { select } from './queries.ts';
import { proofRow, statementRows, toEntry, type ProvenStatement } from './rows.ts';
import { isOneOf } from './sql.ts';
import type { Tables } from './tables.ts';

export type InsertOutcome = 'inserted' | 'known';

export interface CommitQueueComponents {
  readonly journal: Journal;
  readonly tables: Tables;
  readonly embedder: Embedder;
  /** Called after each commit that added proofs. */
  readonly onCommit: (rows: number) => void;
}

export interface CommitQueueInit {
  /** Most proofs that one commit takes. */
  readonly batchSize: number;
}

interface Waiting {
  readonly proven: ProvenStatement;
  readonly resolve: (outcome: InsertOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what is handed in while one commit runs goes into the next together, with one fsync and one LanceDB
 * version for all. A commit writes the journal first; the tables follow, and what they refuse now (a full disk) goes
 * with the next commit or, at the latest, is put in when the bank opens.
 */
export class CommitQueue {
  readonly #components: CommitQueueComponents;
  readonly #init: CommitQueueInit;
  readonly #waiting: Waiting[] = [];
  #unsettled: ProvenStatement[] = [];
  #running: Promise<void> | undefined;

  constructor(components: CommitQueueComponents, init: CommitQueueInit) {
    this.#components = components;
    this.#init = init;
  }

  submit(proven: ProvenStatement): Promise<InsertOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ proven, resolve, reject });
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    });
  }

  /** Resolves when nothing is waiting any more. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#init.batchSize);
      try {
        const inserted = await this.#commit(batch.map(({ proven }) => proven));
        // Of several that hand in one record, one inserted it.
        for (const { proven, resolve } of batch) {
          resolve(inserted.delete(proven.signed.id) ? 'inserted' : 'known');
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #commit(batch: readonly ProvenStatement[]): Promise<Set<string>> {
    const fresh = await this.#notYetStored(batch);
    if (fresh.length > 0) await this.#components.journal.append(fresh.map(toEntry));
    this.#unsettled.push(...fresh);
    if (this.#unsettled.length === 0) return new Set();
    await writeRows(this.#components, this.#unsettled);
    this.#components.onCommit(this.#unsettled.length);
    this.#unsettled = [];
    return new Set(fresh.map(({ signed }) => signed.id));
  }

  async #notYetStored(batch: readonly ProvenStatement[]): Promise<ProvenStatement[]> {
    const byId = new Map(batch.map((proven) => [proven.signed.id, proven]));
    // Journalled before, though not yet in the table: known all the same, and part of this commit.
    for (const { signed } of this.#unsettled) byId.delete(signed.id);
    const stored = await select(
      this.#components.tables.proofs,
      { id: z.string() },
      isOneOf('id', [...byId.keys()]),
    );
    for (const { id } of stored) byId.delete(id);
    return [...byId.values()];
  }
}

/** Puts proofs and their statements into the tables, where they are not there yet. */
export async function writeRows(
  { tables, embedder }: { readonly tables: Tables; readonly embedder: Embedder },
  proven: readonly ProvenStatement[],
): Promise<void> {
  const statements = new Map(proven.map(({ statement }) => [statement.id, statement]));
  const stored = await select(tables.statements, { id: z.string() }, isOneOf('id', [...statements.keys()]));
  for (const { id } of stored) statements.delete(id);
  const rows = await statementRows([...statements.values()], embedder);
  const proofs = new Map(proven.map((one) => [one.signed.id, proofRow(one)]));
  // Side by side: what a crash leaves out of either is in the journal.
  await Promise.all([
    tables.insertMissing(tables.statements, rows),
    tables.insertMissing(tables.proofs, [...proofs.values()]),
  ]);
}

import { Index, type Table } from '@lancedb/lancedb';
import { describeError, type BankListener } from './events.ts';
import type { TableName } from './schema.ts';
import { isConflict, type Tables } from './tables.ts';

export interface UpkeepComponents {
  readonly tables: Tables;
  readonly emit: BankListener;
}

export interface UpkeepInit {
  /** Commits that earlier processes have left: each may have been too short to come to any upkeep. */
  readonly commits: number;
  /** Commits after which the tables are compacted and the indices brought up to date. */
  readonly everyCommits: number;
  /** Rows after which it is time too, however few the commits: unindexed rows are scanned by every search. */
  readonly everyRows: number;
  /** Rows from which the vectors get an index; below, LanceDB's exact scan is fast enough. */
  readonly vectorIndexRows: number;
  /** How long replaced versions of a table are kept, in milliseconds: as long as any reader may need. */
  readonly keepVersionsMs: number;
}

/** Compacts tables and updates indices in the background, never twice at once. */
export class Upkeep {
  readonly #components: UpkeepComponents;
  readonly #init: UpkeepInit;
  #commits: number;
  #rows = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(components: UpkeepComponents, init: UpkeepInit) {
    this.#components = components;
    this.#init = init;
    this.#commits = init.commits;
  }

  /** Notes a commit and begins a run where it is time for one. Returns at once. */
  noteCommit(rows: number): void {
    this.#commits += 1;
    this.#rows += rows;
    const due = this.#commits >= this.#init.everyCommits || this.#rows >= this.#init.everyRows;
    if (!due || this.#running !== undefined || this.#stopped) return;
    this.#commits = 0;
    this.#rows = 0;
    this.#running = this.#run().finally(() => (this.#running = undefined));
  }

  /** Begins no further run and waits for the present one. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (const { name } of this.#components.tables.definitions) {
      if (this.#stopped) return;
      await this.#maintain(name);
    }
  }

  async #maintain(name: TableName): Promise<void> {
    const { emit, tables } = this.#components;
    const started = performance.now();
    let table: Table | undefined;
    try {
      // A handle of its own: LanceDB locks a handle for as long as it optimizes through it.
      table = await tables.openAnother(name);
      if (name === 'statements') await this.#indexVectors(table);
      await table.optimize({ cleanupOlderThan: new Date(Date.now() - this.#init.keepVersionsMs) });
      emit({ type: 'optimized', table: name, milliseconds: performance.now() - started });
    } catch (error) {
      // Another process tends the same table: it does this work.
      if (!isConflict(error)) emit({ type: 'upkeep-failed', table: name, cause: describeError(error) });
    } finally {
      table?.close();
    }
  }

  async #indexVectors(table: Table): Promise<void> {
    if ((await table.countRows()) < this.#init.vectorIndexRows) return;
    const indices = await table.listIndices();
    if (indices.some((index) => index.columns.includes('vector'))) return;
    await table.createIndex('vector', { config: Index.ivfFlat({ distanceType: 'cosine' }), replace: false });
  }
}

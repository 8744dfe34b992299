import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type Connection, type Table } from '@lancedb/lancedb';
import { BankDiskFullError, BankTablesUnavailableError, isDiskFull } from './errors.ts';
import { describeError, type BankListener } from './events.ts';
import type { Row } from './rows.ts';
import {
  PROOFS_TABLE,
  statementsTable,
  TRAJECTORIES_TABLE,
  type TableDefinition,
  type TableName,
} from './schema.ts';
import { systemFailure } from './system-failure.ts';

export interface TablesInit {
  /** Absolute: LanceDB takes some relative names for addresses of its cloud. */
  readonly directory: string;
  /** Length of the statements' vectors. */
  readonly dimensions: number;
}

export interface TablesComponents {
  readonly emit: BankListener;
}

/** Tries of one write when other processes commit at the same time. */
const WRITE_TRIES = 12;
const OPEN_TRIES = 3;

/** The LanceDB side of the bank: its tables, opened, repaired and written to. */
export class Tables {
  readonly definitions: readonly TableDefinition[];
  readonly #components: TablesComponents;
  readonly #init: TablesInit;
  readonly #connection: Connection;
  readonly #open = new Map<string, Table>();

  private constructor(components: TablesComponents, init: TablesInit, connection: Connection) {
    this.#components = components;
    this.#init = init;
    this.#connection = connection;
    this.definitions = [statementsTable(init.dimensions), PROOFS_TABLE, TRAJECTORIES_TABLE];
  }

  /** @throws BankDiskFullError, BankTablesUnavailableError */
  static async open(components: TablesComponents, init: TablesInit): Promise<Tables> {
    let tables: Tables | undefined;
    try {
      // Interval 0: every read sees what other processes have committed.
      const connection = await connect(init.directory, { readConsistencyInterval: 0 });
      tables = new Tables(components, init, connection);
      for (const definition of tables.definitions) await tables.#openOrRebuild(definition);
      return tables;
    } catch (error) {
      tables?.close();
      const why = systemFailure(error);
      throw why === undefined ? error : new BankTablesUnavailableError(init.directory, why, error);
    }
  }

  get statements(): Table {
    return this.#table('statements');
  }

  get proofs(): Table {
    return this.#table('proofs');
  }

  get trajectories(): Table {
    return this.#table('trajectories');
  }

  /** A handle besides the shared one, the caller's to close. */
  openAnother(name: TableName): Promise<Table> {
    return this.#connection.openTable(name);
  }

  /** Adds rows whose id is not there yet. */
  async insertMissing(table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    // Not through the index, by which a merge that races with another process's compaction misses rows and inserts
    // them twice (lance 12.0.0: up to 12 of 60). Readers count every id once all the same.
    const merge = table.mergeInsert('id').whenNotMatchedInsertAll().useIndex(false);
    await this.#write(() => merge.execute([...rows]));
  }

  async append(table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#write(() => table.add([...rows]));
  }

  /** Begins the statements anew, empty; the old rows stay readable in `previous` until upkeep removes them. */
  async resetStatements(): Promise<{ readonly previous: Table }> {
    const version = await this.statements.version();
    const previous = await this.#connection.openTable('statements', [], { version });
    const definition = statementsTable(this.#init.dimensions);
    this.statements.close();
    await this.#create(definition, 'overwrite');
    return { previous };
  }

  /** Moves a table that cannot be read aside and begins it anew, empty. */
  async rebuild(name: TableName, cause: unknown): Promise<void> {
    const definition = this.definitions.find((candidate) => candidate.name === name);
    if (definition === undefined) return;
    this.#open.get(name)?.close();
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const movedTo = join(this.#init.directory, `${name}.lance.broken-${stamp}`);
    await rename(join(this.#init.directory, `${name}.lance`), movedTo);
    await this.#create(definition, 'create');
    this.#components.emit({ type: 'table-rebuilt', table: name, movedTo, cause: describeError(cause) });
  }

  close(): void {
    for (const table of this.#open.values()) table.close();
    this.#connection.close();
  }

  #table(name: TableName): Table {
    const table = this.#open.get(name);
    if (table === undefined) throw new Error(`the table ${name} is not open`);
    return table;
  }

  async #openOrRebuild(definition: TableDefinition): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const table = await this.#connection.openTable(definition.name);
        await assertReadable(table, definition);
        await ensureIndices(table, definition);
        this.#open.set(definition.name, table);
        return;
      } catch (error) {
        if (isDiskFull(error)) throw new BankDiskFullError(this.#init.directory, 'tables', error);
        // Not there, or a crash left a directory without any version in it: either way there is nothing to lose.
        if (/^Table '\w+' was not found/.test(describeError(error)))
          return this.#create(definition, 'create');
        // Another process may be replacing just these files: only what stays unreadable is moved aside.
        if (attempt < OPEN_TRIES) {
          await backOff(attempt);
          continue;
        }
        // A table that the system does not let us read is whole: begun anew it would have lost what no journal has.
        if (systemFailure(error) !== undefined) throw error;
        return this.rebuild(definition.name, error);
      }
    }
  }

  async #create(definition: TableDefinition, mode: 'create' | 'overwrite'): Promise<void> {
    const { name, schema } = definition;
    const table = await this.#write(() =>
      this.#connection.createEmptyTable(name, schema, { mode, existOk: mode === 'create' }),
    );
    await ensureIndices(table, definition);
    this.#open.set(name, table);
  }

  /** LanceDB commits optimistically and gives up after some tries of its own; conflicts are tried again here. */
  async #write<T>(operation: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await operation();
      } catch (error) {
        if (isDiskFull(error)) throw new BankDiskFullError(this.#init.directory, 'tables', error);
        if (attempt >= WRITE_TRIES || !isConflict(error)) throw error;
        await backOff(attempt);
      }
    }
  }
}

export function isConflict(error: unknown): boolean {
  return /conflict|concurrent|retry|already exists/i.test(describeError(error));
}

/** Jittered, so that two writers that collided do not collide again in step. */
function backOff(attempt: number): Promise<void> {
  const milliseconds = Math.random() * Math.min(500, 5 * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Every column is there and every row's file can be read: one cheap column of all rows. */
async function assertReadable(table: Table, definition: TableDefinition): Promise<void> {
  const columns = new Set((await table.schema()).fields.map((field) => field.name));
  const missing = definition.schema.fields.filter((field) => !columns.has(field.name));
  if (missing.length > 0)
    throw new Error(`columns missing: ${missing.map((field) => field.name).join(', ')}`);
  await table
    .query()
    .select(['environment', 'statement'].filter((column) => columns.has(column)))
    .toArrow();
}

/**
 * Full-text search needs its index from the first row on: without one LanceDB splits the text by a tokenizer of its
 * own. Rows that the index has not taken in yet are found by scanning.
 */
async function ensureIndices(table: Table, definition: TableDefinition): Promise<void> {
  const present = new Set((await table.listIndices()).flatMap((index) => index.columns));
  for (const [column, options] of Object.entries(definition.indices)) {
    if (present.has(column)) continue;
    try {
      await table.createIndex(column, { ...options(), replace: false });
    } catch (error) {
      // Another process that opens the bank at the same time has just made it.
      if (!isConflict(error)) throw error;
    }
  }
}

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  ApiError,
  MAX_DEFECTS,
  type ApiEvent,
  type ImportReport,
  type ParsedInput,
} from '../../api/index.ts';
import type { Environment, Statement } from '../../record/index.ts';
import { describeEntry, formatOf, readStatements, type StatementSource } from '../../statement/index.ts';
import { errorInWords } from '../../process/index.ts';
import { cut } from './text.ts';

type ImportSource = ParsedInput<'statements.import'>['source'];

export interface ImportsComponents {
  /** Keeps statements; says how many were new. */
  readonly add: (statements: readonly Statement[]) => Promise<number>;
  readonly emit: (event: ApiEvent) => void;
}

export interface ImportsInit {
  readonly environment: Environment;
  /** Of statements that import more than the toolchain. */
  readonly library?: Environment;
  readonly starterPack: string;
}

const BATCH = 1000;
const MAX_AT_ONCE = 2;

/** Reads datasets onto the board, telling how far it is. */
export class Imports {
  readonly #components: ImportsComponents;
  readonly #init: ImportsInit;
  readonly #running = new Map<string, { controller: AbortController; done: Promise<void> }>();

  constructor(components: ImportsComponents, init: ImportsInit) {
    this.#components = components;
    this.#init = init;
  }

  /** @throws ApiError where too much is being read already; UnknownFileTypeError */
  start(source: ImportSource): ImportReport {
    if (this.#running.size >= MAX_AT_ONCE)
      throw new ApiError('busy', 'other imports are under way; wait for them');
    const input = this.#inputOf(source);
    const report: ImportReport = {
      id: randomUUID(),
      fileName: path.basename(typeof input === 'string' ? input : input.file).slice(0, 500),
      state: 'reading',
      added: 0,
      known: 0,
      duplicates: 0,
      defects: [],
      defective: 0,
    };
    const controller = new AbortController();
    this.#running.set(report.id, { controller, done: this.#read(input, report, controller.signal) });
    return report;
  }

  /** Resolves when it has ended; at once where it is not under way. */
  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.done;
  }

  cancel(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) throw new ApiError('not-found', 'there is no such import under way');
    running.controller.abort(new Error('cancelled'));
  }

  async close(): Promise<void> {
    for (const { controller } of this.#running.values()) controller.abort(new Error('the node is stopping'));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #inputOf(source: ImportSource): string | StatementSource {
    switch (source.kind) {
      case 'starter':
        return this.#init.starterPack;
      case 'path':
        formatOf(source.path);
        return source.path;
      case 'text':
        return {
          file: source.fileName,
          format: formatOf(source.fileName),
          bytes: [Buffer.from(source.text)],
        };
    }
  }

  async #read(input: string | StatementSource, first: ImportReport, signal: AbortSignal): Promise<void> {
    let report = first;
    const tell = (change: Partial<ImportReport>): void => {
      report = { ...report, ...change };
      this.#components.emit({ type: 'statements:import-progress', report });
    };
    const { environment, library } = this.#init;
    const reading = { environment, signal, ...(library === undefined ? {} : { library }) };
    let batch: Statement[] = [];
    const flush = async (): Promise<void> => {
      const statements = batch;
      batch = [];
      const added = statements.length === 0 ? 0 : await this.#components.add(statements);
      tell({ added: report.added + added, known: report.known + statements.length - added });
    };
    // The answer to the command goes out before the first event about it.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for await (const entry of readStatements(input, reading)) {
        if (entry.kind === 'statement') batch.push(entry.statement);
        else if (entry.kind === 'duplicate') report = { ...report, duplicates: report.duplicates + 1 };
        else report = withDefect(report, cut(describeEntry(entry), 2000));
        if (batch.length >= BATCH) await flush();
      }
      await flush();
      tell({ state: 'done' });
    } catch (error) {
      if (signal.aborted) tell({ state: 'cancelled' });
      else tell({ state: 'failed', detail: cut(errorInWords(error), 2000) });
    } finally {
      this.#running.delete(report.id);
    }
  }
}

function withDefect(report: ImportReport, defect: string): ImportReport {
  const defects = report.defects.length < MAX_DEFECTS ? [...report.defects, defect] : report.defects;
  return { ...report, defects, defective: report.defective + 1 };
}

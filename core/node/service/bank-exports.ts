import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ApiError, type ApiEvent, type BankExport } from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import { exportBank, type ExportReport } from '../bank-file/index.ts';
import type { ClaimedShelf } from '../claimed/index.ts';
import { errorInWords } from '../../process/index.ts';
import { cut } from './text.ts';

export interface BankExportsComponents {
  readonly bank: Pick<Bank, 'keys' | 'proven'>;
  readonly shelf: Pick<ClaimedShelf, 'all' | 'size'>;
  readonly emit: (event: ApiEvent) => void;
}

const MAX_AT_ONCE = 2;
const TELL_MS = 250;

/** Writes the bank to files, telling how far it is. */
export class BankExports {
  readonly #components: BankExportsComponents;
  readonly #running = new Map<string, AbortController>();

  constructor(components: BankExportsComponents) {
    this.#components = components;
  }

  /**
   * Resolves when the file is there whole.
   * @throws ApiError where too much is being written already or it was cancelled, and what the file system says
   */
  async write(file: string, signal: AbortSignal): Promise<ExportReport> {
    const { bank, shelf, emit } = this.#components;
    if (this.#running.size >= MAX_AT_ONCE) throw new ApiError('busy', 'other exports are under way');
    const id = randomUUID();
    const controller = new AbortController();
    let report: BankExport = { id, path: path.resolve(file), state: 'writing', records: 0, total: 0 };
    let toldAt = -Infinity;
    const tell = (change: Partial<BankExport>): void => {
      report = { ...report, ...change };
      emit({ type: 'bank:export-progress', report });
    };
    const onProgress = (records: number, proofs: number): void => {
      if (performance.now() - toldAt < TELL_MS) return;
      toldAt = performance.now();
      tell({ records, total: Math.max(records, proofs + shelf.size) });
    };
    this.#running.set(id, controller);
    const both = AbortSignal.any([signal, controller.signal]);
    try {
      const written = await exportBank(file, { bank, claimed: shelf.all() }, { signal: both, onProgress });
      const records = written.proofs + written.claimed;
      tell({ state: 'done', records, total: records });
      return written;
    } catch (error) {
      if (!both.aborted) tell({ state: 'failed', detail: cut(errorInWords(error), 2000) });
      else tell({ state: 'cancelled' });
      if (controller.signal.aborted) throw new ApiError('cancelled', 'the export was stopped');
      throw error;
    } finally {
      this.#running.delete(id);
    }
  }

  /** @throws ApiError */
  cancel(id: string): void {
    const controller = this.#running.get(id);
    if (controller === undefined) throw new ApiError('not-found', 'there is no such export under way');
    controller.abort(new Error('cancelled'));
  }
}

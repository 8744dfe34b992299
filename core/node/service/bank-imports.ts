import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ApiError, type ApiEvent, type BankImport } from '../../api/index.ts';
import type { LeanChecker } from '../../lean/index.ts';
import type { Bank } from '../../memory/index.ts';
import type { SignedProof, Statement } from '../../record/index.ts';
import { importBank, type BankImportReport, type ImportComponents } from '../bank-file/index.ts';
import type { ClaimedShelf } from '../claimed/index.ts';
import { errorInWords } from '../../process/index.ts';
import type { ProofIndex } from './proof-index.ts';
import { cut } from './text.ts';

export interface BankImportsComponents {
  readonly bank: Pick<Bank, 'insert'>;
  readonly proofs: Pick<ProofIndex, 'has'>;
  readonly shelf: Pick<ClaimedShelf, 'has' | 'add'>;
  readonly checker: () => Promise<Pick<LeanChecker, 'check'>>;
  /** A proof is in the bank. */
  readonly onAdded: (signed: SignedProof, statement: Statement) => void;
  /** A record is kept as claimed. */
  readonly onClaimed: (signed: SignedProof, statement: Statement) => void;
  readonly emit: (event: ApiEvent) => void;
}

/** Imports that are remembered after their end. */
const MAX_KEPT = 10;
const TELL_MS = 250;

/** Reads bank files into the bank, one at a time, telling how far it is. */
export class BankImports {
  readonly #components: BankImportsComponents;
  /** Newest first. */
  #reports: BankImport[] = [];
  #running:
    { readonly id: string; readonly controller: AbortController; readonly done: Promise<void> } | undefined;

  constructor(components: BankImportsComponents) {
    this.#components = components;
  }

  get reports(): readonly BankImport[] {
    return this.#reports;
  }

  /** @throws ApiError where another is under way */
  start(file: string): BankImport {
    if (this.#running !== undefined) throw new ApiError('busy', 'another import is under way');
    const id = randomUUID();
    const begun: BankImport = {
      id,
      path: path.resolve(file),
      state: 'reading',
      bytes: 0,
      bytesRead: 0,
      added: 0,
      known: 0,
      claimed: 0,
      bad: 0,
      problems: [],
    };
    this.#reports = [begun, ...this.#reports].slice(0, MAX_KEPT);
    const controller = new AbortController();
    this.#running = { id, controller, done: this.#read(begun, controller.signal) };
    return begun;
  }

  cancel(id: string): void {
    if (this.#running?.id !== id) throw new ApiError('not-found', 'there is no such import under way');
    this.#running.controller.abort(new Error('cancelled'));
  }

  async close(): Promise<void> {
    this.#running?.controller.abort(new Error('the node is stopping'));
    await this.#running?.done;
  }

  /** Each record by this node's own Lean, before anything is believed. */
  #taking(): ImportComponents {
    const { bank, proofs, shelf, checker, onAdded, onClaimed } = this.#components;
    return {
      isKnown: (id) => proofs.has(id) || shelf.has(id),
      check: async (statement, submission, options) =>
        (await checker()).check(statement, submission, options),
      keep: async (proof, signed) => {
        await bank.insert(proof, signed);
        onAdded(signed, proof.statement);
      },
      keepClaimed: async (claim) => {
        if (!(await shelf.add(claim))) return false;
        onClaimed(claim.signed, claim.statement);
        return true;
      },
    };
  }

  async #read(begun: BankImport, signal: AbortSignal): Promise<void> {
    let report = begun;
    let toldAt = 0;
    const update = (change: Partial<BankImport>, tell: boolean): void => {
      report = { ...report, ...change };
      this.#reports = this.#reports.map((other) => (other.id === report.id ? report : other));
      if (!tell) return;
      toldAt = performance.now();
      this.#components.emit({ type: 'bank:import-progress', report });
    };
    const onProgress = (progress: BankImportReport): void =>
      update({ ...progress, problems: [...progress.problems] }, performance.now() - toldAt > TELL_MS);
    // The answer to the command goes out before the first event about it.
    await new Promise((resolve) => setImmediate(resolve));
    update({}, true);
    try {
      await importBank(begun.path, this.#taking(), { signal, onProgress });
      update({ state: 'done' }, true);
    } catch (error) {
      if (signal.aborted) update({ state: 'cancelled' }, true);
      else update({ state: 'failed', detail: cut(errorInWords(error), 2000) }, true);
    } finally {
      this.#running = undefined;
    }
  }
}

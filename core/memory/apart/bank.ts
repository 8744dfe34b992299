import type {
  Attempt,
  ContentId,
  Premise,
  SignedProof,
  Statement,
  VerifiedProof,
} from '../../record/index.ts';
import type { InsertOutcome } from '../commit-queue.ts';
import type { FindResult } from '../find.ts';
import type { Effort, ProofEntry } from '../ledger.ts';
import type { RetrieveOptions, SearchHit, SearchOptions } from '../retrieval.ts';
import type { ProvenStatement } from '../rows.ts';
import type { BankStats } from '../stats.ts';
import type { Bank, RecordKey } from '../types.ts';
import { versionStamp } from '../versions.ts';
import type { BankProcess } from './bank-process.ts';
import type { Method } from './messages.ts';

/** A bank that another process has open; `types.ts` says what each method does. */
export class BankApart implements Bank {
  readonly directory: string;
  readonly #process: BankProcess;
  /** The count, and what told of the version that was counted. */
  #counted: { readonly stamp: string; readonly count: Promise<number> } | undefined;

  constructor(process: BankProcess, directory: string) {
    this.#process = process;
    this.directory = directory;
  }

  insert(proof: VerifiedProof, signed: SignedProof): Promise<InsertOutcome> {
    return this.#call('insert', proof, signed);
  }

  recordAttempts(attempts: readonly Attempt[]): Promise<void> {
    return this.#call('recordAttempts', attempts);
  }

  /** Asked every few seconds, to notice other processes' proofs: as long as there are no others, nobody is woken for it. */
  async count(): Promise<number> {
    const stamp = await versionStamp(this.directory, 'proofs');
    if (stamp === undefined || this.#process.isClosed) return this.#call('count');
    if (this.#counted?.stamp !== stamp) {
      const count = this.#call('count');
      this.#counted = { stamp, count };
      count.catch(() => (this.#counted = undefined));
    }
    return this.#counted.count;
  }

  has(id: ContentId): Promise<boolean> {
    return this.#call('has', id);
  }

  proof(id: ContentId): Promise<SignedProof | undefined> {
    return this.#call('proof', id);
  }

  statement(id: ContentId): Promise<Statement | undefined> {
    return this.#call('statement', id);
  }

  proven(ids: readonly ContentId[]): Promise<ProvenStatement[]> {
    return this.#call('proven', ids);
  }

  proofsOf(statement: ContentId): Promise<SignedProof[]> {
    return this.#call('proofsOf', statement);
  }

  solved(statement: ContentId): Promise<boolean> {
    return this.#call('solved', statement);
  }

  trajectory(statement: ContentId): Promise<Attempt[]> {
    return this.#call('trajectory', statement);
  }

  proofs(): AsyncIterable<SignedProof> {
    return this.#process.stream('proofs') as AsyncGenerator<SignedProof>;
  }

  keys(): Promise<RecordKey[]> {
    return this.#call('keys');
  }

  entries(): AsyncIterable<readonly ProofEntry[]> {
    return this.#process.stream('entries') as AsyncGenerator<readonly ProofEntry[]>;
  }

  effort(): Promise<Effort> {
    return this.#call('effort');
  }

  find(prefix: string): Promise<FindResult> {
    return this.#call('find', prefix);
  }

  stats(): Promise<BankStats> {
    return this.#call('stats');
  }

  search(text: string, options: SearchOptions = {}): Promise<SearchHit[]> {
    return this.#call('search', text, options);
  }

  retrieve(statement: Statement, options: RetrieveOptions): Promise<Premise[]> {
    return this.#call('retrieve', statement, options);
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Both sides are of one build: what comes back is what the method gives. */
  #call<M extends Method>(method: M, ...args: Parameters<Bank[M]>): Promise<Awaited<ReturnType<Bank[M]>>> {
    return this.#process.call(method, args) as Promise<Awaited<ReturnType<Bank[M]>>>;
  }
}

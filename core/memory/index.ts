/**
 * The bank: verified proofs on this node's disk, from which the next proofs retrieve.
 *
 * ```ts
 * await using bank = await openBank({ directory: '/home/me/.proofswarm/bank' });
 * const outcome = await checker.check(statement, submission);
 * if (outcome.proof) await bank.insert(outcome.proof, signProof(record, identity));
 * const premises = await bank.retrieve(nextStatement, { k: 5 });
 * ```
 */
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Attempt, ContentId, Premise, SignedProof, Statement, VerifiedProof } from '../record/index.ts';
import { LanceBank, type RecordKey } from './bank.ts';
import type { InsertOutcome } from './commit-queue.ts';
import { prepareDirectory } from './directory.ts';
import { symbolEmbedder, type Embedder } from './embedder.ts';
import type { BankListener } from './events.ts';
import type { FindResult } from './find.ts';
import type { Effort, ProofEntry } from './ledger.ts';
import type { OpenJournalFile } from './journal-files.ts';
import { Journal } from './journal.ts';
import { reconcile, reembed } from './recovery.ts';
import type { RetrieveOptions, SearchHit, SearchOptions } from './retrieval.ts';
import type { ProvenStatement } from './rows.ts';
import type { BankStats } from './stats.ts';
import { Tables } from './tables.ts';
import { Upkeep } from './upkeep.ts';

export type { RecordKey } from './bank.ts';
export type { InsertOutcome } from './commit-queue.ts';
export { symbolEmbedder, type Embedder } from './embedder.ts';
export * from './errors.ts';
export type { BankEvent, BankListener } from './events.ts';
export type { FindResult } from './find.ts';
export type { Effort, ProofEntry } from './ledger.ts';
export type { JournalFile, OpenJournalFile } from './journal-files.ts';
export type { RetrieveOptions, SearchHit, SearchOptions } from './retrieval.ts';
export type { ProvenStatement } from './rows.ts';
export type { BankStats, Counts } from './stats.ts';
export { twinKey } from './twin.ts';

/**
 * A grow-only set of verified proofs with their statements, and the attempts made on this node. Several processes may
 * have one directory open at once; each sees what the others have inserted. Methods reject with `BankClosedError`
 * once `close` was called, and with `CorruptRowError` where a stored row is not what its id says.
 */
export interface Bank extends AsyncDisposable {
  /** Absolute. */
  readonly directory: string;

  /**
   * Keeps a proof. When it returns, neither `kill -9` nor a power loss takes the proof away again. Inserting a record
   * again does nothing (`known`). Calls may overlap; they then share commits. About 15 ms.
   * @throws RecordMismatchError where `signed` is not of this proof or not truly signed; BankDiskFullError;
   *   JournalWriteError
   */
  insert(proof: VerifiedProof, signed: SignedProof): Promise<InsertOutcome>;

  /**
   * Keeps attempts, in the order given. When it returns, `kill -9` does not take them away; a lost or damaged table
   * does, since attempts are not journalled.
   * @throws ZodError, BankDiskFullError
   */
  recordAttempts(attempts: readonly Attempt[]): Promise<void>;

  /** How many proofs there are, other processes' included: soon told, to notice that there are more than before. */
  count(): Promise<number>;
  /** Whether a proof record of this id is in the bank. */
  has(id: ContentId): Promise<boolean>;
  proof(id: ContentId): Promise<SignedProof | undefined>;
  /** A statement that the bank holds a proof of, with the metadata it was first inserted with. */
  statement(id: ContentId): Promise<Statement | undefined>;
  /** Proofs with their statements, in the order of the ids; those that are not there are left out. For pages of a list. */
  proven(ids: readonly ContentId[]): Promise<ProvenStatement[]>;
  /** All proofs of a statement, oldest first. */
  proofsOf(statement: ContentId): Promise<SignedProof[]>;
  /** Whether there is a proof of this statement. */
  solved(statement: ContentId): Promise<boolean>;
  /** All attempts at a statement in the order they were recorded. */
  trajectory(statement: ContentId): Promise<Attempt[]>;
  /** All proofs, in no special order, as of the moment iteration begins; never all in memory. */
  proofs(): AsyncIterable<SignedProof>;
  /** Creation time and id of every proof, sorted by both: what range-based reconciliation works on. */
  keys(): Promise<RecordKey[]>;
  /** Who proved what and when, in batches, in no special order: for counts and lists of all proofs. */
  entries(): AsyncIterable<readonly ProofEntry[]>;
  /** What all attempts of this node have cost. */
  effort(): Promise<Effort>;
  /** What a shortened id stands for. */
  find(prefix: string): Promise<FindResult>;
  stats(): Promise<BankStats>;

  /**
   * Statements by words, names and symbols, of theirs or of their proofs: `Nat.succ`, `∣`, `gauss sum`. Not a query
   * language: every text is a list of terms.
   */
  search(text: string, options?: SearchOptions): Promise<SearchHit[]>;

  /**
   * Proofs of statements like this one, best first, one a statement (its shortest): vectors and full text, joined by
   * reciprocal rank fusion. What was inserted a moment ago is found.
   */
  retrieve(statement: Statement, options: RetrieveOptions): Promise<Premise[]>;

  /** Waits for what is under way, upkeep included, and lets the directory go. Idempotent. */
  close(): Promise<void>;
}

export interface OpenBankOptions {
  /** Made where it does not exist. */
  readonly directory: string;
  /** `symbolEmbedder()` unless set. Another one than last time has all vectors computed anew. */
  readonly embedder?: Embedder;
  /** Hears of repairs while the bank opens and of upkeep afterwards. */
  readonly onEvent?: BankListener;
  /** Commits after which tables are compacted and indices updated in the background; 64 unless set. */
  readonly upkeepEveryCommits?: number;
  /** Statements from which the vectors get an approximate index; 50 000 unless set. */
  readonly vectorIndexRows?: number;
  /** How long replaced table versions stay readable, in milliseconds; ten minutes unless set. */
  readonly keepVersionsMs?: number;
  /** How journal files are opened; `fs.open` unless set. */
  readonly openFile?: OpenJournalFile;
}

/**
 * Opens a bank, makes one where there is none, and repairs what a crash left behind: an unfinished journal line is cut
 * off, records missing from the tables are put back, a table that cannot be read is moved aside and rebuilt.
 * @throws BankNotWritableError, NotABankError, BankTooNewError, BankDiskFullError
 */
export async function openBank(options: OpenBankOptions): Promise<Bank> {
  const directory = resolve(options.directory);
  const { embedder = symbolEmbedder(), onEvent: emit = () => undefined, openFile = open } = options;
  await prepareDirectory(directory);
  const journal = await Journal.open({ openFile, emit }, { directory: join(directory, 'journal') });
  let tables: Tables | undefined;
  try {
    tables = await Tables.open(
      { emit },
      { directory: join(directory, 'tables'), dimensions: embedder.dimensions },
    );
    await reembed({ journal, tables, embedder, emit });
    await reconcile({ journal, tables, embedder, emit });
  } catch (error) {
    tables?.close();
    await journal.close();
    throw error;
  }
  const upkeep = new Upkeep(
    { tables, emit },
    {
      everyCommits: options.upkeepEveryCommits ?? 64,
      everyRows: 2000,
      vectorIndexRows: options.vectorIndexRows ?? 50_000,
      keepVersionsMs: options.keepVersionsMs ?? 10 * 60_000,
    },
  );
  return new LanceBank({ journal, tables, embedder, upkeep }, { directory });
}

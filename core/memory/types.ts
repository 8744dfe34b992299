import type { Attempt, ContentId, Premise, SignedProof, Statement, VerifiedProof } from '../record/index.ts';
import type { InsertOutcome } from './commit-queue.ts';
import type { Embedder } from './embedder.ts';
import type { BankListener } from './events.ts';
import type { FindResult } from './find.ts';
import type { OpenJournalFile } from './journal-files.ts';
import type { Effort, ProofEntry } from './ledger.ts';
import type { RetrieveOptions, SearchHit, SearchOptions } from './retrieval.ts';
import type { ProvenStatement } from './rows.ts';
import type { BankStats } from './stats.ts';

/** A record's place in the order in which peers reconcile. */
export interface RecordKey {
  readonly id: ContentId;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * A grow-only set of verified proofs with their statements, and the attempts made on this node. Several processes may
 * have one directory open at once; each sees what the others have inserted. Methods reject with `BankClosedError`
 * once `close` was called, and with `CorruptRowError` where a stored row is not what its id says; `proven` goes on without it.
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
  /** Proofs with their statements, in the order of the ids; those that are not there, or damaged, are left out. For pages of a list. */
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

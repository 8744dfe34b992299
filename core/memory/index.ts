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
import type { Bank, OpenBankOptions } from './types.ts';

export type { InsertOutcome } from './commit-queue.ts';
export { symbolEmbedder, type Embedder } from './embedder.ts';
export * from './errors.ts';
export type { BankEvent, BankListener } from './events.ts';
export type { FindResult } from './find.ts';
export type { Effort, ProofEntry } from './ledger.ts';
export type { JournalFile, OpenJournalFile } from './journal-files.ts';
export { openBankApart, type OpenBankApartOptions } from './apart/index.ts';
export type { RetrieveOptions, SearchHit, SearchOptions } from './retrieval.ts';
export type { ProvenStatement } from './rows.ts';
export type { BankStats, Counts } from './stats.ts';
export { twinKey } from './twin.ts';
export type { Bank, OpenBankOptions, RecordKey } from './types.ts';

/**
 * Opens a bank, makes one where there is none, and repairs what a crash left behind: an unfinished journal line is cut
 * off, records missing from the tables are put back, a table that cannot be read is moved aside and rebuilt.
 * @throws BankNotWritableError, NotABankError, BankTooNewError, BankDiskFullError, BankTablesUnavailableError
 */
export async function openBank(options: OpenBankOptions): Promise<Bank> {
  // LanceDB is 50 MB of code: who has his bank apart never loads it.
  const { openLanceBank } = await import('./open.ts');
  return openLanceBank(options);
}

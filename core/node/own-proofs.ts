import { BankClosedError, RecordMismatchError, type Bank, type InsertOutcome } from '../memory/index.ts';
import { errorInWords } from '../process/index.ts';
import type { SignedProof, VerifiedProof } from '../record/index.ts';
import type { ProverBank } from './prover.ts';

/** A proof of this node's own finding is not in the bank: it is kept in memory, and writing it is tried again. */
export class ProofNotWrittenError extends Error {
  override readonly name = 'ProofNotWrittenError';
  readonly statement: string;
  readonly submission: string;

  constructor({ statement, submission }: VerifiedProof, cause: unknown) {
    super(
      `a proof of ${statement.name} was found and could not be written (${errorInWords(cause)}); it is kept in memory and tried again for as long as this process runs`,
      { cause },
    );
    this.statement = statement.name;
    this.submission = submission;
  }
}

export interface OwnProofsComponents {
  readonly bank: ProverBank;
}

export interface OwnProofsInit {
  /** How often what could not be written is tried again, in milliseconds. */
  readonly retryMs: number;
}

interface Unwritten {
  readonly proof: VerifiedProof;
  readonly signed: SignedProof;
}

const DEFAULTS: OwnProofsInit = { retryMs: 30_000 };
/** Of further ones that cannot be written only the trouble is told. */
const MAX_UNWRITTEN = 10_000;

/**
 * The bank for proofs that this node finds itself, which nobody else has: what cannot be written, as on a full disk, is tried again
 * until it is.
 */
export class OwnProofs implements ProverBank, AsyncDisposable {
  readonly #bank: ProverBank;
  readonly #init: OwnProofsInit;
  readonly #unwritten = new Set<Unwritten>();
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<void> = Promise.resolve();
  #closed = false;

  constructor({ bank }: OwnProofsComponents, init: OwnProofsInit = DEFAULTS) {
    this.#bank = bank;
    this.#init = init;
  }

  /** @throws ProofNotWrittenError where it is tried again, and the bank's errors */
  async insert(proof: VerifiedProof, signed: SignedProof): Promise<InsertOutcome> {
    try {
      return await this.#bank.insert(proof, signed);
    } catch (error) {
      // These would not go away.
      if (error instanceof RecordMismatchError || error instanceof BankClosedError) throw error;
      if (this.#closed || this.#unwritten.size >= MAX_UNWRITTEN) throw error;
      this.#unwritten.add({ proof, signed });
      this.#later();
      throw new ProofNotWrittenError(proof, error);
    }
  }

  recordAttempts(...args: Parameters<Bank['recordAttempts']>): ReturnType<Bank['recordAttempts']> {
    return this.#bank.recordAttempts(...args);
  }

  retrieve(...args: Parameters<Bank['retrieve']>): ReturnType<Bank['retrieve']> {
    return this.#bank.retrieve(...args);
  }

  /** Tries a last time. The bank is to be open until it resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#trying;
    await this.#retry();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#trying = this.#retry().then(() => {
        this.#timer = undefined;
        if (this.#unwritten.size > 0 && !this.#closed) this.#later();
      });
    }, this.#init.retryMs).unref();
  }

  async #retry(): Promise<void> {
    const unwritten = [...this.#unwritten];
    const tried = await Promise.allSettled(
      unwritten.map(({ proof, signed }) => this.#bank.insert(proof, signed)),
    );
    for (const [n, one] of unwritten.entries())
      if (tried[n]?.status === 'fulfilled') this.#unwritten.delete(one);
  }
}

import type { Bank, ProofEntry } from '../../memory/index.ts';
import type { ContentId, SignedProof, Statement } from '../../record/index.ts';
import type { ProofIndex } from './proof-index.ts';

export interface BankWatchComponents {
  readonly bank: Pick<Bank, 'count' | 'entries' | 'proven'>;
  readonly proofs: Pick<ProofIndex, 'has' | 'size'>;
  /** Statements that this node tries itself, and whose proofs it will tell of itself. */
  readonly working: () => ReadonlySet<ContentId>;
  readonly onFound: (signed: SignedProof, statement: Statement) => void;
  readonly onFault: (error: unknown) => void;
}

const LOOK_MS = 2000;
const BATCH = 200;

/**
 * Notices proofs that another process has put into the bank, such as `proofswarm prove` beside a running node. What is
 * there at two looks and still unknown is another's: this node tells of its own within one.
 */
export class BankWatch {
  readonly #components: BankWatchComponents;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** Unknown at the last look. */
  #suspects = new Set<ContentId>();
  /** Rows beyond the known proofs at the last look, and when nothing unknown was left. */
  #surplus = 0;
  #settled = 0;

  constructor(components: BankWatchComponents) {
    this.#components = components;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.#look()
        .catch(this.#components.onFault)
        .finally(() => (this.#looking = undefined));
    }, LOOK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { bank, proofs, working } = this.#components;
    const surplus = (await bank.count()) - proofs.size;
    const before = this.#surplus;
    this.#surplus = surplus;
    // While this node adds many itself, some are always on their way: only what stays is worth reading the table for.
    if (surplus === this.#settled || surplus !== before) return;
    const own = working();
    const unknown: ProofEntry[] = [];
    for await (const batch of bank.entries()) unknown.push(...batch.filter(({ id }) => !proofs.has(id)));
    const found = unknown.filter(({ id, statement }) => this.#suspects.has(id) && !own.has(statement));
    await this.#tell(found.map(({ id }) => id));
    this.#suspects = new Set(unknown.map(({ id }) => id).filter((id) => !proofs.has(id)));
    if (this.#suspects.size > 0) return;
    this.#settled = this.#surplus = surplus - found.length;
  }

  async #tell(ids: readonly ContentId[]): Promise<void> {
    const { bank, onFound } = this.#components;
    for (let at = 0; at < ids.length; at += BATCH) {
      for (const { signed, statement } of await bank.proven(ids.slice(at, at + BATCH)))
        onFound(signed, statement);
    }
  }
}

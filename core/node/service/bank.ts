import {
  ApiError,
  type BankCounts,
  type CommandHandlers,
  type ProofRow,
  type ProofView,
} from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import {
  makeStatement,
  type ContentId,
  type Identity,
  type SignedProof,
  type Statement,
} from '../../record/index.ts';
import { parseLean, type ParseOptions } from '../../statement/index.ts';
import { searchClaimed, type ClaimedShelf } from '../claimed/index.ts';
import type { BankExports } from './bank-exports.ts';
import type { BankImports } from './bank-imports.ts';
import type { NetworkPort } from './network-port.ts';
import type { ProofIndex } from './proof-index.ts';
import { cut, recordOf } from './text.ts';
import type { UseLog } from './use-log.ts';

export interface BankComponents {
  readonly bank: Bank;
  readonly identity: Identity;
  readonly proofs: ProofIndex;
  readonly shelf: ClaimedShelf;
  readonly imports: BankImports;
  readonly exports: BankExports;
  readonly uses: UseLog;
  /** A statement with what else is known of it here. */
  readonly described: (statement: Statement) => Statement;
  readonly network: () => NetworkPort | undefined;
  readonly counts: () => BankCounts;
}

type Names =
  | 'bank.list'
  | 'bank.search'
  | 'bank.proof'
  | 'bank.stats'
  | 'bank.export'
  | 'bank.import'
  | 'bank.imports'
  | 'bank.cancel-import'
  | 'bank.cancel-export'
  | 'bank.claimed';

/** The verified proofs of this node, read for a face. */
export class BankArea {
  readonly #components: BankComponents;
  readonly #reading: Pick<ParseOptions, 'environment' | 'library'>;

  constructor(components: BankComponents, init: Pick<ParseOptions, 'environment' | 'library'>) {
    this.#components = components;
    this.#reading = init;
  }

  handlers(): Pick<CommandHandlers, Names> {
    const { bank, proofs, shelf, imports, exports, counts } = this.#components;
    return {
      'bank.list': async ({ cursor, offset, limit, own = false }) => {
        const { items, next } =
          offset === undefined ? proofs.page(cursor, limit, own) : proofs.window(offset, limit, own);
        return {
          items: await this.#rows(items),
          total: own ? proofs.own : proofs.size,
          ...(next === undefined ? {} : { next }),
        };
      },
      'bank.search': async ({ text, mode, limit }) => ({
        items: mode === 'text' ? await this.#byText(text, limit) : await this.#byMeaning(text, limit),
      }),
      'bank.proof': async ({ proof }) => ({ proof: await this.#view(proof) }),
      'bank.stats': async () => {
        const { bytes } = await bank.stats();
        return { counts: counts(), bytes, directory: bank.directory };
      },
      'bank.export': (input, signal) => exports.write(input.path, signal),
      'bank.cancel-export': (input) => {
        exports.cancel(input.export);
        return {};
      },
      'bank.import': (input) => ({ report: imports.start(input.path) }),
      'bank.imports': () => ({ reports: [...imports.reports] }),
      'bank.cancel-import': (input) => {
        imports.cancel(input.import);
        return {};
      },
      'bank.claimed': async ({ text = '', limit, cursor }, signal) => {
        const words = text.split(/\s+/).filter((word) => word !== '');
        const { items, next } = await searchClaimed(shelf, { words, limit, cursor, signal });
        return {
          items: items.map(({ signed, statement }) => this.row(signed, statement, { trust: 'claimed' })),
          ...(words.length === 0 ? { total: shelf.size } : {}),
          ...(next === undefined ? {} : { next }),
        };
      },
    };
  }

  /** A proof as it is listed. */
  row(
    { id, record }: SignedProof,
    proved: Statement,
    {
      score,
      trust = 'verified',
    }: { readonly score?: number | undefined; readonly trust?: ProofRow['trust'] } = {},
  ): ProofRow {
    const statement = this.#components.described(proved);
    return {
      id,
      statement: statement.id,
      name: statement.name,
      formal: cut(statement.formal),
      environment: statement.environment,
      finder: record.finder,
      own: record.finder.peer === this.#components.identity.peer,
      trust,
      createdAt: record.createdAt,
      length: record.submission.length,
      ...(statement.topic === undefined ? {} : { topic: statement.topic }),
      ...(score === undefined ? {} : { score }),
    };
  }

  /** Of those that the bank holds, in the same order. */
  async #rows(hits: readonly { readonly id: ContentId; readonly score?: number }[]): Promise<ProofRow[]> {
    const scores = new Map(hits.map(({ id, score }) => [id, score]));
    const found = await this.#components.bank.proven([...scores.keys()]);
    return found.map(({ signed, statement }) =>
      this.row(signed, statement, { score: scores.get(signed.id) }),
    );
  }

  async #byText(text: string, limit: number): Promise<ProofRow[]> {
    const hits = await this.#components.bank.search(text, { limit });
    return this.#rows(
      hits.flatMap(({ proofs: [shortest], score }) =>
        shortest === undefined ? [] : [{ id: shortest, score }],
      ),
    );
  }

  async #byMeaning(text: string, limit: number): Promise<ProofRow[]> {
    const statement = this.#statementOf(text);
    const premises = await this.#components.bank.retrieve(statement, {
      k: limit,
      excludeSelf: false,
      sameEnvironment: false,
    });
    return this.#rows(premises);
  }

  /** What is searched for need be no statement that Lean would take: its symbols and words are what counts. */
  #statementOf(text: string): Statement {
    for (const entry of parseLean(text, this.#reading)) {
      if (entry.kind === 'statement') return entry.statement;
    }
    return makeStatement({
      environment: this.#reading.environment,
      header: '',
      formal: `theorem query : ${text}`,
      name: 'query',
      informal: text,
    });
  }

  async #view(id: ContentId): Promise<ProofView> {
    const { bank, described, network, shelf, uses } = this.#components;
    const inBank = await bank.proof(id);
    const known = inBank && (await bank.statement(inBank.record.statement));
    const found =
      inBank === undefined || known === undefined
        ? await shelf.read(id)
        : { signed: inBank, statement: known };
    if (found === undefined) throw new ApiError('not-found', 'there is no such proof in the bank');
    const { signed, statement } = found;
    return {
      row: this.row(signed, statement, { trust: inBank === undefined ? 'claimed' : 'verified' }),
      statement: recordOf(described(statement)),
      submission: signed.record.submission,
      checker: signed.record.checker,
      licence: signed.record.licence,
      signature: Buffer.from(signed.signature).toString('hex'),
      attestations: [...(network()?.attestations(id) ?? [])].slice(0, 100),
      usedBy: await uses.of(id),
    };
  }
}

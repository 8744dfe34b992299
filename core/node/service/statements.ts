import { ApiError, MAX_WORKERS, type CommandHandlers, type StatementView } from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import type { ContentId, Environment, Statement } from '../../record/index.ts';
import { describeEntry, parseLean, type StatementBoard, type StatementEntry } from '../../statement/index.ts';
import type { ApiHub } from './hub.ts';
import { Catalog, type CatalogEntry, type StatusView } from './catalog.ts';
import { Imports } from './imports.ts';
import type { NetworkPort } from './network-port.ts';
import type { ProofIndex } from './proof-index.ts';
import { cut, recordOf } from './text.ts';
import type { WatchList } from './watch-list.ts';

export interface StatementsComponents {
  readonly hub: ApiHub;
  readonly bank: Bank;
  readonly board: StatementBoard;
  readonly proofs: ProofIndex;
  readonly watched: WatchList;
  /** Ids of the statements that are being tried. */
  readonly working: () => ReadonlySet<ContentId>;
  readonly network: () => NetworkPort | undefined;
}

export interface StatementsInit {
  readonly environment: Environment;
  /** Of texts that import more than the toolchain. */
  readonly library?: Environment;
  readonly starterPack: string;
}

type Names =
  | 'statements.list'
  | 'statements.facets'
  | 'statements.get'
  | 'statements.read'
  | 'statements.import'
  | 'statements.cancel-import'
  | 'statements.watch'
  | 'statements.publish'
  | 'statements.notice';

/** The statements that this node knows of: its own board, and what the swarm has put up. */
export class StatementsArea {
  readonly imports: Imports;
  readonly #components: StatementsComponents;
  readonly #init: StatementsInit;
  readonly #catalog: Catalog;

  constructor(components: StatementsComponents, init: StatementsInit) {
    this.#components = components;
    this.#init = init;
    this.#catalog = new Catalog({
      entries: () => this.entries(),
      statusOf: (id) => this.statusOf(id),
      workersOn: (id) => components.network()?.statement(id)?.workers.length ?? 0,
      isWatched: (id) => components.watched.has(id),
    });
    this.imports = new Imports(
      { add: (statements) => this.add(statements), emit: components.hub.emit },
      init,
    );
  }

  handlers(): Pick<CommandHandlers, Names> {
    return {
      'statements.list': (filter, signal) => this.#catalog.page(filter, signal),
      'statements.facets': async (_, signal) => ({ facets: await this.#catalog.facets(signal) }),
      'statements.get': async ({ statement }) => ({ statement: await this.#view(statement) }),
      'statements.read': ({ text }) => this.#read(text),
      'statements.import': ({ source }) => ({ report: this.imports.start(source) }),
      'statements.cancel-import': (input) => {
        this.imports.cancel(input.import);
        return {};
      },
      'statements.watch': async ({ statement, watched }) => {
        this.find(statement);
        await this.#components.watched.set(statement, watched);
        this.touched(statement);
        return {};
      },
      'statements.publish': async ({ statements, ...rest }) => {
        return this.#on().publish({
          ...rest,
          statements: statements.map((id) => this.find(id).statement),
        });
      },
      'statements.notice': async ({ statement, status, detail }) => {
        const peers = await this.#on().notice(statement, status, detail);
        if (peers === undefined) {
          throw new ApiError('conflict', 'this node has not put that statement up');
        }
        this.touched(statement);
        return { peers };
      },
    };
  }

  /** Every statement once, the user's own first. */
  *entries(): Generator<CatalogEntry> {
    const { board, network } = this.#components;
    for (const { statement, importedAt } of board.entries()) yield { statement, addedAt: importedAt };
    for (const entry of network()?.statements() ?? []) {
      if (!board.has(entry.statement.id)) yield entry;
    }
  }

  /** @throws ApiError */
  find(id: ContentId): CatalogEntry {
    const found = this.#lookUp(id);
    if (found === undefined) throw new ApiError('not-found', 'there is no such statement on the board');
    return found;
  }

  /** With what the board says of it, where a record came without: peers send what identifies a statement, and no more. */
  described(statement: Statement): Statement {
    const entry = this.#lookUp(statement.id);
    return entry === undefined ? statement : { ...entry.statement, ...known(statement) };
  }

  /** Whether this user, or a curator that the user trusts, has put a statement up. */
  isChosen(id: ContentId): boolean {
    const { board, network } = this.#components;
    const sources = network()?.statement(id)?.sources ?? [];
    return board.has(id) || sources.some(({ kind }) => kind !== 'submission');
  }

  statusOf(id: ContentId): StatusView {
    const { proofs, working, network } = this.#components;
    if (proofs.solved(id)) return { status: 'solved' };
    const known = network()?.statement(id);
    if (known?.status === 'disproved' || known?.status === 'invalid') return known;
    if (working().has(id)) return { status: 'working' };
    return known ?? { status: 'open' };
  }

  /** Keeps statements on this node's own board; they are on disk when it resolves. */
  async add(statements: readonly Statement[]): Promise<number> {
    const added = await this.#components.board.add(statements);
    if (added > 0) this.changed();
    return added;
  }

  /** There are more, or other, statements than before. */
  changed(): void {
    const { board, network, hub } = this.#components;
    this.#catalog.changed();
    let total = board.size;
    for (const { statement } of network()?.statements() ?? []) if (!board.has(statement.id)) total++;
    hub.emit({ type: 'statements:changed', total });
  }

  /** The status of one statement may be another than before. */
  touched(id: ContentId): void {
    this.#catalog.changed();
    const entry = this.#lookUp(id);
    if (entry === undefined) return;
    this.#components.hub.emit({ type: 'statements:status-changed', row: this.#catalog.row(entry) });
  }

  /**
   * The one open theorem of a text, or the one of that name.
   * @throws ApiError where there is none, or which is not said
   */
  statementIn(text: string, name: string | undefined): Statement {
    const found: Statement[] = [];
    const defects: string[] = [];
    for (const entry of parseLean(text, { ...this.#reading, file: TYPED })) {
      if (entry.kind === 'statement') found.push(entry.statement);
      else defects.push(placed(entry));
    }
    const named = name === undefined ? found : found.filter((statement) => statement.name === name);
    const [first, ...others] = named;
    if (first === undefined) {
      throw new ApiError(
        'bad-input',
        cut(defects.join('\n') || `the text has no open theorem ${name ?? ''}`, 2000),
      );
    }
    if (others.length > 0) {
      const names = named.map((statement) => statement.name).join(', ');
      throw new ApiError('bad-input', cut(`several theorems are open; name one of: ${names}`, 2000));
    }
    return first;
  }

  get #reading(): Pick<StatementsInit, 'environment' | 'library'> {
    const { environment, library } = this.#init;
    return library === undefined ? { environment } : { environment, library };
  }

  #on(): NetworkPort {
    const network = this.#components.network();
    if (network === undefined) throw new ApiError('unsupported', 'the network is switched off');
    return network;
  }

  #lookUp(id: ContentId): CatalogEntry | undefined {
    const { board, network } = this.#components;
    const own = board.get(id);
    return own === undefined
      ? network()?.statement(id)?.entry
      : { statement: own.statement, addedAt: own.importedAt };
  }

  async #view(id: ContentId): Promise<StatementView> {
    const { bank, board, network } = this.#components;
    const entry = this.#lookUp(id) ?? (await this.#fromBank(id));
    const [proofs, attempts] = await Promise.all([bank.proofsOf(id), bank.trajectory(id)]);
    const { sources = [], workers = [] } = network()?.statement(id) ?? {};
    const local = board.has(id) && !sources.some(({ kind }) => kind === 'local');
    return {
      row: this.#catalog.row(entry),
      statement: recordOf(entry.statement),
      sources: [...(local ? [{ kind: 'local' as const }] : []), ...sources].slice(0, 100),
      workers: workers.slice(0, MAX_WORKERS),
      proofs: proofs.slice(0, 100).map((proof) => proof.id),
      attempts: attempts.length,
    };
  }

  /** A statement that came with a proof and was never on the board. */
  async #fromBank(id: ContentId): Promise<CatalogEntry> {
    const statement = await this.#components.bank.statement(id);
    if (statement === undefined) throw new ApiError('not-found', 'there is no such statement');
    return { statement, addedAt: 0 };
  }

  #read(text: string): ReturnType<CommandHandlers['statements.read']> {
    const statements = [];
    const defects: string[] = [];
    for (const entry of parseLean(text, { ...this.#reading, file: TYPED })) {
      if (entry.kind === 'statement') {
        statements.push(this.#catalog.row({ statement: entry.statement, addedAt: 0 }));
      } else defects.push(cut(placed(entry), 2000));
    }
    return { statements: statements.slice(0, 200), defects: defects.slice(0, 200) };
  }
}

/** Of no file: someone has typed it. */
const TYPED = 'line';
const placed = (entry: StatementEntry): string => describeEntry(entry).replace(`${TYPED}:`, `${TYPED} `);

/** Without the fields that are there and empty. */
const known = (statement: Statement): Partial<Statement> =>
  Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined));

import { randomUUID } from 'node:crypto';
import {
  ApiError,
  type ApiEvent,
  type ApiTransport,
  type BankCounts,
  type CommandHandlers,
  type NoticeView,
  type StreamMessage,
} from '../../api/index.ts';
import type { SignedProof, Statement } from '../../record/index.ts';
import { diagnose } from '../diagnose.ts';
import { systemClock, type DonationScheduler } from '../donation/index.ts';
import { EMBEDDED_CHECKER, EMBEDDED_ENVIRONMENT } from '../embedded-lean.ts';
import { localDay } from '../local-day.ts';
import { installation, type Locations } from '../locations.ts';
import { defaultJobs } from '../machine.ts';
import { openModelLibrary } from '../models.ts';
import { OwnProofs } from '../own-proofs.ts';
import type { StatementResult } from '../prover.ts';
import { Throttle } from '../throttle.ts';
import { errorInWords } from '../../process/index.ts';
import { ActivityMeter } from './activity.ts';
import { BankArea } from './bank.ts';
import { BankWatch } from './bank-watch.ts';
import { BankExports } from './bank-exports.ts';
import { BankImports } from './bank-imports.ts';
import { budgetView } from './budget-spent.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { NodeServiceComponents } from './components.ts';
import { contributionsHandlers } from './contributions.ts';
import { dispatch } from './dispatch.ts';
import { DonatedWork } from './donated-work.ts';
import { ApiHub, type SeenUpTo } from './hub.ts';
import { initialState } from './initial-state.ts';
import { LeanEditor } from './lean-editor.ts';
import { ModelsArea } from './models.ts';
import { networkHandlers } from './network.ts';
import type { NetworkPort } from './network-port.ts';
import { proveHandlers } from './prove.ts';
import type { ProveSession } from './session.ts';
import { ProveSessions } from './sessions.ts';
import { settingsHandlers } from './settings.ts';
import { statementProver } from './statement-prover.ts';
import { StatementsArea } from './statements.ts';
import { LocalWork, type WorkSource } from './work.ts';

export interface NodeServiceInit {
  readonly version: string;
  readonly locations: Locations;
  /** Of this and of what was found while opening: damaged files, repairs. */
  readonly notices: readonly Omit<NoticeView, 'id' | 'at'>[];
  readonly attempts: number;
}

/** Profiles come by the hundred when a node joins. */
const CONTRIBUTIONS_MS = 2000;

/** A node as its faces see it: commands in, events out. */
export class NodeService {
  readonly hub: ApiHub;
  readonly sessions: ProveSessions;
  readonly statements: StatementsArea;
  readonly donation: DonationScheduler;
  readonly #components: NodeServiceComponents;
  readonly #bank: BankArea;
  readonly #bankImports: BankImports;
  readonly #bankWatch: BankWatch;
  readonly #ownProofs: OwnProofs;
  readonly #models: ModelsArea;
  readonly #activity: ActivityMeter;
  readonly #donated: DonatedWork;
  readonly #contributions: Throttle;
  readonly #undo: (() => void)[] = [];
  readonly #handlers: CommandHandlers;
  readonly #stopping = new AbortController();
  #work: WorkSource;
  #network: NetworkPort | undefined;
  #attempts: number;
  #closing: Promise<void> | undefined;

  constructor(components: NodeServiceComponents, init: NodeServiceInit) {
    const { identity, bank, board, settings, proofs, shelf, watched, uses, lean, policies } = components;
    const { contributors } = components;
    const clock = components.clock ?? systemClock;
    const now = (): number => clock.now();
    this.#components = components;
    this.#attempts = init.attempts;
    const emit = (event: ApiEvent): void => this.hub.emit(event);
    const today = localDay(now());
    const foundToday = proofs.ofOwn().filter(({ createdAt }) => localDay(createdAt) === today).length;
    this.#activity = new ActivityMeter({ emit, now }, foundToday);
    this.hub = new ApiHub(
      initialState({
        version: init.version,
        identity,
        data: init.locations.data,
        startedAt: now(),
        leans: lean,
        checker: EMBEDDED_CHECKER,
        settings,
        statements: board.size,
        bank: this.#counts(),
        today: this.#activity.today,
        capabilities: this.#capabilities(),
        notices: init.notices.map((notice) => ({ ...notice, id: randomUUID(), at: now() })),
      }),
    );
    const network = (): NetworkPort | undefined => this.#network;
    // A text that imports Mathlib is one of the Lean that has it here.
    const reading = {
      environment: EMBEDDED_ENVIRONMENT,
      ...(lean.library === undefined ? {} : { library: lean.library }),
    };
    // What is written late the watch over the bank finds there, and tells of.
    this.#ownProofs = new OwnProofs({ bank });
    this.sessions = new ProveSessions(
      {
        prove: statementProver({
          ...components,
          bank: this.#ownProofs,
          onAttempt: ({ cost }) => {
            this.#attempts++;
            this.#activity.attempt(cost.generatedTokens);
          },
          onLearnt: () => this.#tellBudget(),
        }),
        emit,
        now,
        onEnded: (session, result) => this.#onEnded(session, result),
      },
      { jobs: settings.settings.lean.jobs ?? defaultJobs() },
    );
    this.statements = new StatementsArea(
      { hub: this.hub, bank, board, proofs, watched, working: () => this.sessions.working(), network },
      { ...reading, starterPack: installation.starterPack },
    );
    this.#bankImports = new BankImports({
      bank,
      proofs,
      shelf,
      checker: () => Promise.resolve(lean),
      onAdded: (signed, statement) => this.added(signed, statement, 'imported'),
      onClaimed: (signed, statement) => this.#network?.passOn(signed, statement, 'claimed'),
      emit,
    });
    const imports = this.#bankImports;
    const exports = new BankExports({ bank, shelf, emit });
    this.#bankWatch = this.#watchBank();
    this.#bankWatch.start();
    this.#tellBudget();
    this.#bank = new BankArea(
      {
        bank,
        identity,
        proofs,
        shelf,
        imports,
        exports,
        uses,
        network,
        described: (statement) => this.statements.described(statement),
        counts: () => this.#counts(),
      },
      reading,
    );
    this.#models = new ModelsArea({
      library: () => openModelLibrary(init.locations),
      memory: components.memory,
      settings,
      // The model is a setting too.
      emit: (event) => this.#onSettings(event),
      now,
    });
    const editor = new LeanEditor(
      { checker: () => Promise.resolve(lean) },
      { ...reading, timeoutMs: settings.settings.lean.checkSeconds * 1000 },
    );
    this.#work = new LocalWork({
      entries: () => this.statements.entries(),
      statusOf: (id) => this.statements.statusOf(id),
      supports: ({ environment }) => lean.has(environment),
      random: Math.random,
    });
    this.#donated = new DonatedWork({
      sessions: this.sessions,
      settings: () => settings.settings,
      next: (signal) => this.#work.next(signal),
      sensors: components.sensors,
      clock,
      keepAwake: components.keepAwake,
      onChange: (donation) => emit({ type: 'donation:changed', donation }),
    });
    this.donation = this.#donated.scheduler;
    this.#contributions = new Throttle(CONTRIBUTIONS_MS, () => emit({ type: 'contributions:changed' }));
    this.#undo.push(
      contributors.book.subscribe(() => this.#contributions.soon()),
      contributors.profile.subscribe(() => emit({ type: 'contributions:changed' })),
    );
    this.#handlers = {
      'api.snapshot': () => this.hub.snapshot(),
      'node.diagnose': async (_, signal) => {
        const findings = [];
        for await (const finding of diagnose(init.locations, signal)) findings.push(finding);
        return { findings };
      },
      'notices.dismiss': ({ notice }) => {
        emit({ type: 'notice:dismissed', notice });
        return {};
      },
      ...this.#donated.handlers(),
      ...proveHandlers({
        hub: this.hub,
        bank,
        sessions: this.sessions,
        statements: this.statements,
        missing: (policy) => policies.missing(policy),
      }),
      ...this.statements.handlers(),
      ...this.#bank.handlers(),
      ...networkHandlers({ network, proofs, data: init.locations.data, emit }),
      ...contributionsHandlers({ bank, identity, proofs, contributors }),
      ...this.#models.handlers(),
      ...settingsHandlers({ store: settings, emit: (event) => this.#onSettings(event) }),
      ...editor.handlers(),
    };
  }

  /** Carries out what came over a wire. @throws ApiError */
  async call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#closing !== undefined) throw new ApiError('conflict', 'the node is stopping');
    const own = this.#stopping.signal;
    return dispatch(this.#handlers, name, input, signal === undefined ? own : AbortSignal.any([own, signal]));
  }

  /** Begins with what was missed since `seen`, or a snapshot. Returns its undo. */
  subscribe(listener: (message: StreamMessage) => void, seen?: SeenUpTo): () => void {
    return this.hub.subscribe(listener, seen);
  }

  /** For a face in the same process. */
  transport(): ApiTransport {
    return {
      call: (command, input, signal) => this.call(command, input, signal),
      subscribe: (listener) => this.subscribe(listener),
    };
  }

  notify(notice: Omit<NoticeView, 'id' | 'at'>): void {
    this.hub.emit({ type: 'notice:added', notice: { ...notice, id: randomUUID(), at: Date.now() } });
  }

  /** The swarm came, or went. */
  setNetwork(network: NetworkPort | undefined, work?: WorkSource): void {
    this.#network = network;
    if (work !== undefined) this.#work = work;
    this.#tellCapabilities();
    this.statements.changed();
  }

  /** Where work comes from: this node's own board, until the swarm takes its place. */
  get work(): WorkSource {
    return this.#work;
  }

  /** There may be work where there was none. */
  wake(): void {
    this.#donated.wake();
  }

  /** A proof is in the bank, on disk: tells the faces and, where it was found here, the swarm. */
  added(signed: SignedProof, statement: Statement, how: 'found' | 'received' | 'imported'): void {
    const { proofs, watched } = this.#components;
    const { finder, createdAt } = signed.record;
    const isNew = proofs.add({ id: signed.id, statement: statement.id, peer: finder.peer, createdAt });
    if (!isNew) return;
    if (how !== 'imported') this.#activity.proof(how);
    this.hub.emit({
      type: 'bank:proof-added',
      how,
      proof: this.#bank.row(signed, statement),
      watched: watched.has(statement.id),
      counts: this.#counts(),
    });
    this.statements.touched(statement.id);
    if (how === 'found') this.#network?.announce(signed, statement);
    if (how === 'imported') this.#network?.passOn(signed, statement, 'verified');
  }

  /** Stops everything that is under way; attempts made are in the bank when it resolves. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What `proofswarm prove` or another process adds beside is told of and passed on as if it were found here. */
  #watchBank(): BankWatch {
    const { bank, proofs, identity } = this.#components;
    return new BankWatch({
      bank,
      proofs,
      working: () => this.sessions.working(),
      onFound: (signed, statement) =>
        this.added(signed, statement, signed.record.finder.peer === identity.peer ? 'found' : 'imported'),
      onFault: (error) => {
        this.hub.emit({ type: 'bank:trouble', detail: errorInWords(error).slice(0, 2000) });
      },
    });
  }

  /** What the mixed policy would do now. */
  #tellBudget(): void {
    void this.#components.policies.learnt().then((shares) => {
      const budget = budgetView(shares);
      if (JSON.stringify(budget) !== JSON.stringify(this.hub.state.budget))
        this.hub.emit({ type: 'prove:budget-learnt', budget });
    });
  }

  #onEnded(session: ProveSession, result: StatementResult | undefined): void {
    if (session.summary.origin === 'donation') this.#work.ended(session);
    this.statements.touched(session.statement.id);
    if (result?.kind !== 'tried' || result.record === undefined) return;
    const { record, outcome, statement } = result;
    this.added(record, statement, 'found');
    const premises = outcome.retrieved.slice(0, 100);
    this.#components.uses
      .record({ proof: record.id, name: statement.name, statement: statement.id, premises })
      .catch((error: unknown) => {
        this.hub.emit({ type: 'bank:trouble', detail: errorInWords(error).slice(0, 2000) });
      });
  }

  #onSettings(event: ApiEvent): void {
    this.hub.emit(event);
    if (event.type !== 'settings:changed') return;
    void this.donation.setRules(event.settings.donation);
    this.#tellBudget();
    this.#tellCapabilities();
  }

  #capabilities(): ReturnType<typeof capabilitiesOf> {
    const { settings } = this.#components;
    return capabilitiesOf({
      networkOn: this.#network !== undefined,
      nativeLean: this.#components.lean.machine.natives.length > 0,
      modelChosen: settings.settings.model !== undefined,
    });
  }

  #tellCapabilities(): void {
    const capabilities = this.#capabilities();
    if (JSON.stringify(capabilities) === JSON.stringify(this.hub.state.capabilities)) return;
    this.hub.emit({ type: 'capabilities:changed', capabilities });
  }

  #counts(): BankCounts {
    const { proofs } = this.#components;
    return {
      proofs: proofs.size,
      statements: proofs.statements,
      attempts: this.#attempts,
      own: proofs.own,
      claimed: this.#components.shelf.size,
    };
  }

  async #close(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'));
    this.donation.dispose();
    this.#activity.stop();
    this.#contributions.cancel();
    for (const undo of this.#undo) undo();
    await Promise.all([
      this.sessions.close(),
      this.statements.imports.close(),
      this.#bankImports.close(),
      this.#bankWatch.stop(),
      this.#models.close(),
    ]);
    await this.#ownProofs[Symbol.asyncDispose]();
  }
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AttestationView, NetworkStatus, PeerView, ProofRow, Refusal } from '../../api/index.ts';
import {
  loadBoard,
  makePack,
  OpenBoard,
  saveBoard,
  shippedCuratorsSchema,
  TrustStore,
} from '../../network/board/index.ts';
import { Credibility } from '../../network/claims/index.ts';
import {
  ATTESTATION_ANNOUNCEMENT,
  createNetwork,
  type Network,
  type NetworkEvent,
  type NetworkSettingsInput,
} from '../../network/index.ts';
import {
  decodeAttestation,
  signSubmission,
  type ContentId,
  type PeerId,
  type SignedProof,
  type Statement,
} from '../../record/index.ts';
import { negate, StatementBoard } from '../../statement/index.ts';
import { EMBEDDED_ENVIRONMENT } from '../embedded-lean.ts';
import type {
  NetworkPort,
  NetworkStatement,
  NodeService,
  NodeServiceComponents,
  PublishRequest,
  WorkSource,
} from '../service/index.ts';
import { recordOf } from '../service/index.ts';
import { AttestationFile } from './attestation-file.ts';
import { Attester } from './attester.ts';
import { bankStore } from './bank-store.ts';
import { BoardExchange } from './board-exchange.ts';
import { BOARD_ANNOUNCEMENT, CLAIM_ANNOUNCEMENT } from './kinds.ts';
import { Elaborator } from './elaborator.ts';
import { peerView } from './peer-view.ts';
import { putStarterPack, RESOURCES } from './starter-pack.ts';
import { SwarmLog } from './status.ts';
import { SwarmWork } from './swarm-work.ts';
import { Throttle } from './throttle.ts';
import { Verifier } from './verifier.ts';

export interface SwarmComponents {
  readonly parts: NodeServiceComponents;
  readonly service: NodeService;
  /** Where work comes from while the swarm asks for nothing. */
  readonly localWork: WorkSource;
}

export interface SwarmInit {
  readonly data: string;
  readonly settings: NetworkSettingsInput;
}

/** Records that wait for this node's Lean; further ones wait with the peers that have them. */
const VERIFICATION_CAPACITY = 2000;
const VERIFICATION_TIMEOUT_MS = 60_000;
const STATUS_MS = 250;
const SAVE_MS = 2000;
const PRUNE_MS = 60_000;
/** Up to so many statements are also put up one by one, for those who do not know the curator. */
const MAX_SUBMISSIONS = 50;

/** This node in the swarm: what is proved here goes out, what comes in goes through this node's own Lean. */
export class Swarm implements NetworkPort, AsyncDisposable {
  readonly #components: SwarmComponents;
  readonly #init: SwarmInit;
  readonly #log = new SwarmLog();
  readonly #credibility = new Credibility();
  readonly #work: SwarmWork;
  readonly #board: OpenBoard;
  readonly #exchange: BoardExchange;
  readonly #elaborator: Elaborator;
  readonly #verifier: Verifier;
  readonly #attestations: AttestationFile;
  readonly #attester: Attester;
  readonly #bodies: StatementBoard;
  readonly #status: Throttle;
  readonly #save: Throttle;
  #network: Network | undefined;
  #state: NetworkStatus['state'] = 'starting';
  #tick: NodeJS.Timeout | undefined;

  private constructor(
    components: SwarmComponents,
    init: SwarmInit,
    files: {
      readonly trust: TrustStore;
      readonly attestations: AttestationFile;
      readonly bodies: StatementBoard;
    },
  ) {
    this.#components = components;
    this.#init = init;
    this.#attestations = files.attestations;
    this.#attester = new Attester({
      identity: components.parts.identity,
      file: files.attestations,
      random: Math.random,
    });
    this.#bodies = files.bodies;
    const { parts, service } = components;
    this.#status = new Throttle(STATUS_MS, () => {
      service.hub.emit({ type: 'network:changed', network: this.status() });
    });
    this.#save = new Throttle(SAVE_MS, () => void this.#saveBoard());
    this.#work = new SwarmWork(
      {
        identity: parts.identity,
        credibility: this.#credibility,
        statement: (id) => this.#board.get(id)?.statement,
        fallback: components.localWork,
      },
      {
        policy: parts.settings.settings.prove.policy,
        repeats: parts.settings.settings.prove.policy === 'portfolio',
        speed: 1,
        secondsPerTry: parts.settings.settings.prove.seconds,
        supports: ({ library, lean }) => library === 'core' && lean === EMBEDDED_ENVIRONMENT.lean,
      },
    );
    this.#board = new OpenBoard({
      // What the user publishes counts here as well.
      trust: { trusts: (peer) => peer === parts.identity.peer || files.trust.trusts(peer) },
      credibility: this.#credibility,
      isClaimed: (id) => this.#work.allocator.isClaimed(id),
      negate: (statement) => {
        const negation = negate(statement);
        return negation.kind === 'stated' ? negation.statement : undefined;
      },
      isVerified: (proof, statement) => parts.proofs.proofOf(statement)?.id === proof,
      proofOf: (statement) => parts.proofs.proofOf(statement)?.id,
      now: Date.now,
      tick: () => performance.now(),
    });
    this.#board.subscribe((event) => {
      this.#work.hear(event);
      this.#save.soon();
      if (event.type === 'opened') service.wake();
    });
    this.#elaborator = new Elaborator({
      board: this.#board,
      checker: () => parts.lean.checker(),
      onElaborated: () => service.statements.changed(),
      onFault: (error) => {
        service.notify({
          severity: 'warning',
          title: 'Statements of the swarm cannot be read',
          detail: (error as Error).message.slice(0, 2000),
        });
      },
    });
    this.#exchange = new BoardExchange({
      board: this.#board,
      keep: (statements) => this.#bodies.add(statements),
      statement: (id) => {
        const match = this.#bodies.find(id);
        return match.kind === 'one' ? match.entry.statement : undefined;
      },
      onChange: () => this.#boardChanged(),
    });
    this.#verifier = new Verifier(
      {
        checker: () => parts.lean.checker(),
        shelf: parts.shelf,
        keep: async (proof, signed) => {
          await parts.bank.insert(proof, signed);
          this.#network?.recordsAdded([{ id: signed.id, createdAt: signed.record.createdAt }]);
          this.#board.markSolved(proof.statement.id, signed.id);
          service.added(signed, proof.statement, 'received');
        },
        onClaimed: ({ id, record }) => this.#network?.recordsAdded([{ id, createdAt: record.createdAt }]),
        onVerdict: (signed, vouching, accepted, detail) =>
          this.#onVerdict(signed, vouching, accepted, detail),
        onFault: this.#onTrouble,
        isUrgent: (statement) => service.sessions.working().has(statement),
        onChange: () => this.#status.soon(),
      },
      { capacity: VERIFICATION_CAPACITY, timeoutMs: VERIFICATION_TIMEOUT_MS },
    );
  }

  /** @throws DamagedBoardFileError, ListenError, ZodError on settings that are none */
  static async start(components: SwarmComponents, init: SwarmInit): Promise<Swarm> {
    const directory = path.join(init.data, 'swarm');
    const shipped = shippedCuratorsSchema.parse(
      JSON.parse(await readFile(path.join(RESOURCES, 'curators.json'), 'utf8')) as unknown,
    );
    const files = {
      trust: await TrustStore.open(directory, shipped),
      attestations: await AttestationFile.open(directory),
      bodies: await StatementBoard.open(path.join(directory, 'statements')),
    };
    const swarm = new Swarm(components, init, files);
    try {
      await swarm.#start(directory);
    } catch (error) {
      await swarm[Symbol.asyncDispose]();
      throw error;
    }
    return swarm;
  }

  get addresses(): readonly string[] {
    return this.#network?.addresses() ?? [];
  }

  get work(): WorkSource {
    return this.#work;
  }

  status(): NetworkStatus {
    const network = this.#state === 'on' ? this.#network : undefined;
    const { records = 0, waiting = 0, listeners = 0 } = network?.stats() ?? {};
    const { accepted, refused, running } = this.#verifier.counts;
    const { parts } = this.#components;
    return {
      state: this.#state,
      addresses: [...(network?.addresses() ?? [])].slice(0, 100),
      peers: network?.peers().filter(({ connections }) => connections.length > 0).length ?? 0,
      listeners,
      records,
      waiting,
      ...this.#log.progress,
      verification: { queued: this.#verifier.waiting, running, accepted, refused, claimed: parts.shelf.size },
    };
  }

  peers(): Omit<PeerView, 'proofs'>[] {
    return (this.#network?.peers() ?? []).map(peerView);
  }

  refusals(): readonly Refusal[] {
    return this.#log.refusals;
  }

  dial(address: string, signal: AbortSignal): Promise<PeerId> {
    return this.#on().dial(address, { signal });
  }

  async sync(peer: PeerId, signal: AbortSignal): Promise<void> {
    await this.#on().sync(peer, { signal });
  }

  forgive(peer: PeerId): void {
    this.#on().forgive(peer);
  }

  *statements(): Generator<{ statement: Statement; addedAt: number }> {
    for (const { statement, receivedAt } of this.#board.entries()) yield { statement, addedAt: receivedAt };
  }

  statement(id: ContentId): NetworkStatement | undefined {
    const item = this.#board.get(id);
    return (
      item && {
        entry: { statement: item.statement, addedAt: item.receivedAt },
        status: item.state,
        ...(item.detail === undefined ? {} : { detail: item.detail }),
        sources: item.sources.slice(0, 100),
      }
    );
  }

  attestations(proof: ContentId): AttestationView[] {
    return this.#attestations.of(proof);
  }

  announce(signed: SignedProof, statement: Statement): void {
    const { id, record } = signed;
    this.#network?.recordsAdded([{ id, createdAt: record.createdAt }]);
    this.#board.markSolved(statement.id, id);
    // Whoever does not hear it finds it with the next reconciliation.
    this.#network
      ?.announceProof(
        { record: id, statement: statement.id, createdAt: record.createdAt },
        statement.environment,
      )
      .catch(() => undefined);
  }

  passOn({ id, record }: SignedProof, trust: ProofRow['trust']): void {
    this.#network?.recordsAdded([{ id, createdAt: record.createdAt }]);
    if (trust === 'verified') this.#board.markSolved(record.statement, id);
  }

  async publish(request: PublishRequest): Promise<{ pack: ContentId; version: number; peers: number }> {
    const { identity } = this.#components.parts;
    const { statements, priority, ...about } = request;
    const earlier = this.#board.packs.filter(
      ({ record }) => record.curator === identity.peer && record.name === about.name,
    );
    const version = Math.max(0, ...earlier.map(({ record }) => record.version)) + 1;
    const pack = makePack(
      statements,
      { ...about, version, createdAt: Date.now(), priorityOf: () => priority },
      identity,
    );
    await this.#bodies.add(statements);
    // Before the pack: what a pack has put up already is not taken as a submission.
    const few = statements.length <= MAX_SUBMISSIONS ? statements : [];
    const submissions = few.flatMap((statement) => this.#submission(statement));
    this.#board.acceptPack(pack);
    for (const statement of statements) this.#board.putBody(statement);
    // On disk before anybody hears of it: a version that was announced must not be given a second time.
    await saveBoard(path.join(this.#init.data, 'swarm'), this.#board.snapshot());
    let peers = await this.#exchange.announce('pack', pack.id);
    for (const id of submissions) peers = Math.max(peers, await this.#exchange.announce('submission', id));
    this.#boardChanged();
    return { pack: pack.id, version, peers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'stopping';
    clearInterval(this.#tick);
    this.#exchange.leave();
    this.#attester.leave();
    await this.#work.leave();
    await this.#network?.stop();
    await this.#verifier.stop();
    await this.#elaborator.stop();
    this.#save.cancel();
    this.#status.cancel();
    await this.#saveBoard();
    this.#state = 'off';
  }

  async #start(directory: string): Promise<void> {
    const { parts, service } = this.#components;
    this.#board.restore(await loadBoard(directory));
    await putStarterPack(this.#board);
    for (const { statement } of this.#bodies.entries()) this.#board.putBody(statement);
    const network = await createNetwork(
      {
        identity: parts.identity,
        store: bankStore({
          bank: parts.bank,
          holds: (id) => parts.proofs.has(id),
          shelf: parts.shelf,
          verifier: this.#verifier,
        }),
        kinds: [ATTESTATION_ANNOUNCEMENT, BOARD_ANNOUNCEMENT, CLAIM_ANNOUNCEMENT],
        bodies: this.#exchange.bodies(),
        onEvent: (event) => this.#hear(event),
      },
      { settings: this.#init.settings, reputationFile: path.join(directory, 'reputation.json') },
    );
    this.#network = network;
    await network.start();
    this.#state = 'on';
    network.on(ATTESTATION_ANNOUNCEMENT, ({ body }) => {
      const attestation = decodeAttestation(body.attestation);
      // What this node does not hold cannot be looked up, and would only take room.
      if (!parts.proofs.has(attestation.record.record)) return;
      this.#attestations.add(attestation).catch(this.#onTrouble);
    });
    this.#exchange.join(network);
    this.#attester.join(network);
    this.#work.join(network);
    service.setNetwork(this, this.#work);
    this.#tick = setInterval(() => {
      this.#board.prune();
      this.#status.soon();
    }, PRUNE_MS);
    this.#tick.unref();
    this.#boardChanged();
    this.#status.soon();
  }

  #hear(event: NetworkEvent): void {
    const refusal = this.#log.hear(event, Date.now());
    const { hub } = this.#components.service;
    if (refusal !== undefined) hub.emit({ type: 'network:refused', refusal });
    if (event.type === 'peer-cut-off') this.#verifier.drop(event.peer);
    if (event.type === 'peer-connected' || event.type === 'peer-disconnected') {
      const found = this.#network?.peers().find(({ peer }) => peer === event.peer);
      const view = peerView(found ?? { peer: event.peer, connections: [], points: 0 });
      const proofs = this.#components.parts.proofs.byPeer().get(event.peer)?.proofs ?? 0;
      hub.emit({ type: 'network:peer-changed', peer: { ...view, proofs } });
    }
    this.#status.soon();
  }

  #onVerdict(signed: SignedProof, vouching: readonly PeerId[], accepted: boolean, detail: string): void {
    const { finder, statement } = signed.record;
    this.#network?.reportVerdict(signed.id, vouching, accepted);
    if (accepted) {
      this.#credibility.proved(finder.peer);
      void this.#attester.attest(signed.id).catch(this.#onTrouble);
      return;
    }
    const refusal: Refusal = {
      at: Date.now(),
      peer: finder.peer,
      kind: 'record',
      reason: 'refused-by-kernel',
      detail: detail.slice(0, 2000),
      record: signed.id,
    };
    this.#log.refuse(refusal);
    this.#components.service.hub.emit({ type: 'network:refused', refusal });
    this.#components.service.statements.touched(statement);
  }

  /** Its id, unless the statement is up already. */
  #submission(statement: Statement): ContentId[] {
    const { identity } = this.#components.parts;
    const record = { statement: recordOf(statement), submitter: identity.peer, createdAt: Date.now() };
    const submission = signSubmission(record, identity);
    return this.#board.acceptSubmission(submission, identity.peer) === 'accepted' ? [submission.id] : [];
  }

  #boardChanged(): void {
    this.#components.service.statements.changed();
    this.#save.soon();
    this.#elaborator.soon();
  }

  async #saveBoard(): Promise<void> {
    try {
      await saveBoard(path.join(this.#init.data, 'swarm'), this.#board.snapshot());
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  readonly #onTrouble = (error: unknown): void => {
    const detail = (error as Error).message.slice(0, 2000);
    this.#components.service.hub.emit({ type: 'bank:trouble', detail });
  };

  #on(): Network {
    if (this.#network === undefined) throw new TypeError('the network has not been made');
    return this.#network;
  }
}

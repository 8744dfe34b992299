import path from 'node:path';
import type {
  AttestationView,
  CuratorView,
  NetworkStatus,
  PeerView,
  ProofRow,
  Refusal,
} from '../../api/index.ts';
import { Credibility } from '../../network/claims/index.ts';
import {
  ATTESTATION_ANNOUNCEMENT,
  createNetwork,
  type Network,
  type NetworkEvent,
  type NetworkSettingsInput,
} from '../../network/index.ts';
import { defaultJobs } from '../machine.ts';
import type { ContentId, Notice, PeerId, SignedProof, Statement } from '../../record/index.ts';
import type {
  NetworkPort,
  NetworkStatement,
  NodeService,
  NodeServiceComponents,
  PublishRequest,
  WorkSource,
} from '../service/index.ts';
import { AttestationFile } from './attestation-file.ts';
import { Attestations } from './attestations.ts';
import { Attester } from './attester.ts';
import { bankStore, UnreadableRecordsError } from './bank-store.ts';
import { ATTESTATION_BODY, BOARD_ANNOUNCEMENT, CLAIM_ANNOUNCEMENT } from './kinds.ts';
import { peerView } from './peer-view.ts';
import { ProfileExchange } from './profile-exchange.ts';
import { PROFILE_ANNOUNCEMENT } from './profile-kinds.ts';
import { RefusalNews } from './refusal-news.ts';
import { SwarmLog } from './status.ts';
import { SwarmBoard, type ElaborateWhen } from './swarm-board.ts';
import { SwarmWork } from './swarm-work.ts';
import { Throttle } from '../throttle.ts';
import { errorInWords } from '../../process/index.ts';
import { whyUnwanted, withWriting } from './unwanted.ts';
import { Verifier, type JudgedRecord } from './verifier.ts';

export interface SwarmComponents {
  readonly parts: NodeServiceComponents;
  readonly service: NodeService;
  /** Where work comes from while the swarm asks for nothing. */
  readonly localWork: WorkSource;
}

export interface SwarmInit {
  readonly data: string;
  /** When statements are put through Lean; at once unless set. */
  readonly elaborate?: ElaborateWhen;
  readonly settings: NetworkSettingsInput;
}

/** Records that wait for this node's Lean; further ones wait with the peers that have them. */
const VERIFICATION_CAPACITY = 2000;
const VERIFICATION_TIMEOUT_MS = 60_000;
const STATUS_MS = 250;
const PRUNE_MS = 60_000;

/** This node in the swarm: what is proved here goes out, what comes in goes through this node's own Lean. */
export class Swarm implements NetworkPort, AsyncDisposable {
  readonly #components: SwarmComponents;
  readonly #init: SwarmInit;
  readonly #log = new SwarmLog();
  readonly #news: RefusalNews;
  readonly #credibility = new Credibility();
  readonly #work: SwarmWork;
  readonly #verifier: Verifier;
  readonly #attestations: Attestations;
  readonly #attester: Attester;
  readonly #profiles: ProfileExchange;
  readonly #status: Throttle;
  /** Opened by `start`, before anything is heard. */
  #openBoard: SwarmBoard | undefined;
  #network: Network | undefined;
  #state: NetworkStatus['state'] = 'starting';
  #tick: NodeJS.Timeout | undefined;

  private constructor(components: SwarmComponents, init: SwarmInit, attestations: AttestationFile) {
    const { parts, service } = components;
    const { identity } = parts;
    this.#components = components;
    this.#init = init;
    this.#attestations = new Attestations({
      file: attestations,
      holds: (id) => parts.proofs.has(id) || parts.shelf.has(id),
      onFault: this.#onTrouble,
    });
    this.#attester = new Attester({ identity, attestations: this.#attestations, random: Math.random });
    const { book, profile } = parts.contributors;
    this.#profiles = new ProfileExchange({ book, own: profile });
    this.#status = new Throttle(STATUS_MS, () => {
      service.hub.emit({ type: 'network:changed', network: this.status() });
    });
    this.#news = new RefusalNews((refusal) => service.hub.emit({ type: 'network:refused', refusal }));
    this.#work = new SwarmWork(
      {
        identity,
        credibility: this.#credibility,
        statement: (id) => this.#board.body(id),
        isOpen: (id) => ['open', 'claimed'].includes(this.#board.statement(id)?.status ?? ''),
        fallback: components.localWork,
        onClaims: (ids) => {
          for (const id of ids) service.statements.touched(id);
        },
      },
      {
        settings: () => parts.settings.settings,
        supports: (environment) => parts.lean.supports(environment),
      },
    );
    this.#verifier = new Verifier(
      {
        // What the board says of a statement is kept with its proof, which is found by these words, too.
        checker: {
          supports: (environment) => parts.lean.supports(environment),
          check: (statement, ...more) => parts.lean.check(service.statements.described(statement), ...more),
        },
        shelf: parts.shelf,
        keep: async (proof, signed) => {
          await parts.bank.insert(proof, signed);
          this.#network?.recordsAdded([{ id: signed.id, createdAt: signed.record.createdAt }]);
          service.added(signed, proof.statement, 'received');
          this.#board.settle(signed, proof.statement);
        },
        onClaimed: ({ id, record }) => this.#network?.recordsAdded([{ id, createdAt: record.createdAt }]),
        onVerdict: (...verdict) => this.#onVerdict(...verdict),
        onFault: this.#onTrouble,
        unwanted: ({ record }, writing) => {
          const held = parts.proofs.proofsOf(record.statement, record.finder.peer);
          return whyUnwanted(record, withWriting(held, record, writing), Date.now());
        },
        isChosen: (statement) => service.statements.isChosen(statement),
        isUrgent: (statement) => service.sessions.working().has(statement),
        onChange: () => this.#status.soon(),
      },
      {
        capacity: VERIFICATION_CAPACITY,
        timeoutMs: VERIFICATION_TIMEOUT_MS,
        lanes: Math.max(1, (parts.settings.settings.lean.jobs ?? defaultJobs()) - 1),
      },
    );
  }

  /** @throws DamagedBoardFileError, ListenError, ZodError on settings that are none */
  static async start(components: SwarmComponents, init: SwarmInit): Promise<Swarm> {
    const directory = path.join(init.data, 'swarm');
    const { identity, proofs } = components.parts;
    const attestations = await AttestationFile.open(directory, {
      own: identity.peer,
      proofsOf: (peer) => proofs.countOf(peer),
    });
    const swarm = new Swarm(components, init, attestations);
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

  statements(): Iterable<{ statement: Statement; addedAt: number }> {
    return this.#board.statements();
  }

  statement(id: ContentId): NetworkStatement | undefined {
    return this.#board.statement(id);
  }

  attestations(proof: ContentId): AttestationView[] {
    return this.#attestations.of(proof);
  }

  curators(): CuratorView[] {
    return this.#board.curators();
  }

  trust(curator: PeerId, label: string): Promise<boolean> {
    return this.#board.trust(curator, label);
  }

  distrust(curator: PeerId): Promise<boolean> {
    return this.#board.distrust(curator);
  }

  announce(signed: SignedProof, statement: Statement): void {
    const { id, record } = signed;
    this.#network?.recordsAdded([{ id, createdAt: record.createdAt }]);
    const disproven = this.#board.settle(signed, statement);
    if (disproven !== undefined) this.#board.disprove(disproven, signed).catch(this.#onTrouble);
    // Whoever does not hear it finds it with the next reconciliation.
    this.#network
      ?.announceProof(
        { record: id, statement: statement.id, createdAt: record.createdAt },
        statement.environment,
      )
      .catch(() => undefined);
  }

  passOn(signed: SignedProof, statement: Statement, trust: ProofRow['trust']): void {
    this.#network?.recordsAdded([{ id: signed.id, createdAt: signed.record.createdAt }]);
    if (trust === 'verified') this.#board.settle(signed, statement);
  }

  publish(request: PublishRequest): Promise<{ pack: ContentId; version: number; peers: number }> {
    return this.#board.publish(request);
  }

  notice(statement: ContentId, status: Notice['status'], detail: string): Promise<number | undefined> {
    return this.#board.notice(statement, status, detail);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'stopping';
    clearInterval(this.#tick);
    this.#openBoard?.leave();
    this.#attester.leave();
    this.#profiles.leave();
    await this.#work.leave();
    await this.#network?.stop();
    await this.#verifier.stop();
    await this.#attestations.stop();
    this.#status.cancel();
    this.#news.stop();
    await this.#openBoard?.stop();
    this.#state = 'off';
  }

  async #start(directory: string): Promise<void> {
    const { parts, service } = this.#components;
    const board = await SwarmBoard.open(
      {
        parts,
        service,
        credibility: this.#credibility,
        workers: (id) => this.#work.workers(id),
        onEvent: (event) => this.#work.hear(event),
        onTrouble: this.#onTrouble,
      },
      { data: this.#init.data, elaborate: this.#init.elaborate ?? 'at-once' },
    );
    this.#openBoard = board;
    const network = await createNetwork(
      {
        identity: parts.identity,
        store: bankStore({
          bank: parts.bank,
          holds: (id) => parts.proofs.has(id),
          shelf: parts.shelf,
          verifier: this.#verifier,
          onUnreadable: (keys) => {
            this.#network?.recordsRemoved(keys);
            this.#onTrouble(new UnreadableRecordsError(keys.map(({ id }) => id)));
          },
        }),
        kinds: [ATTESTATION_ANNOUNCEMENT, BOARD_ANNOUNCEMENT, CLAIM_ANNOUNCEMENT, PROFILE_ANNOUNCEMENT],
        bodies: new Map([
          ...board.bodies(),
          ...this.#profiles.bodies(),
          [ATTESTATION_BODY.name, this.#attestations.body],
        ]),
        sets: [this.#attestations.set()],
        uploadLimit: () => parts.settings.settings.donation.limits.uploadBytesPerSecond,
        onEvent: (event) => this.#hear(event),
      },
      {
        settings: this.#init.settings,
        reputationFile: path.join(directory, 'reputation.json'),
        peersFile: path.join(directory, 'peers.json'),
      },
    );
    this.#network = network;
    await network.start();
    this.#state = 'on';
    board.join(network);
    this.#attestations.join(network);
    this.#attester.join(network);
    this.#profiles.join(network);
    this.#work.join(network);
    service.setNetwork(this, this.#work);
    this.#tick = setInterval(() => {
      board.prune();
      this.#status.soon();
    }, PRUNE_MS);
    this.#tick.unref();
    board.changed();
    this.#status.soon();
  }

  #hear(event: NetworkEvent): void {
    const refusal = this.#log.hear(event, Date.now());
    const { hub } = this.#components.service;
    if (refusal !== undefined) this.#news.add(refusal);
    if (event.type === 'peer-cut-off') this.#verifier.drop(event.peer);
    const { type } = event;
    if (type === 'peer-connected' || type === 'peer-disconnected' || type === 'peer-set-aside') {
      const found = this.#network?.peers().find(({ peer }) => peer === event.peer);
      const view = peerView(found ?? { peer: event.peer, connections: [], points: 0 });
      const proofs = this.#components.parts.proofs.byPeer().get(event.peer)?.proofs ?? 0;
      hub.emit({ type: 'network:peer-changed', peer: { ...view, proofs } });
    }
    this.#status.soon();
  }

  #onVerdict(
    signed: SignedProof,
    vouching: readonly PeerId[],
    outcome: JudgedRecord,
    passedOnBy?: PeerId,
  ): void {
    const { finder, statement } = signed.record;
    const isAccepted = outcome.kind === 'accepted';
    const answering = isAccepted && passedOnBy !== undefined ? [...vouching, passedOnBy] : vouching;
    this.#network?.reportVerdict(signed.id, answering, isAccepted);
    if (!isAccepted && passedOnBy !== undefined)
      this.#network?.penalise(passedOnBy, 'passed-on-refused', `proof record ${signed.id}`);
    if (isAccepted) {
      // Anybody can sign what another has found.
      if (this.#components.parts.proofs.proofsOf(statement, finder.peer).all === 1) {
        this.#credibility.proved(finder.peer);
      }
      void this.#attester.attest(signed.id, outcome).catch(this.#onTrouble);
      return;
    }
    const refusal: Refusal = {
      at: Date.now(),
      peer: finder.peer,
      kind: 'record',
      reason: 'refused-by-kernel',
      detail: outcome.detail.slice(0, 2000),
      record: signed.id,
    };
    this.#log.refuse(refusal);
    this.#news.add(refusal);
    this.#components.service.statements.touched(statement);
  }

  readonly #onTrouble = (error: unknown): void => {
    const detail = errorInWords(error).slice(0, 2000);
    this.#components.service.hub.emit({ type: 'bank:trouble', detail });
  };

  get #board(): SwarmBoard {
    if (this.#openBoard === undefined) throw new TypeError('the board has not been opened');
    return this.#openBoard;
  }

  #on(): Network {
    if (this.#network === undefined) throw new TypeError('the network has not been made');
    return this.#network;
  }
}

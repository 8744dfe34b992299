import path from 'node:path';
import type { CuratorView, StatementWorker } from '../../api/index.ts';
import {
  loadBoard,
  OpenBoard,
  saveBoard,
  type BoardEvent,
  type TrustStore,
} from '../../network/board/index.ts';
import type { CredibilitySource } from '../../network/claims/index.ts';
import type { Network, ReadBody } from '../../network/index.ts';
import type { ContentId, Notice, PeerId, SignedProof, Statement } from '../../record/index.ts';
import { StatementBoard } from '../../statement/index.ts';
import { openTrust } from '../curators.ts';
import type {
  NetworkStatement,
  NodeService,
  NodeServiceComponents,
  PublishRequest,
} from '../service/index.ts';
import { errorInWords } from '../../process/index.ts';
import { BoardExchange } from './board-exchange.ts';
import { BoardKeeper } from './board-keeper.ts';
import { Disproofs, negationOf } from './disproofs.ts';
import { Elaborator } from './elaborator.ts';
import { Publisher } from './publisher.ts';
import { putStarterPack } from './starter-pack.ts';

export interface SwarmBoardComponents {
  readonly parts: NodeServiceComponents;
  readonly service: NodeService;
  readonly credibility: CredibilitySource;
  /** Peers that say they work on a statement. */
  readonly workers: (id: ContentId) => readonly StatementWorker[];
  readonly onEvent: (event: BoardEvent) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** `when-working`: on a node that only keeps and passes on, Lean is not started for statements that nobody tries. */
export type ElaborateWhen = 'at-once' | 'when-working';

export interface SwarmBoardInit {
  readonly data: string;
  readonly elaborate: ElaborateWhen;
}

/** All bodies of packs' statements on disk; further ones are not fetched. */
const MAX_BODIES_BYTES = 256 * 1024 * 1024;

/** What the swarm asks to be proved: kept on disk, elaborated, exchanged with peers, and taken down when it is settled. */
export class SwarmBoard {
  readonly #components: SwarmBoardComponents;
  readonly #trust: TrustStore;
  readonly #bodies: StatementBoard;
  readonly #board: OpenBoard;
  readonly #exchange: BoardExchange;
  readonly #elaborator: Elaborator;
  readonly #publisher: Publisher;
  readonly #keeper: BoardKeeper;
  readonly #disproofs: Disproofs;
  #unsubscribe: () => void = () => undefined;

  private constructor(
    components: SwarmBoardComponents,
    directory: string,
    elaborate: ElaborateWhen,
    files: { readonly trust: TrustStore; readonly bodies: StatementBoard },
  ) {
    const { parts, service, credibility, workers } = components;
    const { identity, proofs } = parts;
    const proofOf = (statement: ContentId): ContentId | undefined => proofs.proofOf(statement)?.id;
    this.#components = components;
    this.#trust = files.trust;
    this.#bodies = files.bodies;
    this.#board = new OpenBoard({
      // What the user publishes counts here as well.
      trust: { trusts: (peer) => peer === identity.peer || files.trust.trusts(peer) },
      credibility,
      isClaimed: (id) => workers(id).length > 0,
      negate: negationOf,
      isVerified: (proof, statement) => proofs.proves(proof, statement),
      proofOf,
      now: Date.now,
      tick: () => performance.now(),
    });
    this.#disproofs = new Disproofs(this.#board, proofOf);
    this.#keeper = new BoardKeeper({
      write: () => saveBoard(directory, this.#board.snapshot()),
      onTrouble: components.onTrouble,
    });
    this.#board.subscribe((event) => this.#hear(event));
    this.#elaborator = new Elaborator({
      board: this.#board,
      checker: parts.lean,
      isWanted: () => elaborate === 'at-once' || service.donation.status.state === 'running',
      onElaborated: () => service.statements.changed(),
      onFault: (error) => {
        service.notify({
          severity: 'warning',
          title: 'Statements of the swarm cannot be read',
          detail: errorInWords(error).slice(0, 2000),
        });
      },
    });
    const keep = (statements: readonly Statement[]): Promise<unknown> => this.#bodies.add(statements);
    this.#exchange = new BoardExchange({
      board: this.#board,
      keep,
      hasRoom: () => this.#bodies.bytes < MAX_BODIES_BYTES,
      statement: (id) => this.#bodies.get(id)?.statement,
      onChange: () => this.changed(),
    });
    this.#publisher = new Publisher({
      identity,
      board: this.#board,
      exchange: this.#exchange,
      keep,
      save: () => this.#keeper.now(),
    });
  }

  /** @throws DamagedBoardFileError */
  static async open(
    components: SwarmBoardComponents,
    { data, elaborate }: SwarmBoardInit,
  ): Promise<SwarmBoard> {
    const directory = path.join(data, 'swarm');
    const board = new SwarmBoard(components, directory, elaborate, {
      trust: await openTrust(data),
      bodies: await StatementBoard.open(path.join(directory, 'statements')),
    });
    board.#board.restore(await loadBoard(directory));
    await putStarterPack(board.#board);
    for (const { statement } of board.#bodies.entries()) board.#board.putBody(statement);
    return board;
  }

  /** What others may fetch of this node, by kind. */
  bodies(): ReadonlyMap<string, ReadBody> {
    return this.#exchange.bodies();
  }

  join(network: Network): void {
    this.#exchange.join(network);
    this.#unsubscribe = this.#components.service.hub.subscribe((message) => {
      if (message.kind === 'event' && message.event.event.type === 'donation:changed')
        this.#elaborator.soon();
    });
  }

  /** Takes nothing more from peers. */
  leave(): void {
    this.#exchange.leave();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#elaborator.stop();
    await this.#keeper.stop();
  }

  body(id: ContentId): Statement | undefined {
    return this.#board.get(id)?.statement;
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
        workers: this.#components.workers(id),
      }
    );
  }

  /** A proof is in the bank: what it proves, or disproves, leaves the board. @returns what it disproves */
  settle(proof: Pick<SignedProof, 'id'>, statement: Statement): Statement | undefined {
    this.#board.markSolved(statement.id, proof.id);
    const disproven = this.#disproofs.proved(proof, statement);
    if (disproven !== undefined) this.#components.service.statements.touched(disproven.id);
    return disproven;
  }

  /** Tells all what a proof of this node's own finding disproves. */
  async disprove(disproven: Statement, proof: SignedProof): Promise<void> {
    await this.#publisher.disproof(disproven, proof);
  }

  async publish(request: PublishRequest): Promise<{ pack: ContentId; version: number; peers: number }> {
    const published = await this.#publisher.publish(request);
    this.changed();
    return published;
  }

  async notice(statement: ContentId, status: Notice['status'], detail: string): Promise<number | undefined> {
    const peers = await this.#publisher.notice(statement, status, detail);
    this.changed();
    return peers;
  }

  curators(): CuratorView[] {
    return this.#trust.list();
  }

  async trust(curator: PeerId, label: string): Promise<boolean> {
    if (!(await this.#trust.add(curator, label, Date.now()))) return false;
    await putStarterPack(this.#board);
    this.changed();
    this.#exchange.trustChanged();
    return true;
  }

  async distrust(curator: PeerId): Promise<boolean> {
    if (!(await this.#trust.remove(curator))) return false;
    this.#board.dropCurator(curator);
    this.changed();
    return true;
  }

  /** Takes down what strangers put up too long ago. To be called now and then. */
  prune(): void {
    this.#board.prune();
  }

  /** There may be something to save, to elaborate and to show. */
  changed(): void {
    this.#components.service.statements.changed();
    this.#keeper.soon();
    this.#elaborator.soon();
  }

  #hear(event: BoardEvent): void {
    this.#components.onEvent(event);
    this.#keeper.soon();
    if (event.type !== 'opened') return;
    this.#disproofs.opened(event.item.statement);
    this.#components.service.wake();
  }
}

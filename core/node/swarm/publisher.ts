import { makePack, type OpenBoard } from '../../network/board/index.ts';
import {
  signDisproof,
  signNotice,
  signSubmission,
  type ContentId,
  type Identity,
  type Notice,
  type SignedProof,
  type Statement,
} from '../../record/index.ts';
import { recordOf, type PublishRequest } from '../service/index.ts';
import type { BoardExchange } from './board-exchange.ts';
import { negationOf } from './disproofs.ts';

export interface PublisherComponents {
  readonly identity: Identity;
  readonly board: OpenBoard;
  readonly exchange: BoardExchange;
  /** Keeps bodies of packs' statements on disk. */
  readonly keep: (statements: readonly Statement[]) => Promise<unknown>;
  /** Writes the board to disk. */
  readonly save: () => Promise<void>;
}

/** Up to so many statements are also put up one by one, for those who do not know the curator. */
const MAX_SUBMISSIONS = 50;

/** Puts up what this node's user signs. All of it is on disk before anybody hears of it. */
export class Publisher {
  readonly #components: PublisherComponents;

  constructor(components: PublisherComponents) {
    this.#components = components;
  }

  async publish(request: PublishRequest): Promise<{ pack: ContentId; version: number; peers: number }> {
    const { identity, board, exchange, keep, save } = this.#components;
    const { statements, priority, ...about } = request;
    const earlier = board.packs.filter(
      ({ record }) => record.curator === identity.peer && record.name === about.name,
    );
    const version = Math.max(0, ...earlier.map(({ record }) => record.version)) + 1;
    const pack = makePack(
      statements,
      { ...about, version, createdAt: Date.now(), priorityOf: () => priority },
      identity,
    );
    await keep(statements);
    // Before the pack: what a pack has put up already is not taken as a submission.
    const few = statements.length <= MAX_SUBMISSIONS ? statements : [];
    const submissions = few.flatMap((statement) => this.#submit(statement));
    board.acceptPack(pack);
    for (const statement of statements) board.putBody(statement);
    // A version that was announced must not be given a second time.
    await save();
    let peers = await exchange.announce('pack', pack.id);
    for (const id of submissions) peers = Math.max(peers, await exchange.announce('submission', id));
    return { pack: pack.id, version, peers };
  }

  /**
   * Says of a statement that it is no longer asked for, or does not say what it should.
   * @returns to how many neighbours it went; undefined where this node has no word in this
   */
  async notice(statement: ContentId, status: Notice['status'], detail: string): Promise<number | undefined> {
    const { identity, board, exchange, save } = this.#components;
    const notice = signNotice(
      { issuer: identity.peer, statement, status, detail, createdAt: Date.now() },
      identity,
    );
    if (board.acceptNotice(notice) !== 'applied') return undefined;
    await save();
    return exchange.announce('notice', notice.id);
  }

  /** Tells all of a statement that a proof of this node's own finding disproves. */
  async disproof(disproven: Statement, { id: proof }: SignedProof): Promise<void> {
    const { identity, board, exchange, save } = this.#components;
    const negation = negationOf(disproven);
    if (negation === undefined) return;
    const disproof = signDisproof(
      {
        statement: disproven.id,
        negation: negation.id,
        proof,
        peer: identity.peer,
        createdAt: Date.now(),
      },
      identity,
    );
    if (board.acceptDisproof(disproof) !== 'disproved') return;
    await save();
    await exchange.announce('disproof', disproof.id);
  }

  /** Its id, unless the statement is up already. */
  #submit(statement: Statement): ContentId[] {
    const { identity, board } = this.#components;
    const record = { statement: recordOf(statement), submitter: identity.peer, createdAt: Date.now() };
    const submission = signSubmission(record, identity);
    return board.acceptSubmission(submission, identity.peer) === 'accepted' ? [submission.id] : [];
  }
}

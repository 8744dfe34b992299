import type { OpenBoard } from '../../network/board/index.ts';
import { MAX_REQUESTED, type BodyKind, type Network, type ReadBody } from '../../network/index.ts';
import {
  encodePack,
  encodeSubmission,
  type ContentId,
  type PeerId,
  type SignedPack,
  type SignedSubmission,
  type Statement,
} from '../../record/index.ts';
import {
  BOARD_ANNOUNCEMENT,
  encodeShelf,
  encodeStatement,
  PACK_BODY,
  SHELF_BODY,
  SHELF_ID,
  STATEMENT_BODY,
  SUBMISSION_BODY,
} from './kinds.ts';

export interface BoardExchangeComponents {
  readonly board: OpenBoard;
  /** Keeps bodies of packs' statements on disk. */
  readonly keep: (statements: readonly Statement[]) => Promise<unknown>;
  readonly statement: (id: ContentId) => Statement | undefined;
  /** Something came that is to be saved and elaborated. */
  readonly onChange: () => void;
}

/** Peers' packs that are fetched of one list; the rest comes with the next. */
const MAX_TAKEN = 256;
/** A peer's list is read so often. */
const SHELF_MS = 10_000;
/** Further announcements of one peer are left to its list, until all that was asked of it is answered. */
const MAX_WAITING = 32;

/** Gets packs, submissions and statements from peers, and gives them to peers. */
export class BoardExchange {
  readonly #components: BoardExchangeComponents;
  readonly #stopping = new AbortController();
  /** What is asked of each peer, one thing after another. */
  readonly #asking = new Map<PeerId, { readonly last: Promise<void>; readonly waiting: number }>();
  #timer: NodeJS.Timeout | undefined;
  #network: Network | undefined;
  #undo: (() => void)[] = [];

  constructor(components: BoardExchangeComponents) {
    this.#components = components;
  }

  /** What others may fetch of this node, by kind. */
  bodies(): ReadonlyMap<string, ReadBody> {
    const { board, statement } = this.#components;
    const found = (bytes: Uint8Array | undefined): ReturnType<ReadBody> =>
      Promise.resolve(bytes && { bytes, vouched: false });
    return new Map<string, ReadBody>([
      [PACK_BODY.name, (id) => found(encoded(this.#pack(id), encodePack))],
      [SUBMISSION_BODY.name, (id) => found(encoded(this.#submission(id), encodeSubmission))],
      [
        STATEMENT_BODY.name,
        (id) => found(encoded(board.get(id)?.statement ?? statement(id), encodeStatement)),
      ],
      [
        SHELF_BODY.name,
        (id) =>
          found(
            id === SHELF_ID
              ? encodeShelf({
                  packs: board.packs.map((pack) => pack.id),
                  submissions: board.snapshot().submissions.map((submission) => submission.id),
                })
              : undefined,
          ),
      ],
    ]);
  }

  join(network: Network): void {
    this.#network = network;
    this.#undo = [
      network.on(BOARD_ANNOUNCEMENT, ({ body, from }) => {
        const lists = { packs: [], submissions: [], [`${body.what}s`]: [body.id] };
        this.#ask(from, () => this.#take(from, lists));
      }),
      network.subscribe((event) => {
        if (event.type === 'peer-connected') this.#ask(event.peer, () => this.#readShelf(event.peer));
      }),
    ];
    this.#timer = setInterval(() => this.#readSomeShelf(network), SHELF_MS);
    this.#timer.unref();
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#stopping.abort(new Error('the node is stopping'));
    for (const undo of this.#undo) undo();
  }

  /** Says to all that this node has something new. Returns to how many neighbours it went. */
  async announce(what: 'pack' | 'submission', id: ContentId): Promise<number> {
    return (await this.#network?.announce(BOARD_ANNOUNCEMENT, { what, id })) ?? 0;
  }

  #pack(id: ContentId): SignedPack | undefined {
    return this.#components.board.packs.find((pack) => pack.id === id);
  }

  #submission(id: ContentId): SignedSubmission | undefined {
    return this.#components.board.snapshot().submissions.find((submission) => submission.id === id);
  }

  /** One thing after another of each peer; what fails is found again when a list is read. */
  #ask(peer: PeerId, work: () => Promise<void>): void {
    const before = this.#asking.get(peer) ?? { last: Promise.resolve(), waiting: 0 };
    if (before.waiting >= MAX_WAITING) return;
    const asked = { last: before.last.then(work).catch(() => undefined), waiting: before.waiting + 1 };
    this.#asking.set(peer, asked);
    void asked.last.then(() => {
      if (this.#asking.get(peer) === asked) this.#asking.delete(peer);
    });
  }

  /** Announcements get lost: now and then somebody is asked what they have. */
  #readSomeShelf(network: Network): void {
    const peers = network.peers().filter(({ connections }) => connections.length > 0);
    const chosen = peers[Math.floor(Math.random() * peers.length)]?.peer;
    if (chosen !== undefined && !this.#asking.has(chosen)) this.#ask(chosen, () => this.#readShelf(chosen));
  }

  async #readShelf(peer: PeerId): Promise<void> {
    const answer = await this.#network?.fetch(SHELF_BODY, [SHELF_ID], peer, {
      signal: this.#stopping.signal,
    });
    const list = answer?.bodies[0]?.body;
    if (list !== undefined) await this.#take(peer, list);
  }

  async #take(
    peer: PeerId,
    { packs, submissions }: { packs: readonly ContentId[]; submissions: readonly ContentId[] },
  ): Promise<void> {
    const { board } = this.#components;
    const newPacks = packs.filter((id) => this.#pack(id) === undefined);
    for await (const pack of this.#fetch(PACK_BODY, newPacks, peer)) {
      const { kind } = board.acceptPack(pack);
      if (kind === 'adopted') await this.announce('pack', pack.id);
    }
    const newSubmissions = submissions.filter((id) => this.#submission(id) === undefined);
    for await (const submission of this.#fetch(SUBMISSION_BODY, newSubmissions, peer)) {
      const outcome = board.acceptSubmission(submission, peer);
      if (outcome === 'accepted') await this.announce('submission', submission.id);
    }
    await this.#fetchWanted(peer);
    this.#components.onChange();
  }

  /** Bodies of packs' statements, as long as the peer has some that are wanted. */
  async #fetchWanted(peer: PeerId): Promise<void> {
    const { board, keep } = this.#components;
    const asked = new Set<ContentId>();
    for (;;) {
      const wanted = board.wanted(MAX_REQUESTED + asked.size).filter((id) => !asked.has(id));
      if (wanted.length === 0) return;
      for (const id of wanted) asked.add(id);
      const statements: Statement[] = [];
      for await (const statement of this.#fetch(STATEMENT_BODY, wanted, peer)) statements.push(statement);
      if (statements.length === 0) return;
      await keep(statements);
      for (const statement of statements) board.putBody(statement);
    }
  }

  async *#fetch<T>(kind: BodyKind<T>, ids: readonly ContentId[], peer: PeerId): AsyncGenerator<T> {
    const wanted = ids.slice(0, MAX_TAKEN);
    for (let at = 0; at < wanted.length; at += MAX_REQUESTED) {
      const answer = await this.#network?.fetch(kind, wanted.slice(at, at + MAX_REQUESTED), peer, {
        signal: this.#stopping.signal,
      });
      for (const { body } of answer?.bodies ?? []) yield body;
      if (answer?.error !== undefined) return;
    }
  }
}

const encoded = <T>(value: T | undefined, encode: (value: T) => Uint8Array): Uint8Array | undefined =>
  value === undefined ? undefined : encode(value);

import type { OpenBoard } from '../../network/board/index.ts';
import { MAX_REQUESTED, type BodyKind, type Network, type ReadBody } from '../../network/index.ts';
import {
  encodeDisproof,
  encodeNotice,
  encodePack,
  encodeSubmission,
  type ContentId,
  type PeerId,
  type Statement,
} from '../../record/index.ts';
import { Declined } from './declined.ts';
import {
  BOARD_ANNOUNCEMENT,
  DISPROOF_BODY,
  encodeShelf,
  encodeStatement,
  NOTICE_BODY,
  PACK_BODY,
  SHELF_BODY,
  SHELF_ID,
  STATEMENT_BODY,
  SUBMISSION_BODY,
  type BoardAnnouncement,
  type ShelfList,
} from './kinds.ts';

export interface BoardExchangeComponents {
  readonly board: OpenBoard;
  /** Keeps bodies of packs' statements on disk. */
  readonly keep: (statements: readonly Statement[]) => Promise<unknown>;
  /** Whether there is room for more of them. */
  readonly hasRoom: () => boolean;
  readonly statement: (id: ContentId) => Statement | undefined;
  /** Something came that is to be saved and elaborated. */
  readonly onChange: () => void;
}

/** Records that are fetched of one list; the rest comes with the next. */
const MAX_TAKEN = 256;
/** A peer's list is read so often. */
const SHELF_MS = 10_000;
/** Further announcements of one peer are left to its list, until all that was asked of it is answered. */
const MAX_WAITING = 32;
/** What was not taken is not fetched again so soon: its curator is not trusted, its statement not here, … */
const DECLINED_MS = 10 * 60_000;
/** What may be taken when it comes again, from this peer: until then others of the same list have their turn. */
const PUT_OFF_MS = 60_000;

type What = BoardAnnouncement['what'];
const NOTHING: ShelfList = { packs: [], submissions: [], notices: [], disproofs: [] };
/** `new`: taken, and to be passed on · `later`: it may be taken when it comes again, soon · `no`: not for a while. */
type Taken = 'new' | 'later' | 'no';

/** Gets packs, submissions, notices, disproofs and statements from peers, and gives them to peers. */
export class BoardExchange {
  readonly #components: BoardExchangeComponents;
  readonly #stopping = new AbortController();
  readonly #declined = new Declined(DECLINED_MS);
  readonly #putOff = new Declined(PUT_OFF_MS);
  /** What is asked of each peer, one thing after another. */
  readonly #asking = new Map<PeerId, { readonly last: Promise<void>; readonly waiting: number }>();
  /** The list that peers are given, as of which version of the board and when, on the clock of `performance.now`. */
  #encoded: { readonly version: number; readonly at: number; readonly bytes: Uint8Array } | undefined;
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
      [PACK_BODY.name, (id) => found(encoded(board.pack(id), encodePack))],
      [SUBMISSION_BODY.name, (id) => found(encoded(board.submission(id), encodeSubmission))],
      [NOTICE_BODY.name, (id) => found(encoded(board.notice(id), encodeNotice))],
      [DISPROOF_BODY.name, (id) => found(encoded(board.disproof(id), encodeDisproof))],
      [
        STATEMENT_BODY.name,
        (id) => found(encoded(board.get(id)?.statement ?? statement(id), encodeStatement)),
      ],
      [SHELF_BODY.name, (id) => found(id === SHELF_ID ? this.#encodedShelf() : undefined)],
    ]);
  }

  join(network: Network): void {
    this.#network = network;
    this.#undo = [
      network.on(BOARD_ANNOUNCEMENT, ({ body, from }) => {
        this.#ask(from, () => this.#take(from, { ...NOTHING, [`${body.what}s`]: [body.id] }));
      }),
      network.subscribe((event) => {
        if (event.type === 'peer-connected') this.#ask(event.peer, () => this.#readShelf(event.peer));
      }),
    ];
    this.#timer = setInterval(() => this.#readSomeShelf(network), SHELF_MS);
    this.#timer.unref();
    this.#readShelves(network);
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#stopping.abort(new Error('the node is stopping'));
    for (const undo of this.#undo) undo();
  }

  /** Says to all that this node has something new. Returns to how many neighbours it went. */
  async announce(what: What, id: ContentId): Promise<number> {
    return (await this.#network?.announce(BOARD_ANNOUNCEMENT, { what, id })) ?? 0;
  }

  /** The user trusts others than before: what was not taken may be wanted now. */
  trustChanged(): void {
    this.#declined.clear();
    if (this.#network !== undefined) this.#readShelves(this.#network);
  }

  #readShelves(network: Network): void {
    for (const { peer, connections } of network.peers()) {
      if (connections.length > 0) this.#ask(peer, () => this.#readShelf(peer));
    }
  }

  #encodedShelf(): Uint8Array {
    const { packs, submissions, notices, disproofs, version } = this.#components.board;
    const before = this.#encoded;
    const now = performance.now();
    // Not for ever: a list that is too long shows another part then.
    if (before?.version === version && now - before.at < SHELF_MS) return before.bytes;
    const ids = (records: readonly { readonly id: ContentId }[]): ContentId[] => records.map(({ id }) => id);
    const list = {
      packs: ids(packs),
      submissions: ids(submissions),
      notices: ids(notices),
      disproofs: ids(disproofs),
    };
    this.#encoded = { version, at: now, bytes: encodeShelf(list) };
    return this.#encoded.bytes;
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

  /** Packs before the rest, as notices and disproofs speak of statements that are here. */
  async #take(peer: PeerId, lists: ShelfList): Promise<void> {
    const { board, onChange } = this.#components;
    let changed = false;
    const takeNew = async <T extends { readonly id: ContentId }>(
      what: What,
      kind: BodyKind<T>,
      take: (record: T) => Taken,
    ): Promise<void> => {
      const ids = lists[`${what}s`].filter(
        (id) =>
          board[what](id) === undefined && !this.#declined.has(id) && !this.#putOff.has(`${peer} ${id}`),
      );
      for await (const record of this.#fetch(kind, fromAnywhere(ids), peer)) {
        const taken = take(record);
        if (taken === 'new') {
          changed = true;
          await this.announce(what, record.id);
        }
        if (taken === 'no') this.#declined.add(record.id);
        if (taken === 'later') this.#putOff.add(`${peer} ${record.id}`);
      }
    };
    try {
      await takeNew('pack', PACK_BODY, (pack) => (board.acceptPack(pack).kind === 'adopted' ? 'new' : 'no'));
      await takeNew('submission', SUBMISSION_BODY, (submission) => {
        const outcome = board.acceptSubmission(submission, peer);
        if (outcome === 'accepted') return 'new';
        if (outcome === 'body') changed = true;
        // Which depends on who passes it on, too.
        return outcome === 'rate-limited' || outcome === 'crowded-out' ? 'later' : 'no';
      });
      if (await this.#fetchWanted(peer)) changed = true;
      await takeNew('notice', NOTICE_BODY, (notice) =>
        board.acceptNotice(notice) === 'applied' ? 'new' : 'no',
      );
      await takeNew('disproof', DISPROOF_BODY, (disproof) => {
        const outcome = board.acceptDisproof(disproof);
        if (outcome === 'disproved') return 'new';
        // The proof that it names may be on its way through this node's Lean.
        return outcome === 'not-verified' ? 'later' : 'no';
      });
    } finally {
      if (changed) onChange();
    }
  }

  /** Bodies of packs' statements, as long as the peer has some that are wanted. Returns whether it had any. */
  async #fetchWanted(peer: PeerId): Promise<boolean> {
    const { board, keep, hasRoom } = this.#components;
    const asked = new Set<ContentId>();
    for (let had = false; ; had = true) {
      const wanted = board.wanted(MAX_REQUESTED + asked.size).filter((id) => !asked.has(id));
      if (wanted.length === 0 || !hasRoom()) return had;
      for (const id of wanted) asked.add(id);
      const statements: Statement[] = [];
      for await (const statement of this.#fetch(STATEMENT_BODY, wanted, peer)) {
        statements.push(board.describedBy(peer, statement));
      }
      if (statements.length === 0) return had;
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

/** Begun at a random place: where many are not taken or not given, what lies behind them has its turn all the same. */
function fromAnywhere<T>(items: readonly T[]): T[] {
  const from = Math.floor(Math.random() * items.length);
  return [...items.slice(from), ...items.slice(0, from)];
}

const encoded = <T>(value: T | undefined, encode: (value: T) => Uint8Array): Uint8Array | undefined =>
  value === undefined ? undefined : encode(value);

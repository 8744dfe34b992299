import { expect, onTestFinished, test, vi } from 'vitest';
import type { BodyKind, Network, NetworkEvent } from '../../../core/network/index.ts';
import { BoardExchange } from '../../../core/node/swarm/board-exchange.ts';
import {
  encodeShelf,
  encodeStatement,
  SHELF_BODY,
  SHELF_ID,
  type BoardAnnouncement,
} from '../../../core/node/swarm/kinds.ts';
import { recordOf } from '../../../core/node/service/index.ts';
import {
  contentId,
  encodePack,
  encodeSubmission,
  makeStatement,
  signSubmission,
  type ContentId,
  type Identity,
  type Statement,
} from '../../../core/record/index.ts';
import {
  CURATOR,
  pack,
  person,
  START,
  STRANGER,
  submission,
  testBoard,
  theorem,
} from '../../network/board/support.ts';

const NOTHING = { packs: [], submissions: [], notices: [], disproofs: [] };

/** An exchange whose peers have what is in `has`, by id. */
function exchangeWith(
  has: ReadonlyMap<ContentId, Uint8Array>,
  { connected = [], room = () => true }: { connected?: readonly string[]; room?: () => boolean } = {},
) {
  const parts = testBoard();
  const asked: { peer: string; kind: string; ids: readonly ContentId[] }[] = [];
  const kept: Statement[] = [];
  const changes = vi.fn<() => void>();
  let announced: (message: { body: BoardAnnouncement; from: string }) => void = () => undefined;
  let heard: (event: NetworkEvent) => void = () => undefined;
  const network = {
    on: (_: unknown, listener: typeof announced) => {
      announced = listener;
      return () => undefined;
    },
    subscribe: (listener: typeof heard) => {
      heard = listener;
      return () => undefined;
    },
    peers: () => connected.map((peer) => ({ peer, connections: [{}], points: 0 })),
    announce: () => Promise.resolve(1),
    fetch: (kind: BodyKind<unknown>, ids: readonly ContentId[], peer: string) => {
      asked.push({ peer, kind: kind.name, ids });
      const bodies = ids.flatMap((id) => {
        const bytes = has.get(id);
        return bytes === undefined ? [] : [{ id, body: kind.decode(bytes, id), vouched: false }];
      });
      return Promise.resolve({ bodies, absent: [], tooLarge: [] });
    },
  };
  const exchange = new BoardExchange({
    board: parts.board,
    keep: (statements) => Promise.resolve(kept.push(...statements)),
    hasRoom: room,
    statement: () => undefined,
    onChange: changes,
  });
  exchange.join(network as unknown as Network);
  onTestFinished(() => exchange.leave());
  return {
    ...parts,
    exchange,
    asked,
    changes,
    kept,
    announce: (body: BoardAnnouncement, from: string) => announced({ body, from }),
    connect: (peer: string) => heard({ type: 'peer-connected', peer }),
  };
}

test('who was connected before is asked, too', async () => {
  const { asked } = exchangeWith(new Map(), { connected: ['early'] });
  await vi.waitFor(() => expect(asked).toEqual([{ peer: 'early', kind: SHELF_BODY.name, ids: [SHELF_ID] }]));
});

test('nothing is saved where nothing was taken', async () => {
  const put = submission(theorem('a'));
  const stale = submission(theorem('b'), person(9), 1);
  const shelf = encodeShelf({ ...NOTHING, submissions: [stale.id] });
  const has = new Map([
    [SHELF_ID, shelf],
    [put.id, encodeSubmission(put)],
    [stale.id, encodeSubmission(stale)],
  ]);
  const { asked, changes, announce, connect, board } = exchangeWith(has);
  for (let n = 0; n < 5; n++) announce({ what: 'notice', id: contentId(n) }, 'loud');
  connect('late');
  await vi.waitFor(() => expect(asked).toHaveLength(7));
  announce({ what: 'submission', id: put.id }, 'good');
  await vi.waitFor(() => expect(board.submission(put.id)).toEqual(put));
  await vi.waitFor(() => expect(changes).toHaveBeenCalledTimes(1));
});

test('the list that peers are given is made once for each change of the board', async () => {
  const { exchange, board } = exchangeWith(new Map());
  const read = exchange.bodies().get(SHELF_BODY.name);
  const first = await read?.(SHELF_ID, { signal: new AbortController().signal });
  board.acceptPack(pack([theorem('a')]));
  const second = await read?.(SHELF_ID, { signal: new AbortController().signal });
  const third = await read?.(SHELF_ID, { signal: new AbortController().signal });
  if (first === undefined || second === undefined || third === undefined) throw new Error('it is there');
  expect(SHELF_BODY.decode(first.bytes, SHELF_ID)).toEqual(NOTHING);
  expect(SHELF_BODY.decode(second.bytes, SHELF_ID).packs).toHaveLength(1);
  expect(third.bytes).toBe(second.bytes);
});

/** As whoever answers first may tell of it. */
const told = (name: string): Statement =>
  makeStatement({
    ...recordOf(theorem(name)),
    informal: `${'x'.repeat(999)}😀${'y'.repeat(90_000)}`,
    topic: 'algebra',
    difficulty: 'easy',
    tags: ['t'],
    source: { dataset: 'd', licence: 'none', url: 'https://example.org' },
  });

/** A pack of two statements, as a peer has it that has one of their bodies. */
function offered(a: Statement, b: Statement) {
  const put = pack([a, b]);
  const has = new Map([
    [put.id, encodePack(put)],
    [a.id, encodeStatement(a)],
  ]);
  return { put, has };
}

test('only who put a statement up describes it at length: of others it is what its id covers, and a few words', async () => {
  const [a, b] = [told('a'), told('b')];
  const { put: first, has } = offered(a, b);
  const { announce, kept, board, changes } = exchangeWith(has);
  announce({ what: 'pack', id: first.id }, 'somebody');
  await vi.waitFor(() => expect(changes).toHaveBeenCalledTimes(1));
  const { environment, header, formal, name, id } = a;
  const short = {
    id,
    environment,
    header,
    formal,
    name,
    informal: 'x'.repeat(999),
    topic: 'algebra',
  };
  expect(kept).toEqual([short]);
  expect(board.get(id)?.statement).toEqual(short);

  has.set(b.id, encodeStatement(b));
  announce({ what: 'notice', id: contentId(0) }, CURATOR.peer);
  await vi.waitFor(() => expect(board.get(b.id)?.statement).toEqual(b));
  expect(kept).toEqual([short, b]);
});

test('a stranger who submits what a pack waits for does not describe it, and its curator does', () => {
  const { board } = testBoard();
  const [a, b] = [told('a'), told('b')];
  board.acceptPack(pack([a, b]));
  const submit = (statement: Statement, by: Identity) => {
    const record = { statement: recordOf(statement), submitter: by.peer, createdAt: START };
    return board.acceptSubmission(signSubmission(record, by), 'x');
  };
  const short = { ...a, informal: 'words' };
  expect(submit(short, STRANGER)).toBe('body');
  expect(board.get(a.id)?.statement).toMatchObject({ informal: 'words', topic: 'algebra' });
  expect(board.get(a.id)?.statement).not.toHaveProperty('difficulty');
  const long = { ...b, informal: 'x'.repeat(5000) };
  expect(submit(long, CURATOR)).toBe('body');
  expect(board.get(b.id)?.statement).toEqual(long);
});

test('where there is no room, no bodies are asked for', async () => {
  const [a, b] = [told('a'), told('b')];
  const { put, has } = offered(a, b);
  const { announce, asked, changes, board } = exchangeWith(has, { room: () => false });
  announce({ what: 'pack', id: put.id }, 'somebody');
  await vi.waitFor(() => expect(changes).toHaveBeenCalledTimes(1));
  expect(asked.map(({ kind }) => kind)).toEqual(['pack']);
  expect(board.wanted(10)).toHaveLength(2);
});

/** A list of one submitter's statements, too many to be taken at one time, and one of somebody else. */
function flooded(number: number) {
  const flood = Array.from({ length: number }, (_, n) => submission(theorem(`flood_${n}`)));
  const last = submission(theorem('last'), person(9));
  const all = [...flood, last];
  const shelf = encodeShelf({ ...NOTHING, submissions: all.map(({ id }) => id) });
  const has = new Map<ContentId, Uint8Array>(all.map((one) => [one.id, encodeSubmission(one)]));
  return { flood, last, has: has.set(SHELF_ID, shelf) };
}

test('what is not taken yet does not stand before what could be, and has its turn after a minute', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const { last, has } = flooded(266);
  const { board, asked, connect, clock } = exchangeWith(has);
  connect('peer');
  await vi.waitFor(() => expect(board.submissions).toHaveLength(10));
  connect('peer');
  await vi.waitFor(() => expect(board.submission(last.id)).toEqual(last));
  const fetched = asked.filter(({ kind }) => kind === 'submission').flatMap(({ ids }) => ids);
  expect(fetched).toHaveLength(267);
  expect(new Set(fetched).size).toBe(267);

  const later = performance.now() + 61_000;
  vi.spyOn(performance, 'now').mockReturnValue(later);
  clock.now += 3_600_000;
  connect('peer');
  await vi.waitFor(() => expect(board.submissions).toHaveLength(17));
});

test('what is not taken from one peer, which has passed on too much, is taken from another', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const { last, has } = flooded(0);
  const many = Array.from({ length: 120 }, (_, n) => submission(theorem(`one_${n}`), person(100 + n)));
  for (const one of many) has.set(one.id, encodeSubmission(one));
  const listed = [...many, last].map(({ id }) => id);
  has.set(SHELF_ID, encodeShelf({ ...NOTHING, submissions: listed }));
  const { board, connect } = exchangeWith(has);
  connect('busy');
  await vi.waitFor(() => expect(board.submissions.length).toBeGreaterThan(0));
  expect(board.submission(last.id)).toBeUndefined();
  connect('another');
  await vi.waitFor(() => expect(board.submission(last.id)).toEqual(last));
});

test('a list is not always read from its beginning', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  onTestFinished(() => void vi.restoreAllMocks());
  const { last, has } = flooded(999);
  const { board, connect } = exchangeWith(has);
  connect('peer');
  await vi.waitFor(() => expect(board.submission(last.id)).toEqual(last));
  expect(board.submissions).toHaveLength(11);
});

import { expect, onTestFinished, test, vi } from 'vitest';
import type { BodyKind, Network, NetworkEvent } from '../../../core/network/index.ts';
import { BoardExchange } from '../../../core/node/swarm/board-exchange.ts';
import { encodeShelf, SHELF_BODY, SHELF_ID, type BoardAnnouncement } from '../../../core/node/swarm/kinds.ts';
import { contentId, encodeSubmission, type ContentId } from '../../../core/record/index.ts';
import { pack, person, submission, testBoard, theorem } from '../../network/board/support.ts';

const NOTHING = { packs: [], submissions: [], notices: [], disproofs: [] };

/** An exchange whose peers have what is in `has`, by id. */
function exchangeWith(has: ReadonlyMap<ContentId, Uint8Array>, connected: readonly string[] = []) {
  const parts = testBoard();
  const asked: { peer: string; kind: string; ids: readonly ContentId[] }[] = [];
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
    keep: () => Promise.resolve(),
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
    announce: (body: BoardAnnouncement, from: string) => announced({ body, from }),
    connect: (peer: string) => heard({ type: 'peer-connected', peer }),
  };
}

test('who was connected before is asked, too', async () => {
  const { asked } = exchangeWith(new Map(), ['early']);
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

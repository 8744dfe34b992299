import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signNotice, type Notice, type SignedPack } from '../../../core/record/index.ts';
import { CURATOR, OTHER_CURATOR, pack, proofId, START, STRANGER, testBoard, theorem } from './support.ts';

const [a, b, c] = [theorem('a'), theorem('b'), theorem('c')];
const notice = (record: Partial<Notice>, issuer = CURATOR) =>
  signNotice(
    {
      issuer: issuer.peer,
      statement: a.id,
      status: 'withdrawn',
      detail: 'why',
      createdAt: START + 1,
      ...record,
    },
    issuer,
  );

describe("a curator's pack", () => {
  test('asks for its statements, which open when they are here and elaborate', () => {
    const { board, events } = testBoard();
    expect(board.acceptPack(pack([a, b], 1, { priority: 7 }))).toEqual({ kind: 'adopted' });
    expect(board.wanted(10).toSorted()).toEqual([a.id, b.id].toSorted());
    expect(board.wanted(1)).toHaveLength(1);
    expect(board.putBody(a)).toBe(true);
    expect(board.putBody(c)).toBe(false);
    expect(board.get(a.id)).toMatchObject({ state: 'unverified', priority: 7, receivedAt: START });
    expect(events).toEqual([]);
    expect(board.nextToElaborate()).toEqual(a);
    board.elaborated(a.id, { kind: 'elaborates' });
    expect(events).toMatchObject([{ type: 'opened', item: { state: 'open', statement: { id: a.id } } }]);
    expect(board.counts()).toMatchObject({ open: 1, unverified: 0, wanted: 1 });
  });

  test('is refused of a curator whom the user does not trust, also once that is no longer so', () => {
    const { board, trust, events, elaborateAll } = testBoard({}, [CURATOR]);
    expect(board.acceptPack(pack([a], 1, { curator: OTHER_CURATOR }))).toEqual({ kind: 'untrusted' });
    board.acceptPack(pack([a, b]));
    board.putBody(a);
    elaborateAll();
    trust.delete(CURATOR.peer);
    board.dropCurator(CURATOR.peer);
    expect([...board.entries()]).toEqual([]);
    expect(board.wanted(10)).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'closed', id: a.id, state: 'removed' });
  });

  test('takes the place of a lower version: what it leaves out goes, priorities change', () => {
    const { board, events, elaborateAll } = testBoard();
    board.acceptPack(pack([a, b]));
    [a, b].forEach((statement) => board.putBody(statement));
    elaborateAll();
    expect(board.acceptPack(pack([b, c], 2, { priority: 9 }))).toEqual({ kind: 'adopted', replaced: 1 });
    expect(board.get(a.id)).toBeUndefined();
    expect(board.get(b.id)).toMatchObject({ state: 'open', priority: 9 });
    expect(board.wanted(10)).toEqual([c.id]);
    expect(events.slice(2)).toMatchObject([
      { type: 'changed' },
      { type: 'closed', id: a.id, state: 'removed' },
    ]);
  });

  test('is refused below the highest version ever seen, also after it was dropped or the node restarted', () => {
    const first = testBoard();
    first.board.acceptPack(pack([a], 5));
    expect(first.board.acceptPack(pack([a], 4))).toEqual({ kind: 'rollback', seen: 5 });
    first.board.dropCurator(CURATOR.peer);
    expect(first.board.acceptPack(pack([a], 4))).toEqual({ kind: 'rollback', seen: 5 });
    const second = testBoard();
    second.board.restore(first.board.snapshot());
    expect(second.board.acceptPack(pack([a], 4))).toEqual({ kind: 'rollback', seen: 5 });
    expect(second.board.acceptPack(pack([a], 5))).toEqual({ kind: 'adopted' });
  });

  test('of one version is taken once; a second one tells of a curator that signs both', () => {
    const { board, events } = testBoard();
    const first = pack([a]);
    board.acceptPack(first);
    expect(board.acceptPack(first)).toEqual({ kind: 'known' });
    expect(board.acceptPack(pack([b]))).toEqual({ kind: 'equivocation', kept: first.id });
    expect(board.wanted(10)).toEqual([a.id]);
    expect(events).toEqual([{ type: 'equivocation', curator: CURATOR.peer, pack: 'p' }]);
  });

  test('leaves alone what another one, or somebody else, asks for too', () => {
    const { board } = testBoard();
    board.acceptPack(pack([a], 1, { priority: 9 }));
    board.acceptPack(pack([a], 1, { curator: OTHER_CURATOR, priority: 2 }));
    board.putBody(a);
    expect(board.get(a.id)).toMatchObject({ priority: 9, sources: [{}, {}] });
    board.acceptPack(pack([b], 2));
    expect(board.get(a.id)).toMatchObject({ priority: 2, sources: [{ curator: OTHER_CURATOR.peer }] });
  });

  test('ends the same in whatever order versions come', () => {
    const versions = [pack([a], 1), pack([a, b], 2), pack([b, c], 3)];
    fc.assert(
      fc.property(fc.shuffledSubarray([...versions, ...versions]), (order: SignedPack[]) => {
        const { board } = testBoard();
        for (const one of order) board.acceptPack(one);
        const latest = order.toSorted((x, y) => y.record.version - x.record.version)[0];
        expect(board.wanted(10).toSorted()).toEqual(
          latest?.record.entries.map(({ statement }) => statement) ?? [],
        );
      }),
    );
  });
});

describe('a notice', () => {
  test('of who put a statement up takes it down; a later pack may ask for it anew', () => {
    const { board } = testBoard();
    board.acceptPack(pack([a, b]));
    board.putBody(a);
    expect(board.acceptNotice(notice({}))).toBe('applied');
    expect(board.get(a.id)).toBeUndefined();
    board.acceptPack(pack([a, b], 2, { createdAt: START }));
    expect(board.wanted(10)).toEqual([b.id]);
    board.acceptPack(pack([a, b], 3, { createdAt: START + 2 }));
    expect(board.wanted(10).toSorted()).toEqual([a.id, b.id].toSorted());
  });

  test('of anyone else has no standing, save that trusted curators may call a statement misstated', () => {
    const { board, events, elaborateAll } = testBoard();
    board.acceptPack(pack([a]));
    board.putBody(a);
    elaborateAll();
    expect(board.acceptNotice(notice({}, STRANGER))).toBe('no-standing');
    expect(board.acceptNotice(notice({ status: 'misstated' }, STRANGER))).toBe('no-standing');
    expect(board.acceptNotice(notice({}, OTHER_CURATOR))).toBe('no-standing');
    expect(board.get(a.id)?.state).toBe('open');
    expect(board.acceptNotice(notice({ status: 'misstated' }, OTHER_CURATOR))).toBe('applied');
    expect(board.get(a.id)).toMatchObject({ state: 'invalid', detail: 'why' });
    expect(events.at(-1)).toEqual({ type: 'closed', id: a.id, state: 'invalid' });
    expect(board.acceptNotice(notice({ statement: b.id }))).toBe('unknown-statement');
  });

  test('outlasts a restart, and changes nothing about what is proved', () => {
    const first = testBoard();
    first.board.acceptPack(pack([a, b]));
    first.board.putBody(a);
    first.board.putBody(b);
    first.board.acceptNotice(notice({ status: 'misstated' }, OTHER_CURATOR));
    first.board.acceptNotice(notice({ status: 'misstated', statement: b.id }, OTHER_CURATOR));
    const second = testBoard();
    second.verified.set(proofId('b'), b.id);
    second.board.restore(first.board.snapshot());
    second.board.putBody(a);
    second.board.putBody(b);
    expect(second.board.get(a.id)?.state).toBe('invalid');
    expect(second.board.get(b.id)?.state).toBe('solved');
  });
});

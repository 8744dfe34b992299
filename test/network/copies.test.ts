import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { MAX_PROOFS_OF_FINDER } from '../../core/node/swarm/unwanted.ts';
import { signProof, type ClaimedProof } from '../../core/record/index.ts';
import { claimOf, identityOf, START_TIME } from './support/claims.ts';
import { MemoryStore } from './support/memory-store.ts';
import { LOOPBACK, startNode, stopAll } from './support/swarm.ts';
import { ScriptedLean, WholeNode } from './support/whole-node.ts';

const COPIES = 40;
const copier = identityOf(77);

/** Another's proof, signed again. */
function copy(n: number): ClaimedProof {
  const { signed, statement } = claimOf(1);
  const record = {
    ...signed.record,
    finder: { ...signed.record.finder, peer: copier.peer },
    createdAt: START_TIME + 5000 + n,
  };
  return { signed: signProof(record, copier), statement };
}

test('a proof that is signed again and again fills no bank, and lifts nobody', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-copies-'));
  const node = await WholeNode.start(new ScriptedLean({ takesAll: true }), {
    data,
    identity: identityOf(1000),
    settings: LOOPBACK,
  });
  const copies = Array.from({ length: COPIES }, (_, n) => copy(n));
  const peer = await startNode({ store: new MemoryStore([claimOf(1), ...copies]) });
  onTestFinished(async () => {
    await stopAll([peer]);
    await node.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 10 });
  });
  await peer.network.dial(node.swarm.addresses[0] ?? '');
  const { proofs } = node.node.parts;
  await vi.waitFor(
    () => {
      const { waiting, verification } = node.swarm.status();
      expect([waiting, verification.queued, verification.running]).toEqual([0, 0, 0]);
      expect(proofs.has(claimOf(1).signed.id)).toBe(true);
      expect(proofs.countOf(copier.peer)).toBeGreaterThanOrEqual(MAX_PROOFS_OF_FINDER);
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(proofs.countOf(copier.peer)).toBe(MAX_PROOFS_OF_FINDER);
  expect(proofs.proofOf(claimOf(1).statement.id)?.id).toBe(claimOf(1).signed.id);
  // It was not asked for again, and nobody is blamed.
  expect(node.denied()).toEqual([]);
});

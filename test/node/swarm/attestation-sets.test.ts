import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AttestationFile, type AttestationLimits } from '../../../core/node/swarm/attestation-file.ts';
import { Attestations } from '../../../core/node/swarm/attestations.ts';
import { ATTESTATION_BODY } from '../../../core/node/swarm/kinds.ts';
import {
  contentId,
  createIdentity,
  signAttestation,
  type ContentId,
  type Identity,
  type SignedAttestation,
} from '../../../core/record/index.ts';
import { connect, startNode } from '../../network/support/swarm.ts';

const person = (n: number): Identity => createIdentity(new Uint8Array(32).fill(n));
const [LIGHT, HEAVY] = [person(20), person(21)];

const said = (by: Identity, record: number, createdAt = record): SignedAttestation =>
  signAttestation(
    { record: contentId(record), checker: { name: 'c', version: '1' }, peer: by.peer, createdAt },
    by,
  );

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 10, timeout: 10_000 }).toBe(true);

/** A node in a real network, and what others have asked it for. */
async function nodeWith(limits: Partial<AttestationLimits> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-attestation-sets-'));
  const file = await AttestationFile.open(
    directory,
    { own: person(1).peer, proofsOf: (peer) => (peer === HEAVY.peer ? 2 : 1) },
    limits,
  );
  const faults: unknown[] = [];
  const attestations = new Attestations({ file, holds: () => true, onFault: (error) => faults.push(error) });
  const asked: ContentId[] = [];
  const node = await startNode({
    settings: { sync: { settleMs: 100, intervalMs: 300 } },
    components: {
      sets: [attestations.set()],
      bodies: new Map([
        [
          ATTESTATION_BODY.name,
          (id, options) => {
            asked.push(id);
            return attestations.body(id, options);
          },
        ],
      ]),
    },
  });
  attestations.join(node.network);
  onTestFinished(async () => {
    await node.network.stop();
    await attestations.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return { node, file, attestations, asked };
}

test('what another takes the place of is offered to nobody any more', async () => {
  const a = await nodeWith({ perRecord: 1 });
  const [light, heavy, further] = [said(LIGHT, 1), said(HEAVY, 1), said(LIGHT, 2)];
  expect(await a.attestations.add(light)).toBe(true);
  expect(await a.attestations.add(heavy)).toBe(true);
  const b = await nodeWith();
  await connect(b.node, a.node);
  await until(() => b.file.has(heavy.id));
  await a.attestations.add(further);
  await until(() => b.file.has(further.id));
  expect(a.asked).toEqual([heavy.id, further.id]);
});

test('what is added and dropped at once is not offered either', async () => {
  const a = await nodeWith({ perRecord: 1 });
  const [first, light, heavy] = [said(LIGHT, 2), said(LIGHT, 1), said(HEAVY, 1)];
  // The first is written alone, and the others together.
  const added = await Promise.all([first, light, heavy].map((one) => a.attestations.add(one)));
  expect(added).toEqual([true, false, true]);
  const b = await nodeWith();
  await connect(b.node, a.node);
  await until(() => b.file.has(heavy.id) && b.file.has(first.id));
  const further = said(HEAVY, 3);
  await a.attestations.add(further);
  await until(() => b.file.has(further.id));
  expect(a.asked).not.toContain(light.id);
});

test('nodes that were told different things of one peer agree', async () => {
  const [a, b] = [await nodeWith(), await nodeWith()];
  const [one, other] = [said(LIGHT, 1, 1), said(LIGHT, 1, 2)];
  const [least] = [one.id, other.id].sort();
  await a.attestations.add(one);
  await b.attestations.add(other);
  await connect(b.node, a.node);
  const held = (): ContentId[][] => [a, b].map(({ file }) => [...file.all()].map(({ id }) => id));
  await until(() =>
    held()
      .flat()
      .every((id) => id === least),
  );
  expect(held()).toEqual([[least], [least]]);
});

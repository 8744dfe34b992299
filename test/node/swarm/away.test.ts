import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBank } from '../../../core/memory/index.ts';
import { negationOf } from '../../../core/node/swarm/disproofs.ts';
import {
  createIdentity,
  encodeAttestation,
  makeStatement,
  signAttestation,
  type Statement,
} from '../../../core/record/index.ts';
import { numbered, prove, type Proven } from '../../memory/proofs.ts';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

type Node = Awaited<ReturnType<typeof openQuietNode>>;
const WAIT = { timeout: 60_000, interval: 50 };

/** Of an environment that no node here has: it is exchanged, and no Lean is started for it. */
const far = (name: string): Statement =>
  makeStatement({
    environment: { lean: '4.9.0', library: 'mathlib', revision: 'v4.9.0' },
    header: 'import Mathlib',
    formal: `theorem ${name} (x : ℝ) : x = x + 1`,
    name,
  });

async function join(node: Node, to?: string): Promise<string> {
  node.network.follow();
  await node.client.call('settings.update', settings(true));
  await becomes(node.client, 'on');
  if (to !== undefined) await node.client.call('network.dial', { address: to });
  return node.network.swarm?.addresses[0] ?? '';
}

const leave = async ({ client }: Node): Promise<void> => {
  await client.call('settings.update', settings(false));
  await becomes(client, 'off');
};
const rejoin = async ({ client }: Node, to: string): Promise<void> => {
  await client.call('settings.update', settings(true));
  await becomes(client, 'on');
  await client.call('network.dial', { address: to });
};

async function publish({ client, node }: Node, statements: readonly Statement[], name: string) {
  await node.service.statements.add(statements);
  const ids = statements.map(({ id }) => id);
  return client.call('statements.publish', { statements: ids, name, description: '', licence: 'CC0-1.0' });
}

const statuses = async ({ client }: Node): Promise<Record<string, string>> => {
  const { items } = await client.call('statements.list', {});
  return Object.fromEntries(items.map(({ name, status }) => [name, status]));
};
const sees = (node: Node, expected: Record<string, string>): Promise<void> =>
  vi.waitFor(async () => expect(await statuses(node)).toEqual(expected), WAIT);

const withProof =
  ({ proof, signed }: Proven) =>
  async (data: string): Promise<void> => {
    await using bank = await openBank({ directory: path.join(data, 'bank') });
    await bank.insert(proof, signed);
  };

test('who was away learns what others have re-checked meanwhile', async () => {
  const proven = prove(numbered(1));
  const witness = createIdentity(new Uint8Array(32).fill(5));
  const attestation = signAttestation(
    { record: proven.signed.id, checker: { name: 'other', version: '1' }, peer: witness.peer, createdAt: 1 },
    witness,
  );
  // Whoever has proved nothing is not believed to have re-checked anything.
  const nobody = createIdentity(new Uint8Array(32).fill(6));
  const idle = signAttestation({ ...attestation.record, peer: nobody.peer }, nobody);
  const earned = prove(numbered(3), { finder: witness });
  const unknown = signAttestation(
    {
      record: prove(numbered(2)).signed.id,
      checker: { name: 'other', version: '1' },
      peer: witness.peer,
      createdAt: 2,
    },
    witness,
  );
  const a = await openQuietNode(async (data) => {
    await withProof(proven)(data);
    await withProof(earned)(data);
    await withProof(prove(far('theirs'), { finder: nobody }))(data);
    await mkdir(path.join(data, 'swarm'), { recursive: true });
    const lines = [unknown, idle, attestation].map((one) =>
      Buffer.from(encodeAttestation(one)).toString('base64'),
    );
    await writeFile(path.join(data, 'swarm/attestations.b64'), `${lines.join('\n')}\n`);
  });
  const b = await openQuietNode(async (data) => {
    await withProof(proven)(data);
    await withProof(earned)(data);
  });
  await join(b, await join(a));
  await vi.waitFor(async () => {
    const { proof } = await b.client.call('bank.proof', { proof: proven.signed.id });
    expect(proof.attestations).toEqual([
      { peer: witness.peer, checker: { name: 'other', version: '1' }, createdAt: 1 },
    ]);
  }, WAIT);
});

test(
  'who was away learns what was withdrawn and disproved meanwhile, and tells those who come later',
  { timeout: 180_000 },
  async () => {
    const [kept, dropped, wrong] = [far('kept'), far('dropped'), far('wrong')];
    const negation = negationOf(wrong);
    if (negation === undefined) throw new Error('it has one');
    const disproof = prove(negation);
    const a = await openQuietNode();
    // What it believes of its own bank stands in for a Lean that could judge it.
    const [b, late] = [await openQuietNode(withProof(disproof)), await openQuietNode(withProof(disproof))];
    const address = await join(a);
    await join(b, address);
    await publish(a, [kept, dropped, wrong], 'three');
    await sees(b, { kept: 'unverified', dropped: 'unverified', wrong: 'unverified' });
    await leave(b);

    await a.client.call('statements.notice', { statement: dropped.id, status: 'withdrawn' });
    await a.node.parts.bank.insert(disproof.proof, disproof.signed);
    a.node.service.added(disproof.signed, negation, 'found');
    await vi.waitFor(async () => expect(await statuses(a)).toMatchObject({ wrong: 'disproved' }), WAIT);

    await rejoin(b, address);
    await sees(b, { kept: 'unverified', wrong: 'disproved' });
    const other = b.network.swarm?.addresses[0] ?? '';
    await leave(a);
    await join(late, other);
    await sees(late, { kept: 'unverified', wrong: 'disproved' });
  },
);

test(
  'a pack of a later version takes the place of the one before, everywhere',
  { timeout: 120_000 },
  async () => {
    const [one, two] = [far('one'), far('two')];
    const [a, b] = [await openQuietNode(), await openQuietNode()];
    const address = await join(a);
    await publish(a, [one], 'set');
    await b.client.call('network.trust', { curator: a.node.parts.identity.peer, label: 'a' });
    await join(b, address);
    await sees(b, { one: 'unverified' });
    const { version } = await publish(a, [one, two], 'set');
    expect(version).toBe(2);
    await sees(b, { one: 'unverified', two: 'unverified' });
    // Its pack is gone with the trust, what it put up by itself is not.
    await b.client.call('network.distrust', { curator: a.node.parts.identity.peer });
    const { curators } = await b.client.call('network.curators', {});
    expect(curators).toEqual([]);
    const refused = b.client.call('statements.notice', { statement: one.id, status: 'withdrawn' });
    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  },
);

import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBank } from '../../../core/memory/index.ts';
import { createIdentity, encodeProfile, signProfile } from '../../../core/record/index.ts';
import { PROFILE_ANNOUNCEMENT } from '../../../core/node/swarm/profile-kinds.ts';
import { numbered, prove } from '../../memory/proofs.ts';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

type Node = Awaited<ReturnType<typeof openQuietNode>>;
const WAIT = { timeout: 30_000, interval: 20 };

async function join(node: Node, to?: string): Promise<string> {
  node.network.follow();
  await node.client.call('settings.update', settings(true));
  await becomes(node.client, 'on');
  if (to !== undefined) await node.client.call('network.dial', { address: to });
  return node.network.swarm?.addresses[0] ?? '';
}

const names = async ({ client }: Node): Promise<(string | undefined)[]> =>
  (await client.call('contributions.leaderboard', {})).items.map(({ name }) => name);

test('what a contributor says of itself reaches those who know a proof of theirs, late ones too', async () => {
  const ada = await openQuietNode();
  const proven = prove(numbered(1), { finder: ada.node.parts.identity });
  const withProof = async (data: string): Promise<void> => {
    await using bank = await openBank({ directory: path.join(data, 'bank') });
    await bank.insert(proven.proof, proven.signed);
  };
  const [ben, stranger] = [await openQuietNode(withProof), await openQuietNode()];
  const address = await join(ada);
  const other = await join(ben, address);
  await vi.waitFor(() => expect(ada.client.state?.network.listeners).toBe(1), WAIT);
  await ada.client.call('contributions.set-profile', { name: 'Ada', team: 'Engines', shareHours: true });
  await vi.waitFor(async () => expect(await names(ben)).toEqual(['Ada']), WAIT);
  expect(await ben.client.call('contributions.teams', {})).toMatchObject({
    items: [{ team: 'Engines', members: 1, proofs: 1 }],
  });
  await ada.network[Symbol.asyncDispose]();
  const late = await openQuietNode(withProof);
  await join(late, other);
  await vi.waitFor(async () => expect(await names(late)).toEqual(['Ada']), WAIT);
  // Whoever has no proof of hers has no use for her name.
  await join(stranger, other);
  await vi.waitFor(() => expect(stranger.client.state?.network.peers).toBe(1), WAIT);
  expect(stranger.node.parts.contributors.book.size).toBe(0);
});

test('nobody speaks for another', () => {
  const [ada, eve] = [1, 2].map((n) => createIdentity(new Uint8Array(32).fill(n)));
  if (ada === undefined || eve === undefined) throw new Error('two');
  const profile = new Uint8Array(
    encodeProfile(signProfile({ peer: ada.peer, name: 'Ada', createdAt: 1 }, ada)),
  );
  expect(PROFILE_ANNOUNCEMENT.check?.({ profile }, ada.peer)).toBe(true);
  expect(PROFILE_ANNOUNCEMENT.check?.({ profile }, eve.peer)).toBe(false);
  expect(PROFILE_ANNOUNCEMENT.check?.({ profile: profile.map((byte) => byte ^ 1) }, ada.peer)).toBe(false);
  const long = new Uint8Array(701);
  expect(PROFILE_ANNOUNCEMENT.schema.safeParse({ profile: long }).success).toBe(false);
});

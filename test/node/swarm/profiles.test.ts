import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openBank } from '../../../core/memory/index.ts';
import type { Network } from '../../../core/network/index.ts';
import { OwnProfile, ProfileBook } from '../../../core/node/contributors/index.ts';
import { ProfileExchange } from '../../../core/node/swarm/profile-exchange.ts';
import {
  encodeProfileList,
  PROFILE_ANNOUNCEMENT,
  PROFILE_LIST_BODY,
  PROFILE_LIST_ID,
} from '../../../core/node/swarm/profile-kinds.ts';
import {
  contentId,
  createIdentity,
  decodeProfile,
  encodeCanonical,
  encodeProfile,
  InvalidRecordError,
  signProfile,
} from '../../../core/record/index.ts';
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

test('a list of profiles is bounded, however many there are and whoever writes it', () => {
  const ids = Array.from({ length: 5001 }, (_, n) => contentId(n));
  const part = PROFILE_LIST_BODY.decode(encodeProfileList(ids), PROFILE_LIST_ID);
  expect(part.length).toBe(5000);
  for (const list of [ids, ['no id'], { ids }]) {
    const decode = () => PROFILE_LIST_BODY.decode(encodeCanonical(list), PROFILE_LIST_ID);
    expect(decode).toThrow(InvalidRecordError);
  }
});

/** An empty one, of somebody with a proof. */
async function openBook() {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-profiles-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const identity = createIdentity(new Uint8Array(32).fill(3));
  const onFault = (error: unknown) => expect.unreachable(String(error));
  const init = { own: identity.peer, proofsOf: () => 1, now: Date.now, onFault };
  const book = await ProfileBook.open(directory, init);
  return { directory, identity, book };
}

test('a node speaks of itself once in five minutes, and then of what holds', async () => {
  const { directory, identity, book } = await openBook();
  const hours = () => ({ gpu: 0, cpu: 0, lean: 0 });
  const own = await OwnProfile.open(directory, { identity, book, hours, now: Date.now });
  const said: (string | undefined)[] = [];
  const network: Pick<Network, 'on' | 'subscribe' | 'peers'> & { announce: unknown } = {
    on: () => () => undefined,
    subscribe: () => () => undefined,
    peers: () => [],
    announce: (_: unknown, { profile }: { profile: Uint8Array }) => {
      said.push(decodeProfile(profile).record.name);
      return Promise.resolve(1);
    },
  };
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const exchange = new ProfileExchange({ book, own });
  exchange.join(network as Network);
  vi.advanceTimersByTime(600_000);
  expect(said).toEqual([]);
  for (const name of ['one', 'two', 'three']) await own.set({ name, shareHours: false });
  expect(said).toEqual(['one']);
  vi.advanceTimersByTime(290_000);
  expect(said).toEqual(['one']);
  vi.advanceTimersByTime(40_000);
  expect(said).toEqual(['one', 'three']);
  vi.advanceTimersByTime(3_600_000);
  expect(said).toEqual(['one', 'three']);
  exchange.leave();
  await own.set({ name: 'four', shareHours: false });
  vi.advanceTimersByTime(3_600_000);
  expect(said).toEqual(['one', 'three']);
  await book.close();
});

test('the list that peers are given is made once for each change of the book', async () => {
  const { identity, book } = await openBook();
  const own = { renew: () => undefined, subscribe: () => () => undefined };
  const exchange = new ProfileExchange({ book, own });
  const read = async (): Promise<Uint8Array> => {
    const list = await exchange.bodies().get(PROFILE_LIST_BODY.name)?.(PROFILE_LIST_ID, {
      signal: new AbortController().signal,
    });
    if (list === undefined) throw new Error('it is there');
    return list.bytes;
  };
  expect(PROFILE_LIST_BODY.decode(await read(), PROFILE_LIST_ID)).toEqual([]);
  const profile = signProfile({ peer: identity.peer, name: 'Ada', createdAt: 1 }, identity);
  book.putOwn(profile);
  const bytes = await read();
  expect(PROFILE_LIST_BODY.decode(bytes, PROFILE_LIST_ID)).toEqual([profile.id]);
  expect(await read()).toBe(bytes);
  await book.close();
});

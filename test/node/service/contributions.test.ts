import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiClient } from '../../../core/api/index.ts';
import { openNode, type OpenNode } from '../../../core/node/service/index.ts';
import { localDay } from '../../../core/node/local-day.ts';
import { createIdentity, signProfile, type Identity } from '../../../core/record/index.ts';
import { numbered, prove } from '../../memory/proofs.ts';
import { TEST_CACHE } from '../../support/paths.ts';

const [ADA, BEN, CY] = [11, 12, 13].map((n) => createIdentity(new Uint8Array(32).fill(n))) as [
  Identity,
  Identity,
  Identity,
];
const TODAY = localDay(Date.now());
const COMPUTE = {
  version: 1,
  total: { gpu: 7200, cpu: 0, lean: 60 },
  days: [
    { day: '2020-02-02', gpu: 0, cpu: 0, lean: 60 },
    { day: TODAY, gpu: 7200, cpu: 0, lean: 0 },
  ],
};
let data: string;
let node: OpenNode;
let client: ApiClient;

function proved(n: number, finder: Identity, createdAt: number): void {
  const { signed } = prove(numbered(n), { finder, createdAt });
  node.service.added(signed, numbered(n), 'imported');
}
const says = (identity: Identity, team: string | undefined, hours?: [gpu: number, cpu: number]): string =>
  node.parts.contributors.book.take(
    signProfile(
      {
        peer: identity.peer,
        name: 'Ada',
        ...(team === undefined ? {} : { team }),
        ...(hours === undefined ? {} : { donated: { gpuSeconds: hours[0], cpuSeconds: hours[1] } }),
        createdAt: Date.now(),
      },
      identity,
    ),
  );

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-contributions-'));
  await writeFile(path.join(data, 'compute.json'), JSON.stringify(COMPUTE));
  node = await openNode({ locations: { data, cache: TEST_CACHE } });
  client = new ApiClient(node.service.transport());
  const own = node.parts.identity;
  proved(1, ADA, 1000);
  proved(2, ADA, 2000);
  // The second proof of statement 2, and so no first.
  proved(2, BEN, 3000);
  proved(3, BEN, 4000);
  proved(4, CY, 5000);
  proved(5, own, Date.now());
});

afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

const refusal = (message: RegExp): object => ({
  code: 'bad-input',
  message: expect.stringMatching(message) as string,
});
const choose = (name: string, team: string, shareHours = false) =>
  client.call('contributions.set-profile', { name, team, shareHours });

test('there are no teams before anybody says so', async () => {
  expect(await client.call('contributions.teams', {})).toEqual({ items: [], total: 0 });
  expect(client.state?.capabilities.find(({ name }) => name === 'teams')).toEqual({
    name: 'teams',
    available: true,
  });
});

describe('name and team', () => {
  test.each([
    ['a name too long', ['x'.repeat(41), ''], /The name cannot be used: longer than 40/],
    ['a team that turns the text round', ['', 'a\u202Eb'], /The team cannot be used: .*U\+202E/],
    ['a name with a control', ['a\u0000b', ''], /The name cannot be used: a NUL/],
    ['piled marks', [`a${'\u0316'.repeat(9)}`, ''], /more than three marks/],
  ] as const)('are refused with words that help: %s', async (_, [name, team], words) => {
    await expect(choose(name, team)).rejects.toMatchObject(refusal(words));
    const { contributions } = await client.call('contributions.mine', {});
    expect(contributions.profile).toEqual({ shareHours: false });
  });

  test('are kept in their normal form, told to the faces, and gone when empty', async () => {
    const told = vi.fn();
    const undo = client.subscribe((update) => {
      if (update.kind === 'event' && update.event.type === 'contributions:changed') told();
    });
    const { profile } = await choose('  Ada   Lovelace ', 'Zoe\u0308', true);
    expect(profile).toEqual({ name: 'Ada Lovelace', team: 'Zoë', shareHours: true });
    expect(JSON.parse(await readFile(path.join(data, 'profile.json'), 'utf8'))).toMatchObject(profile);
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
    expect((await choose('', ' ')).profile).toEqual({ shareHours: false });
    undo();
  });
});

test('my contributions have hours by kind and by day, beside the proofs', async () => {
  const { contributions } = await client.call('contributions.mine', {});
  expect(contributions).toMatchObject({
    proofs: 1,
    firsts: 1,
    donated: { gpuSeconds: 7200, cpuSeconds: 0, leanSeconds: 60 },
    days: [
      { day: '2020-02-02', proofs: 0, gpuSeconds: 0, cpuSeconds: 0, leanSeconds: 60 },
      { day: TODAY, proofs: 1, gpuSeconds: 7200, cpuSeconds: 0, leanSeconds: 0 },
    ],
  });
});

test('the leaderboard is of signed proofs, with what each says of itself beside', async () => {
  says(ADA, 'Engines', [3600, 60]);
  await choose('Me', 'ENGINES', true);
  const { items, total } = await client.call('contributions.leaderboard', {});
  expect(total).toBe(4);
  expect(items[0]).toMatchObject({
    rank: 1,
    peer: ADA.peer,
    name: 'Ada',
    team: 'Engines',
    proofs: 2,
    firsts: 2,
    hours: { gpuSeconds: 3600, cpuSeconds: 60 },
  });
  expect(items.find(({ own }) => own)).toMatchObject({
    name: 'Me',
    team: 'ENGINES',
    hours: { gpuSeconds: 7200, cpuSeconds: 60 },
  });
  // Nobody has heard from them.
  expect(items.find(({ peer }) => peer === CY.peer)).not.toHaveProperty('name');
});

test('a team has what its members have proved, and what they say they gave', async () => {
  expect(says(BEN, 'Engines', [400, 0])).toBe('taken');
  expect(says(CY, 'Other')).toBe('taken');
  const { items } = await client.call('contributions.teams', {});
  expect(items).toMatchObject([
    // Statement 2 was proved by two of them, and counts once.
    {
      rank: 1,
      team: 'Engines',
      members: 3,
      proofs: 5,
      firsts: 4,
      statements: 4,
      hours: { gpuSeconds: 3600 + 400 + 7200, cpuSeconds: 120 },
      own: true,
    },
    { rank: 2, team: 'Other', members: 1, proofs: 1, lastAt: 5000, own: false },
  ]);
  const first = await client.call('contributions.teams', { limit: 1 });
  expect(first).toMatchObject({ items: [{ team: 'Engines' }], next: '1', total: 2 });
  const second = await client.call('contributions.teams', { limit: 1, cursor: first.next ?? '' });
  expect(second.items.map(({ team }) => team)).toEqual(['Other']);
  expect(second).not.toHaveProperty('next');
  // Another proof counts at once.
  proved(6, CY, 6000);
  expect((await client.call('contributions.teams', {})).items[1]).toMatchObject({ proofs: 2 });
  await choose('', '');
  const left = await client.call('contributions.teams', {});
  expect(left.items[0]).toMatchObject({ members: 2, own: false });
});

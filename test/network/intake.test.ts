import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { Intake } from '../../core/network/announce/intake.ts';
import type { AnnouncementKind } from '../../core/network/announce/kinds.ts';
import { OWN_SHARE, share } from '../../core/network/announce/rates.ts';
import { SWARM_TOPIC } from '../../core/network/announce/topics.ts';
import { networkSettingsSchema } from '../../core/network/settings.ts';
import { TokenBucket } from '../../core/network/wire/token-bucket.ts';
import { identityOf } from './support/claims.ts';
import { announcement, publication } from './support/gossip-frames.ts';
import { HostilePeer, subscription } from './support/hostile.ts';
import { connect, eventsOf, startNode } from './support/swarm.ts';

const { announcements } = networkSettingsSchema.parse({});
const NOTICE: AnnouncementKind<{ text: string }> = {
  name: 'notice',
  scope: 'swarm',
  schema: z.strictObject({ text: z.string().max(100) }),
  keyOf: (body) => body.text,
};

test('what a node takes of many and says itself stays below what its neighbours take, lines that stall included', () => {
  const intake = new Intake(announcements, 0);
  const own = new TokenBucket(share(announcements.perAuthor, OWN_SHARE), 0);
  const byNeighbour = new TokenBucket(announcements.perPeer, 0);
  const bytes = new TokenBucket(announcements.bytesPerPeer, 0);
  let waiting: number[] = [];
  let passedOn = 0;
  for (let now = 0; now < 120_000; now += 10) {
    // Thirty neighbours, each just below what is a flood.
    for (let n = 0; n < 30; n++) if (intake.take(`author ${n}`, `peer ${n}`, 1023, now)) waiting.push(1400);
    if (own.take(1, now)) waiting.push(1400);
    // For the first and for another five seconds nothing gets through.
    if (now < 5000 || (now > 60_000 && now < 65_000)) continue;
    for (const size of waiting) expect(byNeighbour.take(1, now) && bytes.take(size, now)).toBe(true);
    passedOn += waiting.length;
    waiting = [];
  }
  expect(passedOn).toBeGreaterThan(120 * 40);
});

test('two who flood do not take the place of those who pass on little, or speak for themselves', () => {
  const intake = new Intake(announcements, 0);
  let heard = 0;
  for (let now = 0; now < 60_000; now += 10) {
    for (const flood of ['m', 'n']) intake.take(`author ${now % 25}`, flood, 300, now);
    if (now % 500 !== 0) continue;
    if (intake.take('far', 'passer', 300, now)) heard++;
    if (intake.take('near', 'near', 300, now)) heard++;
  }
  expect(heard).toBe(240);
});

test('a node that two flood in the names of many passes on so little that its neighbour does not blame it', async () => {
  const make = async (n: number) => {
    const node = await startNode({ n, components: { kinds: [NOTICE] } });
    onTestFinished(() => node.network.stop());
    return node;
  };
  const [flooded, neighbour] = [await make(601), await make(602)];
  await connect(neighbour, flooded);
  await expect
    .poll(() => [flooded, neighbour].map(({ network }) => network.stats().listeners), { timeout: 20_000 })
    .toEqual([1, 1]);
  // Without a mesh nothing is passed on at once.
  const texts = { flooded: new Set<string>(), neighbour: new Set<string>() };
  flooded.network.on(NOTICE, ({ body }) => texts.flooded.add(body.text));
  neighbour.network.on(NOTICE, ({ body }) => texts.neighbour.add(body.text));
  const liars: HostilePeer[] = [];
  for (let l = 0; l < 2; l++) {
    const liar = await HostilePeer.raw();
    onTestFinished(() => liar[Symbol.asyncDispose]());
    await liar.gossip(flooded, subscription(SWARM_TOPIC));
    liars.push(liar);
  }
  const flood = async (liar: HostilePeer, l: number): Promise<void> => {
    for (let i = 0; i < 1000; i++) {
      const author = identityOf(60_000 + l * 100 + (i % 25));
      const data = announcement('notice', { text: `${l} ${i}` });
      await liar.gossip(flooded, await publication(author, SWARM_TOPIC, data));
    }
  };
  await Promise.all(liars.map(flood));
  const decided = (): number => texts.flooded.size + eventsOf(flooded, 'announcement-refused').length;
  await expect.poll(decided, { timeout: 30_000 }).toBe(2000);
  const blamed = () => eventsOf(neighbour, 'peer-penalised');
  const heard = (): number => texts.neighbour.size + eventsOf(neighbour, 'announcement-refused').length;
  await expect
    .poll(() => blamed().length > 0 || heard() >= texts.flooded.size, { timeout: 30_000 })
    .toBe(true);
  expect(blamed()).toEqual([]);
  expect(texts.neighbour.size).toBeGreaterThan(100);
  expect(eventsOf(flooded, 'peer-penalised')).toEqual([]);
}, 90_000);

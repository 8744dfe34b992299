import { expect, onTestFinished, test } from 'vitest';
import { askForBodies, type Answer } from '../../core/network/records/ask.ts';
import { PROOF_BODY } from '../../core/network/records/fetcher.ts';
import { encodeRequest } from '../../core/network/records/protocol.ts';
import type { RecordsServer } from '../../core/network/records/server.ts';
import type { Offence } from '../../core/network/reputation/offences.ts';
import { Patience } from '../../core/network/reputation/patience.ts';
import type { WriteOptions } from '../../core/network/wire/channel.ts';
import { digestOf } from '../../core/network/wire/digest.ts';
import { pause } from '../../core/network/wire/race.ts';
import type { ClaimedProof } from '../../core/record/index.ts';
import { claimsOf } from './support/claims.ts';
import { MemoryChannel } from './support/memory-channel.ts';
import { MemoryStore } from './support/memory-store.ts';
import { LIMITS, serverOf } from './support/records-server.ts';

const INIT = { frameTimeoutMs: 2000, answerTimeoutMs: 20_000, signal: new AbortController().signal };
/** For each frame, of the 300 ms that it may take. */
const READING_MS = 100;

const claims = claimsOf(0, 24);
const requestOf = (some: readonly ClaimedProof[]): Uint8Array =>
  encodeRequest({ kind: 'proof', digests: some.map(({ signed }) => digestOf(signed.id)) });

/** A channel whose other end takes its time over each frame. */
function slowly([own, other]: [MemoryChannel, MemoryChannel]): [MemoryChannel, MemoryChannel] {
  const write = other.write.bind(other);
  other.write = async (frame: Uint8Array, options: WriteOptions): Promise<void> => {
    await write(frame, options);
    await pause(READING_MS, options.signal);
  };
  return [own, other];
}

test('a peer that reads slowly holds a slot for so long only, and gets the rest when it asks again', async () => {
  const blamed: Offence[] = [];
  const patience = new Patience({ emit: () => undefined });
  const server = serverOf(new MemoryStore(claims), blamed, undefined, patience, undefined, 900);
  const got = new Set<string>();
  let answers = 0;
  for (; got.size < claims.length && answers < 10; answers++) {
    const [own, other] = slowly(MemoryChannel.pair());
    const open = claims.map(({ signed }) => signed.id).filter((id) => !got.has(id));
    const began = performance.now();
    const [answer]: [Answer<ClaimedProof>, unknown] = await Promise.all([
      askForBodies(own, PROOF_BODY, open, INIT),
      server.serve('slow', other),
    ]);
    // 600 ms and one frame, and what else a busy machine does; all of it would take 2400.
    expect(performance.now() - began).toBeLessThan(1500);
    expect(answer.error).toBeUndefined();
    expect(answer.bodies.length).toBeGreaterThan(1);
    for (const { id } of answer.bodies) got.add(id);
  }
  expect(got.size).toBe(claims.length);
  expect(answers).toBeGreaterThan(2);
  expect(blamed).toEqual([]);
  expect(patience.restLeft('slow')).toBe(0);
});

/** Has a peer ask and read nothing until the test is over. Returns its channel's end at the server. */
async function stall(server: RecordsServer, peer: string): Promise<MemoryChannel> {
  const [own, other] = MemoryChannel.pair();
  other.write = (_, { signal }) => pause(600_000, signal);
  await own.write(requestOf(claims), LIMITS);
  void server.serve(peer, other);
  return other;
}

test('eight peers that do not read leave slots to others', async () => {
  const server = serverOf(new MemoryStore(claims));
  onTestFinished(() => server.stop());
  const served = new Map<string, number>();
  for (let n = 0; n < 8; n++) {
    for (let stream = 0; stream < 4; stream++) {
      const other = await stall(server, `slow ${n}`);
      if (other.error === undefined) served.set(`slow ${n}`, (served.get(`slow ${n}`) ?? 0) + 1);
    }
  }
  // The first have several, as long as there is plenty.
  expect([...served.values()]).toEqual([4, 4, 4, 4, 1, 1, 1, 1]);
  const [own, other] = MemoryChannel.pair();
  const [answer] = await Promise.all([
    askForBodies(
      own,
      PROOF_BODY,
      claims.map(({ signed }) => signed.id),
      INIT,
    ),
    server.serve('honest', other),
  ]);
  expect(answer.bodies).toHaveLength(claims.length);
});

import { expect, onTestFinished, test } from 'vitest';
import { Patience } from '../../core/network/reputation/patience.ts';
import { RecordSet } from '../../core/network/sync/record-set.ts';
import { runSyncSession } from '../../core/network/sync/session.ts';
import { Syncer, type SyncerInit } from '../../core/network/sync/syncer.ts';
import { localSet } from './support/keys.ts';
import { MemoryChannel } from './support/memory-channel.ts';

const emit = (): void => undefined;
const onNeeded = (): Promise<{ room: boolean; proved: number }> => Promise.resolve({ room: true, proved: 0 });
const never = new Promise<void>(() => undefined);

/** A syncer and peers with equal sets, each of which answers when the test lets it. */
function syncerOf(answering: (peer: string) => Promise<unknown>, init: Partial<SyncerInit> = {}) {
  const started: string[] = [];
  const patience = new Patience({ emit });
  const syncer = new Syncer(
    {
      set: localSet(new RecordSet()),
      emit,
      now: () => 0,
      open: async (peer) => {
        started.push(peer);
        const [own, other] = MemoryChannel.pair();
        void answering(peer).then(() =>
          runSyncSession(
            {
              set: localSet(new RecordSet()),
              channel: other,
              now: () => 0,
              onHello: () => undefined,
              onNeeded,
              onProgress: () => undefined,
            },
            { role: 'responder', frameTimeoutMs: 5000, patienceMs: 60_000 },
          ),
        );
        return Promise.resolve(own);
      },
      penalise: () => undefined,
      patience,
      onClock: () => undefined,
      onNeeded,
      mayBegin: () => true,
    },
    {
      intervalMs: 600_000,
      settleMs: 10,
      maxInbound: 1,
      frameTimeoutMs: 5000,
      sessionTimeoutMs: 60_000,
      ...init,
    },
  );
  onTestFinished(() => syncer.stop());
  syncer.start();
  return { syncer, started, patience };
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 5, timeout: 10_000 }).toBe(true);

test('what comes while a session is running is told soon after it, and not after the whole interval', async () => {
  const answered = Promise.withResolvers<undefined>();
  const { syncer, started } = syncerOf(() => answered.promise);
  syncer.add('peer', { direction: 'outbound' });
  await until(() => started.length === 1);
  syncer.spread();
  answered.resolve(undefined);
  await until(() => started.length === 2);
  expect(started).toHaveLength(2);
});

test('those that came first do not keep another from its turn', async () => {
  const { syncer, started } = syncerOf(() => Promise.resolve(), { intervalMs: 1 });
  const peers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  for (const peer of peers) syncer.add(peer, { direction: 'inbound' });
  await until(() => started.length >= 2 * peers.length);
  expect([...new Set(started)].sort()).toEqual(peers);
});

test('who keeps a session until its time is over is left alone for a while', async () => {
  const { syncer, started, patience } = syncerOf(() => never, { sessionTimeoutMs: 100 });
  syncer.add('peer', { direction: 'outbound' });
  await until(() => started.length === 1);
  await until(() => patience.restLeft('peer') > 0);
  await expect(syncer.syncWith('peer')).rejects.toThrow('the session took too long');
});

import { expect, onTestFinished, test } from 'vitest';
import { Patience } from '../../core/network/reputation/patience.ts';
import { RecordSet } from '../../core/network/sync/record-set.ts';
import { runSyncSession } from '../../core/network/sync/session.ts';
import { Syncer } from '../../core/network/sync/syncer.ts';
import { localSet } from './support/keys.ts';
import { MemoryChannel } from './support/memory-channel.ts';

const emit = (): void => undefined;

/** A syncer and one peer with an equal set, which answers when the test lets it. */
function syncerOf(answering: () => Promise<unknown>) {
  const started: number[] = [];
  const syncer = new Syncer(
    {
      set: localSet(new RecordSet()),
      emit,
      now: () => 0,
      open: async () => {
        started.push(performance.now());
        const [own, other] = MemoryChannel.pair();
        void answering().then(() =>
          runSyncSession(
            {
              set: localSet(new RecordSet()),
              channel: other,
              now: () => 0,
              onHello: () => undefined,
              onNeeded: () => true,
              onProgress: () => undefined,
            },
            { role: 'responder', frameTimeoutMs: 5000 },
          ),
        );
        return Promise.resolve(own);
      },
      penalise: () => undefined,
      patience: new Patience({ emit }),
      onClock: () => undefined,
      onNeeded: () => true,
      mayBegin: () => true,
    },
    { intervalMs: 600_000, settleMs: 10, maxInbound: 1, frameTimeoutMs: 5000, sessionTimeoutMs: 60_000 },
  );
  onTestFinished(() => syncer.stop());
  syncer.start();
  syncer.add('peer', { direction: 'outbound' });
  return { syncer, started };
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 5, timeout: 10_000 }).toBe(true);

test('what comes while a session is running is told soon after it, and not after the whole interval', async () => {
  const answered = Promise.withResolvers<undefined>();
  const { syncer, started } = syncerOf(() => answered.promise);
  await until(() => started.length === 1);
  syncer.spread();
  answered.resolve(undefined);
  await until(() => started.length === 2);
  expect(started).toHaveLength(2);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoardKeeper } from '../../../core/node/swarm/board-keeper.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Every write takes until it is let go. */
function slowDisk() {
  let state = 0;
  let onDisk: number | undefined;
  const writing: { readonly end: (error?: Error) => void }[] = [];
  const troubles: unknown[] = [];
  const keeper = new BoardKeeper({
    write: async () => {
      const snapshot = state;
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      writing.push({ end: (error) => (error === undefined ? resolve(undefined) : reject(error)) });
      await promise;
      onDisk = snapshot;
    },
    onTrouble: (error) => troubles.push(error),
  });
  return {
    keeper,
    writing,
    troubles,
    change: () => {
      state++;
    },
    get onDisk() {
      return onDisk;
    },
  };
}

const began = (disk: ReturnType<typeof slowDisk>, count: number): Promise<void> =>
  vi.waitFor(() => expect(disk.writing).toHaveLength(count));

test('changes that come together are written once, and one write waits for another', async () => {
  const disk = slowDisk();
  const { keeper, writing } = disk;
  for (let n = 0; n < 100; n++) {
    disk.change();
    keeper.soon();
  }
  vi.advanceTimersByTime(60_000);
  await began(disk, 1);
  disk.change();
  keeper.soon();
  vi.advanceTimersByTime(60_000);
  const asked = [keeper.now(), keeper.now()];
  expect(writing).toHaveLength(1);
  writing[0]?.end();
  await began(disk, 2);
  expect(disk.onDisk).toBe(100);
  writing[1]?.end();
  await Promise.all(asked);
  expect(disk.onDisk).toBe(101);
  expect(writing).toHaveLength(2);
});

test('the end waits for what is being written, and the last state is on disk', async () => {
  const disk = slowDisk();
  const { keeper, writing } = disk;
  disk.change();
  const first = keeper.now();
  await began(disk, 1);
  disk.change();
  keeper.soon();
  const stopped = keeper.stop();
  writing[0]?.end();
  await first;
  await began(disk, 2);
  writing[1]?.end();
  await stopped;
  expect(disk.onDisk).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(writing).toHaveLength(2);
});

test('what could not be written is said and written later; who waits for it hears so', async () => {
  const disk = slowDisk();
  const { keeper, writing, troubles } = disk;
  disk.change();
  keeper.soon();
  vi.advanceTimersByTime(60_000);
  await began(disk, 1);
  const full = new Error('the disk is full');
  writing[0]?.end(full);
  await vi.waitFor(() => expect(troubles).toEqual([full]));
  const refused = keeper.now();
  await began(disk, 2);
  writing[1]?.end(full);
  await expect(refused).rejects.toBe(full);
  const stopped = keeper.stop();
  await began(disk, 3);
  writing[2]?.end();
  await stopped;
  expect(disk.onDisk).toBe(1);
});

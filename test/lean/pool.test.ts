import { expect, test, vi } from 'vitest';
import { LeanUnavailableError } from '../../core/lean/index.ts';
import type { LeanPool, RunOptions } from '../../core/lean/pool.ts';
import { PREPARED } from '../support/lean.ts';
import { COMPILED, EASY, elaborate, ENDLESS, LIMITS, openPool } from './open-pool.ts';

/** Waits until a process is no more; giving back a gigabyte takes the system a moment. */
async function gone(pid: number | undefined): Promise<void> {
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
}

/** The process that is at work on its second request; one that is only reserved has not begun, and survives an abort. */
function busyPid(pool: LeanPool): number {
  return pool.workers.find((worker) => worker.busy && worker.requests >= 2)?.pid ?? 0;
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a check that takes too long is killed, and the spare serves the next one', async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  const check = pool.run(ENDLESS, { timeoutMs: 1000 });
  await vi.waitFor(() => expect(busyPid(pool)).not.toBe(0));
  const pid = busyPid(pool);
  const reply = await check;
  expect(reply).toMatchObject({ kind: 'exhausted', resource: 'time' });
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered', result: { failed: false } });
  await gone(pid);
  expect(pool.workers).toHaveLength(2);
});

test('what is waited for is started before the spare', async () => {
  const { pool, started } = openPool();
  await pool.warmUp();
  expect(started).toHaveLength(1);
  await vi.waitFor(() => expect(started).toHaveLength(2), { timeout: 20_000 });
});

test('a clean request that a used worker must not serve brings the spare at once', async () => {
  const { pool, started } = openPool();
  await pool.run(EASY, LIMITS);
  expect(await pool.run(EASY, { ...LIMITS, clean: true })).toMatchObject({ kind: 'answered' });
  expect(started).toHaveLength(2);
  expect(pool.workers).toHaveLength(2);
});

test('an aborted check ends at once, and one that goes on takes its worker with it', async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  const controller = new AbortController();
  const check = pool.run(ENDLESS, { ...LIMITS, signal: controller.signal });
  await vi.waitFor(() => expect(busyPid(pool)).not.toBe(0));
  const pid = busyPid(pool);
  controller.abort(new Error('enough'));
  await expect(check).rejects.toThrow('enough');
  await gone(pid);
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered' });
});

test('an aborted check that is soon done costs no worker', async () => {
  const { pool, started } = openPool({ spares: 0 });
  await pool.run(EASY, LIMITS);
  const controller = new AbortController();
  const check = pool.run(EASY, { ...LIMITS, signal: controller.signal });
  await vi.waitFor(() => expect(busyPid(pool)).not.toBe(0), { interval: 1 });
  controller.abort(new Error('enough'));
  await expect(check).rejects.toThrow('enough');
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered', result: { failed: false } });
  expect(started).toHaveLength(1);
});

test('a check aborted while it waits for a worker leaves the others alone', async () => {
  const { pool, started } = openPool({ spares: 0 });
  await pool.run(EASY, LIMITS);
  const controller = new AbortController();
  const first = pool.run(
    elaborate('theorem a (a b c : Nat) (h : a < b) : a * 2 + c < b * 2 + c := by grind'),
    LIMITS,
  );
  const waiting = pool.run(EASY, { ...LIMITS, signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(await first).toMatchObject({ kind: 'answered' });
  expect(started).toHaveLength(1);
});

test('a worker killed from outside in the middle of a check is reported as a crash and replaced', async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  const check = pool.run(ENDLESS, LIMITS);
  await vi.waitFor(() => expect(busyPid(pool)).not.toBe(0));
  process.kill(busyPid(pool), 'SIGKILL');
  expect(await check).toMatchObject({
    kind: 'crashed',
    detail: expect.stringContaining('SIGKILL') as string,
  });
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered' });
});

test('an idle worker killed from outside is replaced without anyone asking', async () => {
  const { pool, started } = openPool({ spares: 0 });
  await pool.run(EASY, LIMITS);
  process.kill(started[0]?.pid ?? 0, 'SIGKILL');
  await vi.waitFor(() => expect(started).toHaveLength(2));
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered' });
});

test('a check that needs too much memory ends its worker and says so', async () => {
  const { pool } = openPool({ memoryLimitBytes: 1e9 });
  const bomb = elaborate(
    `${COMPILED}partial def grow (xs : List Nat) : IO Unit := match xs with | [] => pure () | _ => grow (1 :: xs)\n#eval grow [1]`,
  );
  const reply = await pool.run(bomb, LIMITS);
  expect(reply).toMatchObject({ kind: 'exhausted', resource: 'memory' });
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered' });
});

test('a worker whose memory has grown is replaced between two checks', async () => {
  const { pool, started } = openPool({ spares: 0, recycleResidentBytes: 1 });
  await pool.run(EASY, LIMITS);
  await pool.run(EASY, LIMITS);
  expect(started.length).toBeGreaterThanOrEqual(2);
  await gone(started[0]?.pid);
});

test('clean requests go to workers that have never seen a submission', async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  const before = new Map(pool.workers.map((worker) => [worker.pid, worker.requests]));
  const used = pool.workers.find((worker) => worker.requests === 1)?.pid;
  for (let i = 0; i < 3; i++) await pool.run(EASY, { ...LIMITS, clean: true });
  expect(before.get(used)).toBe(1);
  expect(pool.workers.find((worker) => worker.pid === used)?.requests).toBe(1);
  expect(Math.max(...pool.workers.map((worker) => worker.requests))).toBe(3);
});

test("this user's clean requests go to workers that have never seen anything of a peer's", async () => {
  const { pool } = openPool({ size: 1, spares: 1 });
  const clean = { ...LIMITS, clean: true } as const;
  const peer = { ...clean, origin: 'peer', peer: 'a' } as const;
  const served = async (options: RunOptions): Promise<number | undefined> => {
    const before = new Map(pool.workers.map(({ pid, requests }) => [pid, requests]));
    expect(await pool.run(EASY, options)).toMatchObject({ kind: 'answered' });
    return pool.workers.find(({ pid, requests }) => requests > (before.get(pid) ?? 0))?.pid;
  };
  const foreign = await served(peer);
  const own = await served({ ...clean, origin: 'own' });
  expect(own).not.toBe(foreign);
  // The peers' next goes to the one that has served them, and leaves the other as it is.
  expect(await served(peer)).toBe(foreign);
  expect(await served(clean)).toBe(own);
});

test("this user's submissions go to workers that no peer's have been in, and say whether they have", async () => {
  const { pool } = openPool({ size: 2, spares: 0 });
  await pool.warmUp();
  // A worker tells of its memory when it is ready.
  const ready = () => pool.workers.filter(({ residentBytes }) => residentBytes > 0);
  await vi.waitFor(() => expect(ready()).toHaveLength(2), { timeout: 60_000 });
  const [own, peer] = [LIMITS, { ...LIMITS, origin: 'peer', peer: 'a' }] as const;
  const both = await Promise.all([pool.run(EASY, peer), pool.run(EASY, own)]);
  expect(both).toMatchObject([{ shared: true }, { shared: false }]);
  for (let i = 0; i < 2; i++) {
    expect(await pool.run(EASY, peer)).toMatchObject({ kind: 'answered', shared: true });
    expect(await pool.run(EASY, own)).toMatchObject({ kind: 'answered', shared: false });
  }
  expect(pool.workers.map(({ requests }) => requests)).toEqual([3, 3]);
  // The only free one is better than to wait.
  const beside = await Promise.all([pool.run(EASY, own), pool.run(EASY, own)]);
  expect(beside).toMatchObject([{ shared: false }, { shared: true }]);
});

test('a pool of one worker gives it up where a peer has been served and this user asks', async () => {
  const { pool } = openPool({ size: 1, spares: 0 });
  await pool.run(EASY, { ...LIMITS, clean: true, origin: 'peer', peer: 'a' });
  const [foreign] = pool.workers;
  expect(await pool.run(EASY, { ...LIMITS, clean: true })).toMatchObject({ kind: 'answered' });
  expect(pool.workers.map(({ pid }) => pid)).not.toContain(foreign?.pid);
});

test('without work the workers are stopped, and started again when there is some', async () => {
  const { pool, started } = openPool({ spares: 0, idleMs: 10 });
  await pool.run(EASY, LIMITS);
  await gone(started[0]?.pid);
  expect(pool.workers).toHaveLength(0);
  expect(await pool.run(EASY, LIMITS)).toMatchObject({ kind: 'answered' });
});

test('a Lean that cannot be started is an error, not a wait without end', async () => {
  const { pool } = openPool({ told: { nonsense: true } });
  await expect(pool.run(EASY, LIMITS)).rejects.toThrow(LeanUnavailableError);
});

test('disposing ends the processes and fails what waits', async () => {
  const { pool, started } = openPool({ spares: 0 });
  await pool.run(EASY, LIMITS);
  const running = pool.run(ENDLESS, LIMITS);
  const waiting = pool.run(EASY, LIMITS);
  const outcome = Promise.allSettled([running, waiting]);
  await pool.dispose();
  expect(await outcome).toMatchObject([
    { value: { kind: 'crashed' } },
    { reason: { name: 'LeanUnavailableError' } },
  ]);
  expect(started.map((process) => isAlive(process.pid))).toEqual([false]);
});

test('a worker ends when the process that started it is killed', async () => {
  const { fork } = await import('node:child_process');
  const parent = fork(new URL('./orphan-parent.ts', import.meta.url), [PREPARED], { stdio: 'ignore' });
  const pid = await new Promise<number>((resolve) => {
    parent.once('message', (message) => resolve(message as number));
  });
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await gone(pid);
});

test("a flood of peers' requests makes own work wait for one of them at most", async () => {
  const { pool } = openPool();
  await pool.run(EASY, LIMITS);
  let done = 0;
  const flood = Array.from({ length: 20 }, (_, i) =>
    pool.run(EASY, { ...LIMITS, origin: 'peer', peer: `p${i % 3}` }).then(() => done++),
  );
  await pool.run(EASY, { ...LIMITS, origin: 'own' });
  expect(done).toBeLessThanOrEqual(2);
  await Promise.all(flood);
});

test('a pool without a spare gives up a used worker for a clean request', async () => {
  const { pool } = openPool({ spares: 0 });
  await pool.run(EASY, LIMITS);
  const [used] = pool.workers;
  expect(await pool.run(EASY, { ...LIMITS, clean: true })).toMatchObject({ kind: 'answered' });
  expect(pool.workers.map(({ pid }) => pid)).not.toContain(used?.pid);
});

test('modules that a worker has loaded are asked of it again', async () => {
  const { pool } = openPool({ size: 2, spares: 0 });
  const std = { ...EASY, imports: ['Init', 'Std.Data.HashMap'] } as const;
  await Promise.all([pool.run(EASY, LIMITS), pool.run(std, LIMITS)]);
  const before = pool.workers.map(({ pid, requests }) => ({ pid, requests }));
  const loaded = before.find(({ requests }) => requests > 0);
  for (let i = 0; i < 3; i++) await pool.run(std, LIMITS);
  const growth = pool.workers.map(({ pid, requests }) => ({
    pid,
    more: requests - (before.find((worker) => worker.pid === pid)?.requests ?? 0),
  }));
  expect(loaded).toBeDefined();
  expect(growth.map(({ more }) => more).toSorted()).toEqual([0, 3]);
});

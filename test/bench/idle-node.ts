import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

/** Of a process, in MB. */
interface Footprint {
  /** All that is in memory, pages of files that other processes share included. */
  readonly resident: number;
  /** Pages that nobody else has, and that are no file's. */
  readonly own: number;
}

interface IdleNode {
  readonly address: string;
  readonly footprint: () => Promise<Footprint>;
  readonly stop: () => Promise<void>;
}

const BIN = path.resolve(import.meta.dirname, '../../core/cli/bin.mjs');
/** Until nothing of the start is left to be done. */
const SETTLE_MS = 30_000;
/** Until two nodes have reconciled. */
const WARM_UP_MS = 10_000;

async function start(directory: string, name: string, args: readonly string[] = []): Promise<IdleNode> {
  const own = [
    'node',
    '--no-prove',
    '--data',
    path.join(directory, name),
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
  ];
  const child = spawn(process.execPath, [BIN, ...own, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PROOFSWARM_CACHE: path.join(directory, 'cache') },
  });
  const exit = once(child, 'exit');
  let address = '';
  for await (const line of createInterface(child.stdout)) {
    address = /Listening on (\S+)/.exec(line)?.[1] ?? '';
    if (address !== '') break;
  }
  child.stdout.resume();
  return {
    address,
    footprint: async () => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      const pids = [String(child.pid), ...children.split(' ').filter((pid) => pid !== '')];
      const each = await Promise.all(pids.map(footprintOf));
      return {
        resident: each.reduce((sum, { resident }) => sum + resident, 0),
        own: each.reduce((sum, { own }) => sum + own, 0),
      };
    },
    stop: async () => {
      child.kill();
      await exit;
    },
  };
}

async function footprintOf(pid: string): Promise<Footprint> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (field: string): number =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return { resident: megabytes('Rss'), own: megabytes('Anonymous') };
}

/** `proofswarm node --no-prove` with the processes that it has started; it has been started before: alone, and one of two that know each other. Linux only. */
export async function idleNodes(): Promise<(string | number)[][]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-bench-'));
  const pair = async (milliseconds: number): Promise<Footprint> => {
    const one = await start(directory, 'one');
    const other = await start(directory, 'other', ['--bootstrap', one.address]);
    await setTimeout(milliseconds);
    const connected = await other.footprint();
    await Promise.all([one.stop(), other.stop()]);
    return connected;
  };
  // What is compiled by these is there for the others.
  await pair(WARM_UP_MS);
  const connected = await pair(SETTLE_MS);
  const single = await start(directory, 'single');
  await setTimeout(SETTLE_MS);
  const lonely = await single.footprint();
  await single.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  const row = (name: string, { resident, own }: Footprint) => [name, resident.toFixed(0), own.toFixed(0)];
  return [row('alone', lonely), row('with a peer', connected)];
}

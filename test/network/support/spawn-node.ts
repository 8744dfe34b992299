import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { NetworkSettingsInput } from '../../../core/network/index.ts';

const PROGRAM = path.join(import.meta.dirname, 'program-node.ts');

export interface SpawnNodeInit {
  readonly data: string;
  /** Of `identityOf`. */
  readonly identity: number;
  /** Proofs that it finds: the first one's number, how many, and the time between them in milliseconds. */
  readonly finds?: { readonly first: number; readonly count: number; readonly pauseMs: number };
  readonly settings?: NetworkSettingsInput;
  /** What stands before the command: `ip netns exec NAME`. */
  readonly within?: readonly string[];
}

/** A whole node in a process of its own. */
export interface SpawnedNode {
  readonly child: ChildProcess;
  readonly address: string;
  /** Ids of the records that came into its bank since it was started. */
  readonly added: ReadonlySet<string>;
  kill(): Promise<void>;
}

/** Starts one, and kills it when the test ends. */
export async function spawnNode(init: SpawnNodeInit): Promise<SpawnedNode> {
  const { data, identity, finds = { first: 0, count: 0, pauseMs: 0 }, settings = {}, within = [] } = init;
  const numbers = [identity, finds.first, finds.count, finds.pauseMs].map(String);
  const command = [...within, process.execPath, PROGRAM, data, ...numbers, JSON.stringify(settings)];
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), closed]);
  if (typeof first[0] !== 'string') throw new Error(`the node ended: ${first.join(' ')}`);
  const added = new Set<string>();
  lines.on('line', (line) => added.add(line));
  return {
    child,
    address: first[0],
    added,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** A directory that goes when the test ends. */
export async function temporaryData(): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-network-'));
  onTestFinished(() => rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return data;
}

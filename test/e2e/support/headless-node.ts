import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { settingsPatchSchema } from '../../../core/api/index.ts';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

const BIN = path.join(PROJECT, 'core/cli/bin.mjs');
const START_MS = 60_000;
const STOP_MS = 10_000;
const curatorsSchema = z.array(z.object({ key: z.string() }));

/** `proofswarm node --web` as a process of its own, over a data directory of its own. */
export interface HeadlessNode extends AsyncDisposable {
  /** Opens the page in a browser, once. */
  readonly invitation: string;
  readonly data: string;
  readonly peer: string;
  /** Multiaddrs under which the node listens; none where it is offline. */
  readonly addresses: readonly string[];
  /** What it has printed so far. */
  readonly output: () => string;
}

export interface NodeOptions {
  /** Of the command line. */
  readonly args?: readonly string[];
  /** As a user has set them and been welcomed before; without, the node starts for the first time. */
  readonly settings?: z.input<typeof settingsPatchSchema>;
  /** Fills the data directory before the node opens it. */
  readonly prepare?: (data: string) => Promise<void>;
}

/** Peers are those that a test names, whatever else runs on this machine. */
export const QUIET_NETWORK = { enabled: true, mdns: false, dht: false, upnp: false } as const;

export async function startNode({ args = [], settings, prepare }: NodeOptions): Promise<HeadlessNode> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-e2e-'));
  const removed = (): Promise<void> => rm(data, { recursive: true, force: true, maxRetries: 5 });
  await knowNoCurator(data);
  if (settings !== undefined) await writeSettings(data, settings);
  await prepare?.(data);
  const child = spawn(process.execPath, [BIN, 'node', '--web', '0', '--data', data, ...args], {
    env: { ...process.env, PROOFSWARM_CACHE: TEST_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  let opened: (url: string) => void = () => undefined;
  const invitation = new Promise<string>((resolve) => (opened = resolve));
  const hear = (chunk: string): void => {
    output += chunk;
    const url = /Open (http:\/\/\S+)/.exec(output)?.[1];
    if (url !== undefined) opened(url);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killed = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await closed;
    clearTimeout(killed);
    await removed();
  };
  const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
  const url = await Promise.race([invitation, closed.then(() => undefined)]);
  clearTimeout(late);
  if (url === undefined) {
    await removed();
    throw new Error(`the node did not come up:\n${output}`);
  }
  // Printed before the invitation.
  const addresses = [...output.matchAll(/^Listening on (\S+)$/gm)].map(([, address = '']) => address);
  const peer = /^Peer (\w+),/m.exec(output)?.[1] ?? '';
  return { invitation: url, data, peer, addresses, output: () => output, [Symbol.asyncDispose]: stop };
}

/** Nothing is on the board but what a test puts there. */
async function knowNoCurator(data: string): Promise<void> {
  const shipped = curatorsSchema.parse(
    JSON.parse(await readFile(path.join(PROJECT, 'resources/statements/curators.json'), 'utf8')),
  );
  const removed = shipped.map(({ key }) => key);
  await mkdir(path.join(data, 'swarm'), { recursive: true });
  await writeFile(path.join(data, 'swarm/curators.json'), JSON.stringify({ version: 1, added: [], removed }));
}

async function writeSettings(data: string, settings: NodeOptions['settings']): Promise<void> {
  const agreement = { licence: 'Apache-2.0', at: Date.now() };
  await writeFile(
    path.join(data, 'settings.json'),
    JSON.stringify({ version: 1, agreement, welcomed: true, lean: { jobs: 1 }, ...settings }),
  );
}

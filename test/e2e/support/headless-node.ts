import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

const BIN = path.join(PROJECT, 'core/cli/bin.mjs');
const START_MS = 60_000;
const STOP_MS = 10_000;

/** `proofswarm node --web` as a process of its own, over a data directory of its own. */
export interface HeadlessNode extends AsyncDisposable {
  /** Opens the page in a browser, once. */
  readonly invitation: string;
  /** What it has printed so far. */
  readonly output: () => string;
}

export async function startNode(...options: readonly string[]): Promise<HeadlessNode> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-e2e-'));
  const child = spawn(process.execPath, [BIN, 'node', '--web', '0', '--data', data, ...options], {
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
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
  const url = await Promise.race([invitation, closed.then(() => undefined)]);
  clearTimeout(late);
  if (url === undefined) {
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
    throw new Error(`the node did not come up:\n${output}`);
  }
  return { invitation: url, output: () => output, [Symbol.asyncDispose]: stop };
}

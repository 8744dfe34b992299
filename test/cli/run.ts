import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable, type Readable } from 'node:stream';
import { expect, onTestFinished, vi } from 'vitest';
import { resultLineSchema, type ResultLine } from '../../core/api/index.ts';
import { main } from '../../core/cli/main.ts';
import type { Terminal } from '../../core/cli/terminal.ts';
import { PROJECT, TEST_CACHE } from '../support/paths.ts';

export const BIN = path.join(PROJECT, 'core/cli/bin.mjs');
/** Loaded machines start Lean slowly. */
export const SLOW = 240_000;

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What has been written so far. */
  readonly text: { out: string; err: string };
  readonly finished: Promise<Finished>;
}

export interface StartOptions {
  readonly data: string;
  readonly cwd?: string;
  /** The Node that starts the command; this test's own unless set. */
  readonly node?: string;
}

/** Starts `proofswarm …` as a process of its own, which is killed when the test ends. */
export function start(args: readonly string[], options: StartOptions): Running {
  return startProgram([options.node ?? process.execPath, BIN, ...args], options);
}

/** Starts any program with the environment that the command gets here. */
export function startProgram([file = '', ...args]: readonly string[], options: StartOptions): Running {
  const child = spawn(file, args, {
    cwd: options.cwd ?? options.data,
    env: { ...process.env, PROOFSWARM_DATA: options.data, PROOFSWARM_CACHE: TEST_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...text }));
  });
  return { child, text, finished };
}

export const run = (args: readonly string[], options: StartOptions): Promise<Finished> =>
  start(args, options).finished;

/** A stream that keeps what is written to it. */
export class Captured extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY = false) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface CapturedTerminal extends Terminal {
  readonly out: Captured;
  readonly err: Captured;
}

export const captured = (isTTY = false): CapturedTerminal => ({
  out: new Captured(isTTY),
  err: new Captured(isTTY),
});

/** Runs the command line in this process: for what starts no Lean. */
export async function runHere(...args: readonly string[]): Promise<Omit<Finished, 'signal'>> {
  const terminal = captured();
  const code = await main(args, terminal);
  return { code, out: terminal.out.text, err: terminal.err.text };
}

/** A directory that goes when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-cli-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Writes a file of these lines and tells its path. */
export async function write(directory: string, name: string, ...lines: readonly string[]): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** The lines of a results file; fails where one is none. */
export async function readResults(file: string): Promise<ResultLine[]> {
  const text = await readFile(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => resultLineSchema.strict().parse(JSON.parse(line)));
}

/** Waits until a file holds so many whole lines. */
export async function linesIn(file: string, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const text = await readFile(file, 'utf8');
      expect(text.split('\n').length - 1).toBeGreaterThanOrEqual(count);
    },
    { timeout: SLOW / 2, interval: 20 },
  );
}

/** The processes below one, nearest first; empty where the system has no /proc. */
export function descendants(pid: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let wave = children.get(pid) ?? []; wave.length > 0;) {
    found.push(...wave);
    wave = wave.flatMap((one) => children.get(one) ?? []);
  }
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    // The second field may hold anything, closing brackets too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ');
    return Number(fields?.[1]);
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A Node of this machine that is too old for the program, where there is one. */
export const oldNode: string | undefined = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .concat('/usr/bin', '/usr/local/bin')
  .map((directory) => path.join(directory, 'node'))
  .find((file) => {
    if (!existsSync(file)) return false;
    const major = Number(/^v(\d+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]);
    return major >= 18 && major < 24;
  });

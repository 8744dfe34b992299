import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program with its arguments, ready to be started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the program finds to read on its descriptors 3, 4, … */
  readonly inputs?: readonly Buffer[];
}

export interface ProcessLimits {
  readonly timeoutMs: number;
  /** Of standard output; a program that writes more is killed. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly errorTail: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly errorTail: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'too-much-output' }
  | { readonly kind: 'not-started'; readonly detail: string };

const ERROR_TAIL = 4096;
/** What a program wrote last may still be in its pipes when it has ended. */
const DRAIN_MS = 2000;

/**
 * Runs a program in a process group of its own, which is killed as a whole when the program ends, runs out of time, writes
 * too much, or the signal is aborted: nothing that it started outlives it, unless it left the group (on Linux the sandbox
 * sees to that too).
 * @param onOutput gets standard output as it comes; if it throws, the program is killed and the error is thrown
 * @throws the signal's reason where it is aborted
 */
export async function runProcess(
  command: Command,
  limits: ProcessLimits,
  onOutput: (chunk: Buffer) => void,
): Promise<ProcessEnd> {
  const { signal, timeoutMs, maxOutputBytes } = limits;
  signal?.throwIfAborted();
  const inputs = command.inputs ?? [];
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: { ...command.env },
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)],
  });
  const [, stdout, stderr, ...writable] = child.stdio as unknown as [null, Readable, Readable, ...Writable[]];
  // A program that ends before it has read everything is no fault of this one.
  for (const [i, stream] of writable.entries()) stream.on('error', () => {}).end(inputs[i]);
  const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
  let verdict: ProcessEnd | undefined;
  let failure: Error | undefined;
  const kill = (): void => killGroup(child.pid);
  const end = (reason: ProcessEnd): void => {
    verdict ??= reason;
    kill();
  };
  const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs);
  let drain: NodeJS.Timeout | undefined;
  signal?.addEventListener('abort', kill, { once: true });
  let bytes = 0;
  let errorTail = '';
  stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxOutputBytes) end({ kind: 'too-much-output' });
    if (verdict !== undefined || failure !== undefined) return;
    try {
      onOutput(chunk);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      kill();
    }
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errorTail = (errorTail + text).slice(-ERROR_TAIL);
  });
  child.on('error', (error) => {
    verdict ??= { kind: 'not-started', detail: error.message };
    // Where the process was never started, nothing closes.
    if (child.pid === undefined) resolve(verdict);
  });
  // What the program has left behind may hold the pipes open, and may have left the group as well.
  child.on('exit', () => {
    kill();
    drain = setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), DRAIN_MS);
  });
  child.on('close', (code, by) => {
    resolve(
      verdict ??
        (by === null
          ? { kind: 'exited', code: code ?? 0, errorTail }
          : { kind: 'killed', signal: by, errorTail }),
    );
  });
  try {
    const result = await promise;
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    return result;
  } finally {
    clearTimeout(timer);
    clearTimeout(drain);
    signal?.removeEventListener('abort', kill);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') {
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
        'error',
        () => {},
      );
    } else process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LineSplitter } from '../../../core/lean/native/lines.ts';
import { withLimits } from '../../../core/lean/native/limits.ts';
import { runProcess, type Command, type ProcessEnd } from '../../../core/lean/native/process.ts';
import type { Asker } from '../../../core/lean/fair-queue.ts';
import { Slots } from '../../../core/lean/native/slots.ts';

const LIMITS = { timeoutMs: 20_000, maxOutputBytes: 1_000_000 };
const shell = (script: string, more: Partial<Command> = {}): Command => ({
  file: '/bin/sh',
  args: ['-c', script],
  env: { PATH: process.env['PATH'] ?? '' },
  ...more,
});

async function run(
  command: Command,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
): Promise<{ end: ProcessEnd; output: string }> {
  let output = '';
  const end = await runProcess(command, { ...LIMITS, ...limits }, (chunk) => (output += chunk.toString()));
  return { end, output };
}

async function pidIn(file: string): Promise<number> {
  return vi.waitFor(async () => {
    const pid = Number(await readFile(file, 'utf8'));
    expect(pid).toBeGreaterThan(0);
    return pid;
  });
}

const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 10_000 });

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-process-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe.skipIf(process.platform === 'win32')('a process', () => {
  test('gives its output, its exit code and the end of what it said on standard error', async () => {
    const { end, output } = await run(shell('echo out; echo err >&2; exit 3'));
    expect({ end, output }).toEqual({
      end: { kind: 'exited', code: 3, errorTail: 'err\n' },
      output: 'out\n',
    });
  });

  test('inherits nothing of the environment', async () => {
    vi.stubEnv('PROOFSWARM_SECRET', 'secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { output } = await run({ file: '/usr/bin/env', args: [], env: { A: 'b' } });
    expect(output).toBe('A=b\n');
  });

  test('reads its inputs on further descriptors, and may end without doing so', async () => {
    const inputs = [Buffer.from('three'), Buffer.alloc(1_000_000)];
    const { end, output } = await run(shell('read -r x <&3; echo "$x"', { inputs }));
    expect({ end, output }).toEqual({ end: { kind: 'exited', code: 0, errorTail: '' }, output: 'three\n' });
  });

  test('is killed with its children when time is up', async () => {
    const file = path.join(await scratch(), 'pid');
    const work = run(shell(`sleep 600 & echo $! > '${file}'; wait`), { timeoutMs: 1000 });
    const child = await pidIn(file);
    expect((await work).end).toEqual({ kind: 'timeout' });
    await gone(child);
  });

  test('leaves no child behind when it ends by itself', async () => {
    const { end, output } = await run(shell('sleep 600 & echo $!'));
    expect(end.kind).toBe('exited');
    await gone(Number(output));
  });

  test('is not waited for where it left a process behind that holds its output', async () => {
    // In a group and session of its own: only the sandbox would have ended it.
    const file = path.join(await scratch(), 'pid');
    const { end } = await run(
      shell(`setsid sh -c 'echo $$ > "${file}"; exec sleep 600' & while [ ! -s '${file}' ]; do :; done`),
    );
    const left = Number(await readFile(file, 'utf8'));
    onTestFinished(() => void process.kill(left, 'SIGKILL'));
    expect(end).toEqual({ kind: 'exited', code: 0, errorTail: '' });
  });

  test('is killed when the signal is aborted, and the reason thrown', async () => {
    const file = path.join(await scratch(), 'pid');
    const abort = new AbortController();
    const work = run(shell(`echo $$ > '${file}'; exec sleep 600`), { signal: abort.signal });
    const expected = expect(work).rejects.toThrow('enough');
    const pid = await pidIn(file);
    abort.abort(new Error('enough'));
    await expected;
    await gone(pid);
  });

  test('is not started where the signal is aborted before', async () => {
    await expect(run(shell('true'), { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow(
      'early',
    );
  });

  test('is killed when it writes without end', async () => {
    expect((await run(shell('while :; do echo yes; done'))).end).toEqual({ kind: 'too-much-output' });
  });

  test('is killed when what it writes is refused', async () => {
    const refuse = (): never => {
      throw new Error('refused');
    };
    await expect(runProcess(shell('echo $$; exec sleep 600'), LIMITS, refuse)).rejects.toThrow('refused');
  });

  test('that is not there is reported', async () => {
    const { end } = await run({ file: '/nowhere/lean', args: [], env: {} });
    expect(end).toMatchObject({ kind: 'not-started', detail: expect.stringContaining('ENOENT') as string });
  });
});

describe.skipIf(process.platform !== 'linux')('limits', () => {
  const limits = { memoryBytes: 200_000_000, cpuSeconds: 1, fileBytes: 10_240 };

  test('end what computes for too long', async () => {
    const { end } = await run(withLimits(shell('while :; do :; done'), limits));
    expect(end).toMatchObject({ kind: 'killed', signal: 'SIGXCPU' });
  });

  test('refuse memory beyond the limit and long files', async () => {
    const file = path.join(await scratch(), 'long');
    const hungry = {
      file: process.execPath,
      args: ['-e', 'console.log(Buffer.alloc(500e6, 1).length)'],
      env: {},
    };
    expect((await run(hungry)).output).toBe('500000000\n');
    expect((await run(withLimits(hungry, limits))).output).toBe('');
    const long = shell(`exec head -c 100000 /dev/zero > '${file}'`);
    const { end } = await run(withLimits(long, limits));
    expect(end).toMatchObject({ kind: 'killed', signal: 'SIGXFSZ' });
    expect((await readFile(file)).length).toBe(10_240);
  });
});

describe('lines', () => {
  test('are put together from pieces, characters cut in two included', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter(100, (line) => lines.push(line));
    for (const byte of Buffer.from('∀ x\n\nα = β\nrest')) splitter.push(Buffer.of(byte));
    expect({ lines, dropped: splitter.dropped }).toEqual({ lines: ['∀ x', '', 'α = β'], dropped: 0 });
  });

  test('that are too long are dropped, and the next one is whole', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter(10, (line) => lines.push(line));
    splitter.push(Buffer.from('short\n'));
    for (let i = 0; i < 10; i++) splitter.push(Buffer.from('too long'));
    splitter.push(Buffer.from('\nnext\n'));
    expect({ lines, dropped: splitter.dropped }).toEqual({ lines: ['short', 'next'], dropped: 1 });
  });
});

describe('slots', () => {
  test('let so many run, in order, and those that wait can be cancelled', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const abort = new AbortController();
    const work = [
      slots.run(async () => {
        await first.promise;
        order.push('first');
      }),
      slots.run(() => Promise.resolve(order.push('cancelled')), { signal: abort.signal }),
      slots.run(() => Promise.resolve(order.push('second'))),
      slots.run(() => Promise.resolve(order.push('third'))),
    ];
    const cancelled = expect(work[1]).rejects.toThrow('no more');
    abort.abort(new Error('no more'));
    await cancelled;
    first.resolve(undefined);
    await Promise.all([work[0], work[2], work[3]]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  test('are taken by own work and by each peer in turn, whoever has asked most', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const ask = (name: string, asker: Asker): Promise<unknown> =>
      slots.run(async () => {
        // What is fair is told by the time that passes.
        const started = performance.now();
        while (performance.now() - started < 2) await Promise.resolve();
        order.push(name);
      }, asker);
    const work = [
      slots.run(() => first.promise, { origin: 'peer', peer: 'greedy' }),
      ...Array.from({ length: 20 }, () => ask('greedy', { origin: 'peer', peer: 'greedy' })),
      ask('modest', { origin: 'peer', peer: 'modest' }),
      ask('own', { origin: 'own' }),
    ];
    first.resolve(undefined);
    await Promise.all(work);
    expect(order.indexOf('own')).toBeLessThan(3);
    expect(order.indexOf('modest')).toBeLessThan(4);
  });

  test('of which some are kept for own work, while peers’ fills the others', async () => {
    const slots = new Slots(1, 1);
    const slow = Promise.withResolvers<undefined>();
    const order: string[] = [];
    const note = (name: string) => () => Promise.resolve(order.push(name));
    const peers = [
      slots.run(() => slow.promise, { origin: 'peer', peer: 'a' }),
      slots.run(note('peer'), { origin: 'peer', peer: 'b' }),
    ];
    await slots.run(note('own'), { origin: 'own' });
    await slots.run(note('own again'), { origin: 'own' });
    slow.resolve(undefined);
    await Promise.all(peers);
    expect(order).toEqual(['own', 'own again', 'peer']);
    // A peer's that takes its turn leaves room for own work beside it.
    const [own1, peer1] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const before = [
      slots.run(() => own1.promise, { origin: 'own' }),
      slots.run(() => peer1.promise, { origin: 'peer', peer: 'a' }),
    ];
    const beside = slots.run(note('beside'), { origin: 'own' });
    own1.resolve(undefined);
    await beside;
    peer1.resolve(undefined);
    await Promise.all(before);
    order.pop();
    // Where no peer is served they are no more than the others.
    const first = Promise.withResolvers<undefined>();
    const own = [
      slots.run(() => first.promise, { origin: 'own' }),
      slots.run(note('second'), { origin: 'own' }),
    ];
    expect(order).toHaveLength(3);
    first.resolve(undefined);
    await Promise.all(own);
    expect(order.at(-1)).toBe('second');
  });

  test('are given back by what fails', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await slots.run(() => Promise.resolve('free'))).toBe('free');
  });
});

import { createServer } from 'node:net';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runProcess, type ProcessEnd } from '../../../core/lean/native/process.ts';
import { findSandbox } from '../../../core/lean/native/sandbox.ts';
import { seccompFilter } from '../../../core/lean/native/seccomp.ts';
import { machineSandbox } from '../../support/sandbox.ts';
import { writeProgram } from '../../support/native-lean.ts';

interface Outcome {
  readonly end: ProcessEnd;
  readonly output: string;
}

interface Given {
  readonly readable?: readonly string[];
  readonly memoryBytes?: number;
  readonly cpuSeconds?: number;
  readonly timeoutMs?: number;
}

/** Runs a program in this machine's sandbox. */
async function confined(file: string, args: readonly string[], given: Given = {}): Promise<Outcome> {
  const { readable = [], memoryBytes = 4e9, cpuSeconds = 20, timeoutMs = 30_000 } = given;
  if (machineSandbox === undefined) throw new Error('no sandbox');
  const command = machineSandbox.confine({ file, args, env: {} }, { readable, memoryBytes, cpuSeconds });
  let output = '';
  const limits = { timeoutMs, maxOutputBytes: 1_000_000 };
  const end = await runProcess(command, limits, (chunk) => (output += chunk.toString()));
  return { end, output };
}

const shell = (script: string, given?: Given): Promise<Outcome> => confined('/bin/sh', ['-c', script], given);
const node = (script: string, given: Given = {}): Promise<Outcome> =>
  confined(process.execPath, ['-e', script], { ...given, readable: [path.dirname(process.execPath), ...(given.readable ?? [])] }); // prettier-ignore

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-confined-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe.skipIf(machineSandbox === undefined)('the sandbox', () => {
  test('shows what is to be read, read-only, and nothing of the user', async () => {
    const directory = await scratch();
    await writeFile(path.join(directory, 'file'), 'to be read');
    const { output, end } = await shell(
      `cd '${directory}' && read -r x < file; echo "$x"; echo more >> file; echo new > other; echo /* "$HOME" ${process.env['HOME'] ?? '/root'}/.*`,
      { readable: [directory] },
    );
    expect(output.split('\n')[0]).toBe('to be read');
    expect(output).not.toMatch(/\/home|\/root\/\.\w|\/work|\/mnt|\/srv/);
    expect(end).toMatchObject({
      errorTail: expect.stringMatching(/file: Read-only.*\n.*other: Read-only/) as string,
    });
    expect(await readFile(path.join(directory, 'file'), 'utf8')).toBe('to be read');
  });

  test('lets nothing be written but a bounded scratch directory in memory', async () => {
    const places = ['/x', '/dev/x', '/dev/shm/x', '/usr/x', '/etc/x', '/proc/x'];
    const { output } = await node(`
      const fs = require('fs');
      const written = [];
      for (const place of ${JSON.stringify(places)}) try { fs.writeFileSync(place, 'x'); written.push(place); } catch {}
      fs.writeFileSync('/tmp/x', 'x');
      let bytes = 0;
      try { for (let i = 0; ; i++) { fs.writeFileSync('/tmp/' + i, Buffer.alloc(1e6)); bytes += 1e6; } } catch {}
      console.log(JSON.stringify({ written, bytes }));`);
    const { written, bytes } = JSON.parse(output) as { written: string[]; bytes: number };
    expect(written).toEqual([]);
    expect(bytes).toBeGreaterThan(10e6);
    expect(bytes).toBeLessThan(100e6);
  });

  test('has no network', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const connect = `require('net').connect(${port}, '127.0.0.1').on('connect', () => console.log('connected')).on('error', (e) => console.log(e.code))`;
    expect((await node(connect)).output).toBe('ECONNREFUSED\n');
    expect(connections).toBe(0);
    expect((await node('console.log(Object.keys(require("os").networkInterfaces()).join())')).output).toMatch(
      /^(lo)?\n$/,
    );
  });

  test('lets no process be started, but threads', async () => {
    expect((await shell('/bin/true; echo $?')).end).toMatchObject({
      errorTail: expect.stringContaining('Cannot fork') as string,
    });
    const { output } = await node(`
      const { spawnSync } = require('child_process');
      console.log(spawnSync('/bin/true').error?.code);
      new (require('worker_threads').Worker)('console.log("thread")', { eval: true });`);
    expect(output).toBe('EPERM\nthread\n');
  });

  test('sees no other processes and cannot signal them', async () => {
    const { output } = await node(
      `console.log(require('fs').readdirSync('/proc').filter((n) => /^\\d+$/.test(n)).length);
       try { process.kill(${process.pid}, 0); console.log('seen'); } catch (e) { console.log(e.code); }`,
    );
    expect(output).toMatch(/^[123]\nESRCH\n$/);
  });

  test('ends what takes too much time or memory', async () => {
    const computing = await shell('while :; do :; done', { cpuSeconds: 1 });
    expect(computing.end).toMatchObject({ code: 128 + 24 });
    const hungry = 'console.log(Buffer.alloc(600e6, 1).length)';
    expect((await node(hungry)).output).toBe('600000000\n');
    expect((await node(hungry, { memoryBytes: 300e6 })).output).toBe('');
    const asleep = await shell('while read -r x; do :; done < /dev/zero', { timeoutMs: 500 });
    expect(asleep.end).toEqual({ kind: 'timeout' });
  });

  test('ends with the process that asked for it', async () => {
    const directory = await scratch();
    const file = path.join(directory, 'parent.mjs');
    const modules = ['process.ts', 'sandbox.ts'].map((name) => path.resolve('core/lean/native', name));
    await writeFile(
      file,
      `import { runProcess } from ${JSON.stringify(modules[0])};
       import { findSandbox } from ${JSON.stringify(modules[1])};
       const { sandbox } = await findSandbox();
       const command = sandbox.confine(
         { file: '/bin/sh', args: ['-c', 'echo started; while :; do read -r x < /proc/uptime; done'], env: {} },
         { readable: [], memoryBytes: 1e9, cpuSeconds: 60 },
       );
       await runProcess(command, { timeoutMs: 60000, maxOutputBytes: 1e6 }, () => process.kill(process.pid, 'SIGKILL'));`,
    );
    const command = { file: process.execPath, args: [file], env: { PATH: process.env['PATH'] ?? '' } };
    const end = await runProcess(command, { timeoutMs: 30_000, maxOutputBytes: 1e6 }, () => {});
    expect(end).toMatchObject({ kind: 'killed', signal: 'SIGKILL' });
    await vi.waitFor(async () => expect(await leftOver('while :; do read -r x < /proc/uptime; done')).toEqual([]), { timeout: 10_000 }); // prettier-ignore
  });
});

/** Processes whose command line holds a text. */
async function leftOver(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text) && !line.includes('findSandbox')) found.push(pid);
  }
  return found;
}

describe('looking for a sandbox', () => {
  test.skipIf(process.platform !== 'linux')('says that bubblewrap is missing', async () => {
    expect(await findSandbox({ program: '/nowhere/bwrap' })).toEqual({
      kind: 'unavailable',
      reason: 'bubblewrap (bwrap) is not installed',
    });
  });

  test.skipIf(process.platform !== 'linux')('says why bubblewrap does not work', async () => {
    const program = await writeProgram(
      path.join(await scratch(), 'bwrap'),
      '[ "$1" = --version ] && echo bubblewrap 9 && exit 0',
      'echo "setting up uid map: Permission denied" >&2; exit 1',
    );
    expect(await findSandbox({ program })).toEqual({
      kind: 'unavailable',
      reason: 'bubblewrap does not work here: setting up uid map: Permission denied',
    });
  });

  test.each(['darwin', 'win32'] as const)('finds none on %s', async (platform) => {
    expect(await findSandbox({ platform })).toEqual({
      kind: 'unavailable',
      reason: `there is none for ${platform} yet`,
    });
  });

  test('knows the system calls of two architectures', () => {
    expect(seccompFilter('x64')?.length).toBeGreaterThan(300);
    expect(seccompFilter('arm64')?.length).toBeGreaterThan(300);
    expect(seccompFilter('s390x')).toBeUndefined();
  });
});

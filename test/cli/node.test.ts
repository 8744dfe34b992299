import { once } from 'node:events';
import { cp, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { settingsSchema } from '../../core/api/index.ts';
import { connectToNode } from '../../core/node/headless/index.ts';
import { PROJECT } from '../support/paths.ts';
import { run, runHere, SLOW, start, startProgram, temporaryDirectory, type Running } from './run.ts';

const ready = (node: Running): Promise<void> =>
  vi.waitFor(() => expect(node.text.out).toContain('"type":"started"'), { timeout: SLOW / 2, interval: 50 });

/** Without swarm and proving, so that nothing but the host is started. */
const startQuiet = (data: string): Running => start(['node', '--offline', '--no-prove', '--json'], { data });

describe('without a node that runs', () => {
  test.each([
    ['network', 'status'],
    ['network', 'peers'],
  ])('%s %s says how to start one', async (...args) => {
    const { code, err } = await runHere(...args, '--data', await temporaryDirectory());
    expect(code).toBe(2);
    expect(err).toContain('start one: proofswarm node');
  });

  test('a port that is none is refused', async () => {
    const { code, err } = await runHere('node', '--web', '70000');
    expect(code).toBe(2);
    expect(err).toContain('port');
  });
});

describe('the page', { timeout: SLOW }, () => {
  test('that a fresh clone has not built is missed at the start, with how to build it', async () => {
    const directory = await temporaryDirectory();
    const clone = path.join(directory, 'clone');
    await mkdir(clone);
    for (const part of ['core', 'lean-bundle', 'resources', 'package.json']) {
      await cp(path.join(PROJECT, part), path.join(clone, part), { recursive: true });
    }
    await symlink(path.join(PROJECT, 'node_modules'), path.join(clone, 'node_modules'), 'dir');
    const data = path.join(directory, 'data');
    const bin = path.join(clone, 'core/cli/bin.mjs');
    const node = startProgram(
      [process.execPath, bin, 'node', '--offline', '--no-prove', '--web', '0', '--data', data],
      { data: directory },
    );
    await vi.waitFor(() => expect(node.text.err).toContain('\n'), { timeout: SLOW / 2, interval: 50 });
    expect(node.text.err).toBe('The page is not built yet: npm run build:renderer\n');
    node.child.kill('SIGINT');
    expect((await node.finished).code).toBe(0);
  });

  test('is not served on a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const data = await temporaryDirectory();
    const args = ['node', '--offline', '--no-prove', '--web', `${port}`, '--data', data];
    expect(await runHere(...args)).toEqual({
      code: 2,
      out: '',
      err: `proofswarm: port ${port} is taken; choose another with --web, or 0 for any that is free\n`,
    });
  });
});

describe('proofswarm node', { timeout: SLOW }, () => {
  test('serves this user alone, and goes at the first Ctrl-C, within five seconds', async () => {
    const data = await temporaryDirectory();
    const node = startQuiet(data);
    await ready(node);
    const file = path.join(data, 'web.json');
    expect((await stat(file)).mode & 0o077).toBe(0);
    const { port } = JSON.parse(await readFile(file, 'utf8')) as { port: number };
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(401);

    const status = await run(['network', 'status', '--json'], { data });
    expect(JSON.parse(status.out)).toMatchObject({ state: 'off', peers: 0 });
    const second = await run(['node', '--offline', '--no-prove'], { data });
    expect(second.code).toBe(2);
    expect(second.err).toContain('already');

    const asked = performance.now();
    node.child.kill('SIGINT');
    expect((await node.finished).code).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5500);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  test('says that the swarm is switched off in the settings, and tells when that changes', async () => {
    const data = await temporaryDirectory();
    const network = { enabled: false, mdns: false, dht: false, upnp: false };
    await writeFile(path.join(data, 'settings.json'), JSON.stringify({ version: 1, network }));
    const node = start(['node', '--no-prove', '--listen', '/ip4/127.0.0.1/tcp/0'], { data });
    const says = (text: string | RegExp): Promise<void> =>
      vi.waitFor(() => expect(node.text.out).toMatch(text), { timeout: SLOW / 2, interval: 50 });
    await says('The swarm is switched off in the settings');
    expect(node.text.out).not.toContain('Listening');
    expect(node.text.out).toContain('Take part in the swarm');
    const client = await connectToNode(data);
    const set = (enabled: boolean): Promise<unknown> | undefined =>
      client?.call('settings.update', {
        patch: { network: settingsSchema.shape.network.parse({ ...network, enabled }) },
      });
    await set(true);
    await says(/Joined the swarm\.\nListening on \/ip4\/127/);
    await set(false);
    await says('Left the swarm');
    client?.close();
    node.child.kill('SIGINT');
    expect((await node.finished).code).toBe(0);
  });

  test('says in words why nothing is worked on', async () => {
    const data = await temporaryDirectory();
    const node = start(['node', '--offline'], { data });
    await vi.waitFor(
      () => expect(node.text.out).toMatch(/^Paused · 0 proofs .* · There is no open statement to work on$/m),
      { timeout: SLOW / 2, interval: 50 },
    );
    node.child.kill('SIGINT');
    expect((await node.finished).code).toBe(0);
  });

  test('one that was killed does not keep the next from starting', async () => {
    const data = await temporaryDirectory();
    const killed = startQuiet(data);
    await ready(killed);
    killed.child.kill('SIGKILL');
    await killed.finished;
    const next = startQuiet(data);
    await ready(next);
    next.child.kill('SIGINT');
    expect((await next.finished).code).toBe(0);
  });
});

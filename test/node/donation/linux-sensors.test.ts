import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SENSORS } from '../../../core/api/index.ts';
import { linuxSensors, readMeteredOutput, type Readings } from '../../../core/node/donation/index.ts';

/** A machine made of files. */
async function machine(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'proofswarm-sensors-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

const look = (root: string, env: NodeJS.ProcessEnv = {}): Promise<Readings> =>
  linuxSensors({ root, env, data: root, limited: () => true }).read(
    new Set(SENSORS),
    new AbortController().signal,
  );

const BATTERY = 'sys/class/power_supply/BAT0';

describe('linuxSensors', () => {
  test('a laptop on battery', async () => {
    const root = await machine({
      [`${BATTERY}/type`]: 'Battery\n',
      [`${BATTERY}/status`]: 'Discharging\n',
      [`${BATTERY}/capacity`]: '73\n',
      'sys/class/power_supply/AC/type': 'Mains\n',
    });
    expect((await look(root)).battery).toEqual({ kind: 'known', value: { onBattery: true, percent: 73 } });
  });

  test('the battery of a mouse is none of ours', async () => {
    const root = await machine({
      'sys/class/power_supply/hidpp_battery_0/type': 'Battery\n',
      'sys/class/power_supply/hidpp_battery_0/scope': 'Device\n',
      'sys/class/power_supply/hidpp_battery_0/status': 'Discharging\n',
    });
    expect((await look(root)).battery).toEqual({ kind: 'known', value: { onBattery: false } });
  });

  test('without power supplies it says that it cannot tell', async () => {
    const { battery } = await look(await machine({}));
    expect(battery).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('power') as string });
  });

  test.each([
    [{ XDG_SESSION_TYPE: 'wayland' }, 'Wayland'],
    [{ DISPLAY: ':0' }, 'X11'],
  ])('on a desktop (%j) idle time is not guessed', async (env, word) => {
    const { idle } = await look(await machine({ 'dev/pts/0': '' }), env);
    expect(idle).toMatchObject({ kind: 'unknown', detail: expect.stringContaining(word) as string });
  });

  test('on a server the terminal that was used last counts', async () => {
    const root = await machine({ 'dev/pts/0': '', 'dev/pts/1': '', 'dev/pts/ptmx': '' });
    const now = Date.now() / 1000;
    await utimes(path.join(root, 'dev/pts/0'), now - 5000, now);
    await utimes(path.join(root, 'dev/pts/1'), now - 600, now);
    const { idle } = await look(root);
    expect(idle.kind === 'known' && Math.abs(idle.value - 600) < 30).toBe(true);
  });

  test('programs go by their short and their whole name', async () => {
    const root = await machine({
      'proc/12/comm': 'a-very-long-nam\n',
      'proc/12/cmdline': '/opt/bin/a-very-long-name\0--flag\0',
      'proc/self-not-a-pid/comm': 'ignored\n',
    });
    const { programs } = await look(root);
    expect(programs).toEqual({ kind: 'known', value: ['a-very-long-nam', 'a-very-long-name'] });
  });

  test('counts what lies in the data directory', async () => {
    const { disk } = await look(
      await machine({ 'bank/a': 'x'.repeat(1000), 'models/deep/b': 'y'.repeat(24) }),
    );
    expect(disk.kind === 'known' && disk.value.usedBytes).toBe(1024);
  });
});

describe("NetworkManager's answer", () => {
  test.each([
    ['GENERAL.STATE:100 (connected)\nGENERAL.METERED:yes (guessed)\n', { kind: 'known', value: true }],
    ['GENERAL.STATE:100 (connected)\nGENERAL.METERED:no (guessed)\n', { kind: 'known', value: false }],
    // A phone that is plugged in but not used does not count.
    [
      'GENERAL.STATE:30 (disconnected)\nGENERAL.METERED:yes\n\nGENERAL.STATE:100 (connected)\nGENERAL.METERED:no\n',
      { kind: 'known', value: false },
    ],
    ['', { kind: 'unknown' }],
  ])('%j', (stdout, expected) => {
    expect(readMeteredOutput(stdout)).toMatchObject(expected);
  });
});

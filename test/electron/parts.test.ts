import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DonationStatus, PauseReason } from '../../core/api/index.ts';
import { DesktopPower, KeepAwake } from '../../electron/main/desktop-power.ts';
import { describeDonation } from '../../electron/main/donation-text.ts';
import { externalAddress } from '../../electron/main/external-links.ts';
import { autostartEntry } from '../../electron/main/login-item.ts';
import { isOwnAddress } from '../../electron/main/page-address.ts';
import { Restarts } from '../../electron/main/restarts.ts';
import { Updates } from '../../electron/main/updates.ts';
import { powerMonitor, state } from './substitute/electron.ts';

vi.mock('electron', () => import('./substitute/electron.ts'));

test.each([
  ['app://proofswarm/', true],
  ['app://proofswarm/#/statements/x', true],
  ['app://proofswarm.evil/', false],
  ['app://proofswarm:80/', false],
  ['app://a@proofswarm/', false],
  ['app:proofswarm', false],
  ['https://proofswarm/', false],
  ['file:///app://proofswarm/', false],
  ['', false],
])('whether %s is the app’s own: %s', (address, own) => {
  expect(isOwnAddress(address)).toBe(own);
});

test('addresses for the browser are plain web pages over TLS', () => {
  expect(externalAddress('https://leanprover-community.github.io/x?y#z')).toBe(
    'https://leanprover-community.github.io/x?y#z',
  );
  const refused = [
    'http://a.de',
    'HTTP://a.de',
    'file:///etc/passwd',
    'smb://a/b',
    'https://u:p@a.de',
    'https://u@a.de',
    'javascript:1',
    '',
    'a.de',
    `https://a.de/${'x'.repeat(2000)}`,
  ];
  for (const address of refused) expect(externalAddress(address), address).toBeUndefined();
});

test('a process that ends again and again is given up, one that ran well is not', () => {
  const restarts = new Restarts();
  expect([0, 1, 2, 3, 4].map(() => restarts.next(1000))).toEqual([0, 2000, 10_000, 30_000, undefined]);
  expect(restarts.next(200_000)).toBe(0);
  for (let tries = 0; tries < 10; tries++) restarts.next(0);
  expect(restarts.next(0)).toBeUndefined();
  restarts.forgive();
  expect(restarts.next(0)).toBe(0);
});

describe('idle time', () => {
  afterEach(() => void (powerMonitor.idleSeconds = 0));

  test('is known under X11 from the beginning', () => {
    const power = new DesktopPower({ DISPLAY: ':0', XDG_SESSION_TYPE: 'x11' }, 'linux');
    expect(power.read().idle).toEqual({ kind: 'known', value: 0 });
  });

  test('counts under Wayland only once the desktop has shown that it tells it', () => {
    const power = new DesktopPower({ DISPLAY: ':0', XDG_SESSION_TYPE: 'wayland' }, 'linux');
    expect(power.read().idle).toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining('Wayland') as unknown,
    });
    powerMonitor.idleSeconds = 7;
    expect(power.read().idle).toEqual({ kind: 'known', value: 7 });
    powerMonitor.idleSeconds = 0;
    expect(power.read().idle).toEqual({ kind: 'known', value: 0 });
  });
});

test('the machine is kept awake once, and let sleep once', () => {
  const awake = new KeepAwake();
  awake.set(true);
  awake.set(true);
  expect(state.blockers.size).toBe(1);
  awake.set(false);
  awake.set(false);
  expect(state.blockers.size).toBe(0);
});

describe('what the tray says', () => {
  const reasons: PauseReason[] = [
    { kind: 'stopped' },
    { kind: 'user' },
    { kind: 'user', until: 0 },
    { kind: 'schedule' },
    { kind: 'schedule', nextAt: 0 },
    { kind: 'not-idle', minutes: 5 },
    { kind: 'idle-unknown', detail: 'this desktop does not tell' },
    { kind: 'battery' },
    { kind: 'battery-low', percent: 12.4, below: 20 },
    { kind: 'metered' },
    { kind: 'user-active' },
    { kind: 'program', program: 'blender' },
    { kind: 'disk', usedBytes: 2, limitBytes: 1 },
    { kind: 'disk-full', freeBytes: 1 },
    { kind: 'no-work' },
    { kind: 'unavailable', detail: 'Lean cannot be started' },
  ];

  const status: DonationStatus = { state: 'paused', reasons: [], gaps: [], since: 0, awake: false };

  test('of each reason is another line of words', () => {
    const lines = reasons.map((reason) => describeDonation({ ...status, reasons: [reason] }, 0));
    expect(new Set(lines).size).toBe(reasons.length);
    for (const line of lines) expect(line).toMatch(/^Paused: (?!.*(undefined|NaN)).+/);
  });

  test('names the first reason and counts the others', () => {
    const battery: PauseReason = { kind: 'battery' };
    const tell = (reasons: PauseReason[]): string => describeDonation({ ...status, reasons }, 0);
    expect(tell([battery])).toBe('Paused: The machine runs on battery');
    expect(tell([battery, { kind: 'metered' }, { kind: 'no-work' }])).toBe(
      'Paused: The machine runs on battery, and 2 more',
    );
    expect(describeDonation({ ...status, state: 'running', reasons: [] }, 0)).toBe('Proving');
  });
});

test('a program’s path is quoted for the desktop entry', () => {
  expect(autostartEntry('/opt/Proof swarm/x')).toContain('Exec="/opt/Proof swarm/x" --hidden\n');
  expect(autostartEntry('/a"b`c$d%e')).toContain('Exec="/a\\\\"b\\\\`c\\\\$d%%e" --hidden\n');
});

describe('updates', () => {
  let resources: string;
  beforeEach(async () => void (resources = await mkdtemp(path.join(tmpdir(), 'proofswarm-updates-'))));
  afterEach(() => rm(resources, { recursive: true }));

  test('are off without a feed: nothing is loaded, nothing asked', async () => {
    const load = vi.fn<() => Promise<AppUpdater>>();
    const updates = new Updates({ load, onReady: () => undefined }, { resources });
    await updates.start();
    expect(updates.isOn).toBe(false);
    expect(load).not.toHaveBeenCalled();
  });

  test('with a feed tell of a version that is ready, never an older one', async () => {
    await writeFile(path.join(resources, 'app-update.yml'), 'provider: generic\n');
    const updater = Object.assign(new EventEmitter(), { allowDowngrade: true, allowPrerelease: true });
    const ready: string[] = [];
    const updates = new Updates(
      {
        load: () => Promise.resolve(updater as unknown as AppUpdater),
        onReady: (version) => ready.push(version),
      },
      { resources },
    );
    await updates.start();
    expect(updater).toMatchObject({ allowDowngrade: false, allowPrerelease: false, autoDownload: true });
    updater.emit('error', new Error('offline'));
    updater.emit('update-downloaded', { version: '9.9.9' });
    updates.stop();
    expect(ready).toEqual(['9.9.9']);
  });
});

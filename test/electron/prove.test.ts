import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CARD_SIZE } from '../../core/api/index.ts';
import { buildRenderer } from '../e2e/support/renderer-build.ts';
import { ARTEFACTS } from '../e2e/support/screens.ts';
import { removeBuild, RunningApp } from './support/launch.ts';

const PATIENT = { timeout: 50_000, interval: 100 };
interface Shown {
  readonly icon: { readonly png: Uint8Array };
}

let app: RunningApp;

beforeAll(async () => {
  // As a user who has been welcomed before.
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-app-'));
  await mkdir(path.join(directory, 'data'));
  const settings = { version: 1, welcomed: true, agreement: { licence: 'Apache-2.0', at: 1 } };
  await writeFile(path.join(directory, 'data/settings.json'), JSON.stringify(settings));
  app = await RunningApp.launch({
    args: ['--hidden'],
    env: { SUBSTITUTE_PACKAGED: '1' },
    directory,
    renderer: await buildRenderer(),
  });
  await vi.waitFor(async () => {
    expect(await app.evaluate(({ state }) => state.trays[0]?.menu.map(({ label }) => label))).toContain(
      'Start donating',
    );
  }, PATIENT);
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await removeBuild();
});

test('started at login, it shows no window until it is asked', async () => {
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.all.length)).toBe(0);
  await app.evaluate(({ app: electron }) => void electron.emit('activate'));
  await vi.waitFor(async () => {
    expect(await app.page('document.title')).toBe('Home · Proofswarm');
  }, PATIENT);
});

test('packaged, it has no developer tools and answers its links', async () => {
  expect(
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.all[0]?.options.webPreferences),
  ).toMatchObject({ devTools: false });
  expect(await app.evaluate(({ app: { asked } }) => asked)).toContainEqual([
    'setAsDefaultProtocolClient',
    'proofswarm',
  ]);
});

test.runIf(process.platform === 'linux')('it starts at login only where its user wants it to', async () => {
  const file = path.join(app.directory, 'config/autostart/proofswarm.desktop');
  const set = (launchAtLogin: boolean): Promise<unknown> =>
    app.page(
      `proofswarm.call('l-${launchAtLogin}', 'settings.update', { patch: { app: { launchAtLogin: ${launchAtLogin} } } })`,
    );
  expect(existsSync(file)).toBe(false);
  expect(await set(true)).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m), PATIENT);
  await set(false);
  await vi.waitFor(() => expect(existsSync(file)).toBe(false), PATIENT);
});

test('a theorem is proved by Lean in a process of its own, and a notification tells of it with its card', async () => {
  const text = 'theorem two_add_two : 2 + 2 = 4 := by sorry';
  const started = await app.page(
    `proofswarm.call('p-1', 'prove.start', { source: { kind: 'text', text: ${JSON.stringify(text)} } })`,
  );
  expect(started).toMatchObject({ ok: true });
  await vi.waitFor(async () => {
    expect(await app.evaluate(({ state }) => state.notifications.map(({ options }) => options))).toEqual([
      {
        title: 'Proof found on this machine',
        body: 'two_add_two',
        icon: { png: expect.any(Uint8Array) as unknown },
      },
    ]);
  }, PATIENT);
  const icon = await app.evaluate(({ state }) => (state.notifications[0]?.options as Shown).icon.png);
  const png = Buffer.from(icon);
  // Where it can be looked at.
  await mkdir(ARTEFACTS, { recursive: true });
  await writeFile(path.join(ARTEFACTS, 'card-of-notification.png'), png);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([CARD_SIZE.width, CARD_SIZE.height]);
  const leans = await app.evaluate(
    ({ state }) => state.utilityProcesses.filter(({ serviceName }) => serviceName === 'Lean').length,
  );
  expect(leans).toBeGreaterThan(0);
  await app.evaluate(({ state }) => void state.notifications[0]?.emit('click'));
  await vi.waitFor(async () => {
    expect(await app.page('location.hash')).toMatch(/^#\/memory\/bafyrei/);
    expect(await app.page(`document.querySelector('.split-detail h2')?.textContent`)).toBe('two_add_two');
  }, PATIENT);
});

test('no Lean outlives the node that asked for it', async () => {
  await app.evaluate(({ state }) =>
    state.utilityProcesses.find(({ serviceName }) => serviceName === 'Proofswarm node')?.kill(),
  );
  await vi.waitFor(async () => {
    const alive = await app.evaluate(
      ({ state }) =>
        state.utilityProcesses.filter(({ serviceName, pid }) => serviceName === 'Lean' && pid !== undefined)
          .length,
    );
    expect(alive).toBe(0);
  }, PATIENT);
});

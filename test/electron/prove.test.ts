import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CARD_SIZE } from '../../core/api/index.ts';
import { numbered } from '../memory/proofs.ts';
import { buildRenderer } from '../e2e/support/renderer-build.ts';
import { ARTEFACTS } from '../e2e/support/screens.ts';
import { removeBuild, RunningApp } from './support/launch.ts';

const PATIENT = { timeout: 50_000, interval: 100 };
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly icon?: { readonly png: Uint8Array };
}

let app: RunningApp;

/** The notification of a proof, once it is there. */
const shownOf = (name: string): Promise<Shown> =>
  vi.waitFor(async () => {
    const all = await app.evaluate(({ state }) => state.notifications.map(({ options }) => options as Shown));
    const shown = all.find(({ body }) => body === name);
    if (shown === undefined) throw new Error(`nothing was said of ${name}: ${JSON.stringify(all)}`);
    return shown;
  }, PATIENT);

const sizeOf = (png: Uint8Array | undefined): unknown[] => {
  const bytes = Buffer.from(png ?? []);
  return [bytes.toString('latin1', 1, 4), bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};
const CARD = ['PNG', CARD_SIZE.width, CARD_SIZE.height];

beforeAll(async () => {
  // As a user who has been welcomed before.
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-app-'));
  await mkdir(path.join(directory, 'data'));
  const donation = { when: { kind: 'always' } };
  const settings = { version: 1, welcomed: true, agreement: { licence: 'Apache-2.0', at: 1 }, donation };
  await writeFile(path.join(directory, 'data/settings.json'), JSON.stringify(settings));
  await mkdir(path.join(directory, 'data/statements'));
  const imported = { statement: { ...numbered(1), id: undefined }, importedAt: 1 };
  await writeFile(path.join(directory, 'data/statements/statements.jsonl'), `${JSON.stringify(imported)}\n`);
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

test('started at login, it tells of a proof with its card, though no window is open', async () => {
  await app.evaluate(({ state }) => state.trays[0]?.menu.find(({ id }) => id === 'start')?.click?.());
  const { title, icon } = await shownOf('numbered_1');
  expect(title).toBe('Proof found on this machine');
  expect(sizeOf(icon?.png)).toEqual(CARD);
  // Where it can be looked at.
  await mkdir(ARTEFACTS, { recursive: true });
  await writeFile(path.join(ARTEFACTS, 'card-of-notification.png'), icon?.png ?? '');
  const windows = await app.evaluate(({ BrowserWindow }) => ({
    made: BrowserWindow.made.map(({ options: { show, webPreferences } }) => ({ show, webPreferences })),
    seen: BrowserWindow.made.some((window) => window.wasVisible),
    open: BrowserWindow.all.length,
  }));
  expect(windows).toEqual({
    made: [{ show: false, webPreferences: expect.objectContaining({ sandbox: true }) as unknown }],
    seen: false,
    open: 0,
  });
});

test('it shows no window until it is asked', async () => {
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
  const { icon } = await shownOf('two_add_two');
  expect(sizeOf(icon?.png)).toEqual(CARD);
  const leans = await app.evaluate(
    ({ state }) => state.utilityProcesses.filter(({ serviceName }) => serviceName === 'Lean').length,
  );
  expect(leans).toBeGreaterThan(0);
  await app.evaluate(({ state }) => void state.notifications.at(-1)?.emit('click'));
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

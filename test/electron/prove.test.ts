import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeBuild, RunningApp } from './support/launch.ts';

const PATIENT = { timeout: 50_000, interval: 100 };
let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.launch({ args: ['--hidden'], env: { SUBSTITUTE_PACKAGED: '1' } });
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
    expect(await app.page('document.title')).toBe('Test page');
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

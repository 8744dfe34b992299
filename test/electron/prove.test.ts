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

test('a theorem is proved by Lean in a process of its own, and a notification tells of it', async () => {
  const text = 'theorem two_add_two : 2 + 2 = 4 := by sorry';
  const started = await app.page(
    `proofswarm.call('p-1', 'prove.start', { source: { kind: 'text', text: ${JSON.stringify(text)} } })`,
  );
  expect(started).toMatchObject({ ok: true });
  await vi.waitFor(async () => {
    expect(await app.evaluate(({ state }) => state.notifications.map(({ options }) => options))).toEqual([
      { title: 'Proof found on this machine', body: 'two_add_two' },
    ]);
  }, PATIENT);
  const leans = await app.evaluate(
    ({ state }) => state.utilityProcesses.filter(({ serviceName }) => serviceName === 'Lean').length,
  );
  expect(leans).toBeGreaterThan(0);
  await app.evaluate(({ state }) => void state.notifications[0]?.emit('click'));
  await vi.waitFor(async () => {
    expect(await app.page('location.hash')).toMatch(/^#\/statements\/bafyrei/);
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

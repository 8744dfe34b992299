import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeBuild, RunningApp } from './support/launch.ts';

let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.launch();
  await vi.waitFor(async () => {
    expect(await app.page('document.title')).toBe('Test page');
  }, 20_000);
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await removeBuild();
});

test('the page speaks with the node through preload, main and the worker', async () => {
  await vi.waitFor(async () => {
    const reply = await app.page(`window.proofswarm.call('a-1', 'api.snapshot', {})`);
    expect(reply).toMatchObject({ ok: true, output: { state: { donation: { state: 'stopped' } } } });
  }, 20_000);
});

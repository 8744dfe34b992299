import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { settingsSchema } from '../../core/api/index.ts';
import { chooseModel, readSettings, SettingsStore } from '../../core/node/index.ts';

async function directory(text?: string): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'proofswarm-settings-'));
  onTestFinished(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  if (text !== undefined) await writeFile(path.join(made, 'settings.json'), text);
  return made;
}

const DEFAULTS = settingsSchema.parse({});

describe('SettingsStore', () => {
  test('begins with defaults and writes nothing by itself', async () => {
    const data = await directory();
    const store = await SettingsStore.open(data);
    expect(store.settings).toEqual(DEFAULTS);
    expect(store.firstRun).toEqual({ done: false });
    expect(await readdir(data)).toEqual([]);
  });

  test('keeps what was set, also for the next start', async () => {
    const data = await directory();
    const store = await SettingsStore.open(data);
    await store.update({ donation: { ...DEFAULTS.donation, keepAwake: true } });
    await store.agree(1000);
    await store.finishFirstRun();
    const again = await SettingsStore.open(data);
    expect(again.settings.donation.keepAwake).toBe(true);
    expect(again.has('donation')).toBe(true);
    expect(again.has('lean')).toBe(false);
    expect(again.firstRun).toEqual({ done: true, agreedAt: 1000 });
    await again.reset('donation');
    expect((await SettingsStore.open(data)).settings).toEqual(DEFAULTS);
  });

  test('changes that overlap are all made', async () => {
    const data = await directory();
    const store = await SettingsStore.open(data);
    await Promise.all([
      store.update({ app: { launchAtLogin: true, closeToTray: false } }),
      store.update({ notifications: { ownProofs: false, watchedStatements: false } }),
      store.agree(5),
    ]);
    const { settings, firstRun } = await SettingsStore.open(data);
    expect(settings.app.launchAtLogin).toBe(true);
    expect(settings.notifications.ownProofs).toBe(false);
    expect(firstRun.agreedAt).toBe(5);
  });

  test('shares the file with the command line, whichever writes', async () => {
    const data = await directory();
    const store = await SettingsStore.open(data);
    await chooseModel(data, { model: 'some-model', slots: 2 });
    await store.update({ app: { launchAtLogin: true, closeToTray: true } });
    expect((await readSettings(data)).model).toEqual({ model: 'some-model', slots: 2 });
    expect(store.settings.model).toEqual({ model: 'some-model', slots: 2 });
    await store.update({ model: null });
    expect((await readSettings(data)).model).toBeUndefined();
  });

  test('leaves what a later version put there', async () => {
    const data = await directory('{"version":1,"holograms":{"on":true}}');
    const store = await SettingsStore.open(data);
    expect(store.defect).toBeUndefined();
    await store.agree(1);
    const written = JSON.parse(await readFile(path.join(data, 'settings.json'), 'utf8')) as object;
    expect(written).toMatchObject({ version: 1, holograms: { on: true } });
  });

  test.each([
    ['no JSON', '{"version":1,'],
    ['another version', '{"version":7}'],
    ['a list', '[]'],
    ['nothing at all', ''],
  ])('a file that is %s counts as none, and is kept aside before it is written anew', async (_, text) => {
    const data = await directory(text);
    const store = await SettingsStore.open(data, { now: 42 });
    expect(store.settings).toEqual(DEFAULTS);
    expect(store.defect?.file).toBe(path.join(data, 'settings.json'));
    expect(await readFile(path.join(data, 'settings.json'), 'utf8')).toBe(text);
    await store.agree(1);
    expect(await readFile(path.join(data, 'settings.json.damaged-42'), 'utf8')).toBe(text);
    expect((await SettingsStore.open(data)).firstRun.agreedAt).toBe(1);
  });

  test.each([
    ['no file', undefined, true],
    ['other settings', '{"version":1,"app":{"launchAtLogin":true}}', true],
    ['a network section that does not say', '{"version":1,"network":{"mdns":false}}', true],
    ['switched off', '{"version":1,"network":{"enabled":false}}', false],
    ['a network section that is damaged', '{"version":1,"network":{"mdns":"no"}}', false],
    ['a file that is damaged', '{"version":1,', false],
  ])('the swarm is joined unless it is set, where that is asked for: %s', async (_, text, expected) => {
    const data = await directory(text);
    const store = await SettingsStore.open(data, { joinUnlessSet: true });
    expect(store.settings.network.enabled).toBe(expected);
    await store.agree(1);
    expect(store.settings.network.enabled).toBe(expected);
    // Nothing of it is written.
    expect((await SettingsStore.open(data)).settings.network.enabled).toBe(false);
    expect((await SettingsStore.open(data, { joinUnlessSet: true })).settings.network.enabled).toBe(expected);
  });

  test('a section that is damaged does not take the others with it', async () => {
    const data = await directory('{"version":1,"donation":{"when":"never"},"app":{"launchAtLogin":true}}');
    const store = await SettingsStore.open(data, { now: 42 });
    expect(store.settings.app.launchAtLogin).toBe(true);
    expect(store.settings.donation).toEqual(DEFAULTS.donation);
    expect(store.defect?.detail).toContain('donation');
  });
});

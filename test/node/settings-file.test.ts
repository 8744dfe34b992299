import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseModel, DamagedSettingsError, readSettings } from '../../core/node/index.ts';
import { temporaryDirectory } from '../cli/run.ts';

describe('settings', () => {
  test('are none where there is no file', async () => {
    expect(await readSettings(await temporaryDirectory())).toEqual({ version: 1 });
  });

  test('keep the model that is chosen, until none is', async () => {
    const data = path.join(await temporaryDirectory(), 'new');
    const choice = { model: 'qwen3-8b-q4_k_m', gpu: 'cpu', slots: 8 } as const;
    await chooseModel(data, choice);
    expect(await readSettings(data)).toEqual({ version: 1, model: choice });
    await chooseModel(data, undefined);
    expect(await readSettings(data)).toEqual({ version: 1 });
    expect(await readdir(data)).toEqual(['settings.json']);
  });

  test('of later versions stay', async () => {
    const data = await temporaryDirectory();
    await writeFile(path.join(data, 'settings.json'), '{"version":1,"colour":"green"}');
    await chooseModel(data, { model: 'm' });
    expect(await readSettings(data)).toEqual({ version: 1, colour: 'green', model: { model: 'm' } });
  });

  test.each(['', '{', '[]', '{"version":2}', '{"version":1,"model":{"model":"m","gpu":"abacus"}}'])(
    'that are damaged (%j) are reported and never overwritten',
    async (text) => {
      const data = await temporaryDirectory();
      const file = path.join(data, 'settings.json');
      await writeFile(file, text);
      await expect(readSettings(data)).rejects.toThrow(DamagedSettingsError);
      await expect(chooseModel(data, { model: 'm' })).rejects.toThrow(/mend it, or delete it/);
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  test('that are impossible are not written', async () => {
    const data = await temporaryDirectory();
    await expect(chooseModel(data, { model: 'm', slots: 0 })).rejects.toThrow();
    expect(await readdir(data)).toEqual([]);
  });

  test('in the place of which a directory lies are an error of the system', async () => {
    const data = await temporaryDirectory();
    await mkdir(path.join(data, 'settings.json'));
    await expect(readSettings(data)).rejects.toThrow(/EISDIR/);
  });
});

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ModelLibrary, readManifest, UnreadableModelError } from '../../../core/policy/models/index.ts';
import { temporaryDirectory } from '../../cli/run.ts';
import { PROJECT } from '../../support/paths.ts';
import { tinyModel } from './gguf-bytes.ts';
import { fileServer, serve } from './server.ts';

const MODEL = tinyModel();
const SHA256 = createHash('sha256').update(MODEL).digest('hex');
const manifest = await readManifest(path.join(PROJECT, 'resources/models.json'));

async function library(directory?: string): Promise<ModelLibrary> {
  return new ModelLibrary({
    directory: directory ?? path.join(await temporaryDirectory(), 'models'),
    manifest,
    download: { retryMs: 1, attempts: 1, freeBytes: () => Promise.resolve(1e12) },
  });
}

async function localModel(name = 'My Model (v2).gguf', bytes: Buffer = MODEL): Promise<string> {
  const file = path.join(await temporaryDirectory(), name);
  await writeFile(file, bytes);
  return file;
}

const ids = async (of: ModelLibrary): Promise<string[]> =>
  (await of.installed()).models.map(({ record }) => record.id);

describe('a file that is added', () => {
  test('stays where it is, and is known by what is in it', async () => {
    const models = await library();
    const file = await localModel();
    const added = await models.add(file);
    expect(added).toMatchObject({
      path: file,
      state: 'ok',
      record: {
        id: 'my-model-v2',
        kind: 'added',
        file,
        bytes: MODEL.length,
        sha256: SHA256,
        verified: false,
        name: 'Tiny Prover',
        quantisation: 'Q8_0',
        licence: 'apache-2.0',
      },
    });
    expect((await models.installed()).models).toEqual([added]);
    expect(await models.resolve('my-model-v2')).toEqual({ kind: 'installed', model: added });
    expect(await readdir(models.directory)).toEqual(['my-model-v2.json']);
  });

  test('is found behind a link, and may be added again', async () => {
    const models = await library();
    const file = await localModel();
    const link = path.join(await temporaryDirectory(), 'link.gguf');
    await symlink(file, link);
    await models.add(link, { id: 'a1', promptFamily: 'goedel' });
    expect((await models.add(file, { id: 'a1' })).record.file).toBe(file);
    expect(await ids(models)).toEqual(['a1']);
  });

  test('is told from one that has changed, or has gone', async () => {
    const models = await library();
    const file = await localModel();
    await models.add(file, { id: 'mine' });
    await utimes(file, new Date(0), new Date(0));
    expect((await models.installed()).models[0]?.state).toBe('changed');
    await rm(file);
    expect((await models.installed()).models[0]?.state).toBe('missing');
  });

  test('is forgotten, not deleted', async () => {
    const models = await library();
    const file = await localModel();
    await models.add(file, { id: 'mine' });
    expect(await models.remove('mine')).toMatchObject({ id: 'mine', kind: 'added' });
    expect(await ids(models)).toEqual([]);
    expect(await readFile(file)).toEqual(MODEL);
  });

  test('must be a model, and its id free', async () => {
    const models = await library();
    await expect(models.add(await localModel('a.gguf', Buffer.from('nothing')))).rejects.toThrow(
      UnreadableModelError,
    );
    await expect(models.add(await localModel('a.gguf', MODEL.subarray(0, -1)))).rejects.toThrow(/cut short/);
    await expect(models.add('/no/such/file.gguf')).rejects.toThrow(/ENOENT/);
    await models.add(await localModel(), { id: 'mine' });
    await expect(models.add(await localModel(), { id: 'mine' })).rejects.toThrow(/mine: that is .* already/);
    expect(await ids(models)).toEqual(['mine']);
  });

  test.each(['', 'a', '../etc', 'A B', 'con', 'com1.gguf', '.hidden', 'a/b', 'x'.repeat(101)])(
    'cannot be called %j',
    async (id) => {
      const models = await library();
      await expect(models.add(await localModel(), { id })).rejects.toThrow(/cannot have that id/);
    },
  );

  test('stops being read once aborted', async () => {
    const models = await library();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(models.add(await localModel(), { signal })).rejects.toThrow('enough');
    expect(await ids(models)).toEqual([]);
  });
});

describe('a model that is fetched', () => {
  test('lies in the directory, checked, and is not fetched again', async () => {
    const server = await fileServer(serve(MODEL, { etag: '"a"' }));
    const models = await library();
    const url = `${server.url}/Tiny%20Prover.Q8_0.gguf`;
    const fetched = await models.fetch(url, { sha256: SHA256, promptFamily: 'oprover' });
    expect(fetched).toMatchObject({
      path: path.join(models.directory, 'tiny-20prover.q8_0.gguf'),
      state: 'ok',
      record: { kind: 'fetched', sha256: SHA256, verified: true, promptFamily: 'oprover', url },
    });
    expect(await models.fetch(url)).toEqual(fetched);
    expect(server.asked).toHaveLength(1);
    expect((await models.remove(fetched.record.id)).bytes).toBe(MODEL.length);
    expect(await readdir(models.directory)).toEqual(['.partial']);
  });

  test('is fetched again where it was changed, or another is wanted', async () => {
    const server = await fileServer(serve(MODEL));
    const models = await library();
    const { path: file } = await models.fetch(`${server.url}/mm.gguf`);
    await writeFile(file, 'changed');
    expect((await models.fetch(`${server.url}/mm.gguf`)).state).toBe('ok');
    expect(await readFile(file)).toEqual(MODEL);
    await expect(models.fetch(`${server.url}/mm.gguf`, { sha256: 'a'.repeat(64) })).rejects.toThrow(
      /its sha256/,
    );
    // What was in place before is still there.
    expect((await models.installed()).models[0]?.state).toBe('ok');
  });

  test('is refused where it is no model, and nothing is left of it', async () => {
    const server = await fileServer(serve(Buffer.from('<!doctype html>')));
    const models = await library();
    await expect(models.fetch(`${server.url}/mm.gguf`)).rejects.toThrow(
      `${server.url}/mm.gguf: it is no GGUF file`,
    );
    expect(await ids(models)).toEqual([]);
    expect(await readdir(path.join(models.directory, '.partial'))).toEqual([]);
  });

  test('does not take the place of a file of the user', async () => {
    const models = await library();
    await models.add(await localModel(), { id: 'mine' });
    await expect(models.fetch('https://example.org/mine.gguf')).rejects.toThrow(
      /give the new one another --id/,
    );
  });

  test('leaves no part behind when it is removed', async () => {
    const server = await fileServer(serve(MODEL, { etag: '"a"' }));
    const models = await library();
    const { record } = await models.fetch(`${server.url}/mm.gguf`);
    server.handler = serve(tinyModel([['extra', { u32: 1 }]]), { etag: '"b"', silentAfter: 100 });
    const controller = new AbortController();
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'model-download:progress') controller.abort(new Error('enough'));
    };
    const other = { sha256: 'a'.repeat(64), signal: controller.signal, onEvent };
    await expect(models.fetch(`${server.url}/mm.gguf`, other)).rejects.toThrow('enough');
    expect(await readdir(path.join(models.directory, '.partial'))).toHaveLength(1);
    await models.remove(record.id);
    expect(await readdir(path.join(models.directory, '.partial'))).toEqual([]);
  });
});

describe('a reference', () => {
  test('means what is here before what is listed, and that before a file', async () => {
    const models = await library();
    expect(await models.resolve('qwen3-8b')).toMatchObject({
      kind: 'listed',
      listed: { id: 'qwen3-8b-q4_k_m' },
    });
    await models.add(await localModel(), { id: 'qwen3-8b-q4_k_m' });
    for (const reference of ['qwen3-8b', 'qwen3-8b:Q4_K_M', 'Qwen3-8B-Q4_K_M']) {
      expect(await models.resolve(reference)).toMatchObject({ kind: 'installed' });
    }
    const file = await localModel();
    expect(await models.resolve(file)).toEqual({ kind: 'file', path: file });
  });

  test('may mean nothing', async () => {
    const models = await library();
    for (const reference of ['', 'nothing', '/', '../..', '/no/such/file.gguf']) {
      await expect(models.resolve(reference)).rejects.toThrow(/no such model here/);
    }
    await expect(models.remove('qwen3-8b')).rejects.toThrow(/no such model is here/);
    await expect(models.fetch('nothing')).rejects.toThrow(/give an id of it or an https address/);
  });
});

describe('records', () => {
  const valid = {
    version: 1,
    id: 'good',
    kind: 'fetched',
    file: 'good.gguf',
    bytes: 1,
    modifiedMs: 0,
    sha256: SHA256,
    verified: false,
    addedAt: 0,
  };
  test.each<[string, string]>([
    ['nothing', ''],
    ['something else', '[]'],
    ['another id', JSON.stringify({ ...valid, id: 'other' })],
    ['a file elsewhere', JSON.stringify({ ...valid, file: '../../secret' })],
    ['a file in a folder', JSON.stringify({ ...valid, file: 'a/b.gguf' })],
    ['an added file without a place', JSON.stringify({ ...valid, kind: 'added' })],
    ['a fetched file of the user', JSON.stringify({ ...valid, file: '/home/me/good.gguf' })],
    ['far too much', ' '.repeat(100_000)],
  ])('that hold %s are reported, and hide no others', async (_, text) => {
    const models = await library();
    await models.add(await localModel(), { id: 'mine' });
    await writeFile(path.join(models.directory, 'good.json'), text);
    const { models: found, damaged } = await models.installed();
    expect(found.map(({ record }) => record.id)).toEqual(['mine']);
    expect(damaged).toMatchObject([
      { name: 'DamagedFileError', file: path.join(models.directory, 'good.json') },
    ]);
    await expect(models.remove('good')).rejects.toThrow(/record of a model/);
  });

  test('are none where there is no directory yet, and no other file is one', async () => {
    const directory = path.join(await temporaryDirectory(), 'models');
    const models = await library(directory);
    expect(await models.installed()).toEqual({ models: [], damaged: [] });
    await mkdir(directory);
    await writeFile(path.join(directory, 'stray.gguf'), '');
    expect(await models.installed()).toEqual({ models: [], damaged: [] });
  });
});

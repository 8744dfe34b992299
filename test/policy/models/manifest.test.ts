import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../../core/policy/prompt/index.ts';
import { listedFiles, readManifest, sizeOfListed } from '../../../core/policy/models/index.ts';
import { findListed } from '../../../core/policy/models/manifest.ts';
import { temporaryDirectory, write } from '../../cli/run.ts';
import { PROJECT } from '../../support/paths.ts';

const FILE = path.join(PROJECT, 'resources/models.json');
const manifest = await readManifest(FILE);

describe('the list of models', () => {
  test('names OProver first, each file once, and only families that there are', () => {
    const files = listedFiles(manifest);
    expect(files[0]?.model.name).toBe('OProver-8B');
    expect(new Set(files.map(({ id }) => id)).size).toBe(files.length);
    expect(new Set(files.map(({ url }) => url)).size).toBe(files.length);
    const families = new Set(FAMILIES.map(({ name }) => name));
    for (const { promptFamily } of manifest.models) expect(families).toContain(promptFamily);
  });

  test('pins a checksum to a commit, as a branch may move under it', () => {
    const pinned = listedFiles(manifest).filter(({ file }) => file.sha256 !== undefined);
    expect(pinned.length).toBeGreaterThan(5);
    const moving = pinned.filter(({ file }) => !/^[0-9a-f]{40}$/.test(file.revision)).map(({ id }) => id);
    // Its commit is not known; should the file change, `get` says so and fetches nothing.
    expect(moving).toEqual(['qwen3-4b-instruct-2507-q8_0']);
  });

  test('gives lengths that fit the number of weights', () => {
    for (const listed of listedFiles(manifest).filter(({ file }) => file.bytes !== undefined)) {
      const { bytes, ...file } = listed.file;
      const computed = sizeOfListed({ ...listed, file }).weightBytes;
      expect(Math.abs(computed / (bytes ?? 0) - 1), listed.id).toBeLessThan(0.2);
    }
  });

  test.each([
    ['qwen3-8b', 'qwen3-8b-q4_k_m'],
    ['qwen3-8b:Q8_0', 'qwen3-8b-q8_0'],
    ['Qwen3-8B-Q8_0', 'qwen3-8b-q8_0'],
    ['kimina-prover-rl-1.7b', 'kimina-prover-rl-1.7b-q8_0'],
    ['no-such-model', undefined],
    ['', undefined],
  ])('knows %j', (reference, id) => {
    expect(findListed(manifest, reference)?.id).toBe(id);
  });

  test('says which quantisations there are where another is asked for', () => {
    expect(() => findListed(manifest, 'qwen3-8b:Q2_K')).toThrow(/Qwen3-8B is listed in Q4_K_M, Q8_0/);
  });
});

test('anything else is no list', async () => {
  const directory = await temporaryDirectory();
  const list = JSON.parse(await readFile(FILE, 'utf8')) as { models: object[] };
  const [first = {}] = list.models;
  const wrong: [string, string][] = [
    ['no.json', '{'],
    ['empty.json', '{}'],
    ['twice.json', JSON.stringify({ ...list, models: [first, first] })],
    ['http.json', JSON.stringify({ ...list, address: 'http://example.org/{repository}/{revision}/{file}' })],
    ['more.json', JSON.stringify({ ...list, models: [{ ...first, run: 'me' }] })],
  ];
  for (const [name, text] of wrong) {
    await expect(readManifest(await write(directory, name, text))).rejects.toThrow(/is no list of models/);
  }
  await expect(readManifest(path.join(directory, 'none.json'))).rejects.toThrow(/is no list of models/);
});

import { access } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { installation, locate } from '../../core/node/index.ts';

const env = { PROOFSWARM_DATA: '/env/data', PROOFSWARM_CACHE: '/env/cache' };

test('the command line comes before the environment, and the environment before the platform', () => {
  expect(locate('/given', env)).toEqual({ data: path.resolve('/given'), cache: path.resolve('/env/cache') });
  expect(locate(undefined, env).data).toBe(path.resolve('/env/data'));
  const { data, cache } = locate(undefined, {});
  expect(data).toMatch(/proofswarm/);
  expect(cache).toMatch(/proofswarm/);
  expect(data).not.toBe(cache);
});

test('a relative directory is one of the working directory; an empty one is none', () => {
  expect(locate('here', {}).data).toBe(path.resolve('here'));
  const unset = locate(undefined, {});
  expect(locate('', { PROOFSWARM_DATA: '', PROOFSWARM_CACHE: '' })).toEqual(unset);
  expect(locate('', env).data).toBe(path.resolve('/env/data'));
});

test("the installation's files are there", async () => {
  for (const file of [installation.root, installation.leanWorker, installation.starterPack]) {
    await expect(access(file)).resolves.toBeUndefined();
  }
});

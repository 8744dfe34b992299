import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { BIN, temporaryDirectory } from './run.ts';

/** Says on standard error whether Node had to load what strips types. */
const PROBE = `process.on('exit', () => {
  const strips = process.moduleLoadList.some((name) => name.includes('amaro'));
  process.stderr.write(strips ? 'strips' : 'has all');
})`;

const start = (cache: string): Promise<{ stdout: string; stderr: string }> => {
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a cache of the test's own process is another one
  const { NODE_COMPILE_CACHE, ...env } = process.env;
  return promisify(execFile)(process.execPath, ['--import', probe, BIN, '--version'], {
    env: { ...env, PROOFSWARM_CACHE: cache },
    timeout: 60_000,
  });
};

test('a second start strips no types, as what the first one stripped is kept', async () => {
  const cache = await temporaryDirectory();
  expect(await start(cache)).toMatchObject({ stderr: 'strips' });
  expect(await readdir(path.join(cache, 'compiled'))).toHaveLength(1);
  expect(await start(cache)).toMatchObject({ stderr: 'has all' });
});

test('a cache that cannot be written keeps no command from running', async () => {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'file');
  await writeFile(file, '');
  expect((await start(path.join(file, 'cache'))).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

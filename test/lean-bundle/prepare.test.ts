import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeanBundleError } from '../../lean-bundle/wasm/errors.ts';
import { cacheKey, findLeanWasmPackage } from '../../lean-bundle/wasm/package.ts';
import { findPrepared, prepareLean } from '../../lean-bundle/wasm/prepare.ts';

let cacheRoot: string;
beforeEach(async () => {
  cacheRoot = await mkdtemp(path.join(tmpdir(), 'proofswarm-prepare-'));
});
afterEach(() => rm(cacheRoot, { recursive: true, force: true }));

function prepareInProcess(): ChildProcess {
  return fork(new URL('./prepare-process.ts', import.meta.url), [cacheRoot], { stdio: 'ignore' });
}

/** What lies in the cache, without the marks of who uses it. */
const listed = async (): Promise<string[]> =>
  (await readdir(cacheRoot)).filter((name) => !name.includes('.use-'));

async function expectWhole(): Promise<void> {
  expect(await findPrepared(cacheRoot)).toEqual({ directory: path.join(cacheRoot, cacheKey()) });
  expect(await listed()).toEqual([cacheKey()]);
}

test('two processes that prepare at the same time both end with one whole result', async () => {
  const exits = await Promise.all(
    [prepareInProcess(), prepareInProcess()].map((child) => once(child, 'exit')),
  );
  expect(exits.map(([code]) => code as number)).toEqual([0, 0]);
  await expectWhole();
});

test('a preparation that was killed half-way leaves nothing that is taken for whole, and its remains go away', async () => {
  const child = prepareInProcess();
  const exit = once(child, 'exit');
  await vi.waitFor(
    async () => {
      const [scratch] = await listed();
      expect(await readdir(path.join(cacheRoot, scratch ?? 'none', 'lib'))).not.toEqual([]);
    },
    { timeout: 30_000 },
  );
  child.kill('SIGKILL');
  await exit;
  expect(await findPrepared(cacheRoot)).toBeUndefined();
  expect(await listed()).toHaveLength(1);

  const steps: string[] = [];
  await prepareLean({
    cacheRoot,
    onProgress: ({ step, fraction }) => steps.push(`${step} ${fraction <= 1}`),
  });
  await expectWhole();
  expect(new Set(steps)).toEqual(
    new Set([
      'checking the package true',
      'rewriting the module true',
      'unpacking the library true',
      'ready true',
    ]),
  );
  const library = path.join(cacheRoot, cacheKey(), 'lib', 'Init.olean');
  expect((await stat(library)).mode & 0o222).toBe(0);

  // What is prepared is used as it is; what was damaged since is made again.
  await prepareLean({ cacheRoot, onProgress: () => expect.unreachable('nothing is left to prepare') });
  await writeFile(path.join(cacheRoot, cacheKey(), 'lean.wasm'), 'cut short');
  expect(await findPrepared(cacheRoot)).toBeUndefined();
  await prepareLean({ cacheRoot });
  await expectWhole();
});

test('a package that is not the pinned one is refused by name of the file', async () => {
  const source = findLeanWasmPackage();
  const tampered = path.join(cacheRoot, 'package');
  await mkdir(tampered);
  for (const file of ['lean.wasm', 'lean-lib.tar.gz'])
    await copyFile(path.join(source, file), path.join(tampered, file));
  const glue = await readFile(path.join(source, 'lean.js'), 'utf8');
  await writeFile(path.join(tampered, 'lean.js'), glue.replace('function', 'Function'));
  const attempt = prepareLean({ cacheRoot: path.join(cacheRoot, 'cache'), packageDirectory: tampered });
  await expect(attempt).rejects.toThrow(LeanBundleError);
  await expect(attempt).rejects.toThrow(/lean\.js is not the pinned file/);
});

test('an aborted preparation stops and leaves nothing behind', async () => {
  const controller = new AbortController();
  const attempt = prepareLean({
    cacheRoot,
    signal: controller.signal,
    onProgress: ({ step }) => {
      if (step === 'rewriting the module') controller.abort(new Error('enough'));
    },
  });
  await expect(attempt).rejects.toThrow('enough');
  expect(await listed()).toEqual([]);
});

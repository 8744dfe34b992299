import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { markInUse, removeUnused } from '../../lean-bundle/wasm/cache-upkeep.ts';

const CURRENT = 'lean-wasm-4.28.0-pre-0123456789abcdef';
const OLD = 'lean-wasm-4.27.0-fedcba9876543210';

async function cache(...names: readonly string[]): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'proofswarm-cache-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const name of names) {
    await mkdir(path.join(root, name, 'lib'), { recursive: true });
    await writeFile(path.join(root, name, 'lib', 'Init.olean'), 'x');
  }
  return root;
}

/** A process that has ended. */
async function goneProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('what another version prepared is removed, and nothing else that lies there', async () => {
  const foreign = ['toolchains', 'lean-wasm-notes', 'lean-wasm-4.27.0-abc'];
  const root = await cache(CURRENT, OLD, ...foreign);
  await removeUnused(root, CURRENT);
  expect((await readdir(root)).toSorted()).toEqual([CURRENT, ...foreign].toSorted());
});

test('what a living process uses stays, until it has gone', async () => {
  const root = await cache(CURRENT, OLD);
  const user = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => void user.kill('SIGKILL'));
  await writeFile(path.join(root, `${OLD}.use-${user.pid}`), '');
  await removeUnused(root, CURRENT);
  expect(await readdir(root)).toContain(OLD);
  const exited = once(user, 'exit');
  user.kill('SIGKILL');
  await exited;
  await removeUnused(root, CURRENT);
  expect(await readdir(root)).toEqual([CURRENT]);
});

test('marks of this process are kept, those of processes that are gone are not', async () => {
  const root = await cache(CURRENT);
  await markInUse(path.join(root, CURRENT));
  await writeFile(path.join(root, `${CURRENT}.use-${await goneProcess()}`), '');
  await removeUnused(root, CURRENT);
  expect(await readdir(root)).toEqual([CURRENT, `${CURRENT}.use-${process.pid}`]);
});

test('what a killed preparation left behind is removed, what is being prepared is not', async () => {
  const own = `${CURRENT}.tmp-${process.pid}-00000000`;
  const root = await cache(CURRENT, own, `${CURRENT}.tmp-${await goneProcess()}-00000000`);
  await removeUnused(root, CURRENT);
  expect(await readdir(root)).toEqual([CURRENT, own]);
});

test('two at a time, and a cache that is not there, do no harm', async () => {
  const root = await cache(CURRENT, OLD);
  await Promise.all([removeUnused(root, CURRENT), removeUnused(root, CURRENT)]);
  expect(await readdir(root)).toEqual([CURRENT]);
  await expect(removeUnused(path.join(root, 'none'), CURRENT)).resolves.toBeUndefined();
  await expect(markInUse(path.join(root, 'none', CURRENT))).resolves.toBeUndefined();
});

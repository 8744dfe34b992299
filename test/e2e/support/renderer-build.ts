import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'vite';
import { vi } from 'vitest';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

const INPUTS = ['renderer', 'core/api', 'core/record', 'vite.config.ts', 'package-lock.json'] as const;
const OUTPUT = path.join(PROJECT, 'dist/renderer');
const STAMP = path.join(TEST_CACHE, 'renderer-build');
const LOCK = `${STAMP}.lock`;
/** A build takes seconds: a lock that is older was left behind by a process that was killed. */
const LOCK_MS = 60_000;

/** Builds the renderer as it is shipped, once for all test files, which run side by side. Returns its directory. */
export async function buildRenderer(): Promise<string> {
  await mkdir(TEST_CACHE, { recursive: true });
  await lock();
  try {
    const wanted = await stampOf();
    if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return OUTPUT;
    await rm(STAMP, { force: true });
    // The test runner's own setting would make React's development build.
    vi.stubEnv('NODE_ENV', 'production');
    await build({ configFile: path.join(PROJECT, 'vite.config.ts'), mode: 'production', logLevel: 'error' });
    vi.unstubAllEnvs();
    await writeFile(STAMP, await stampOf());
    return OUTPUT;
  } finally {
    await unlock();
  }
}

const unlock = (): Promise<void> => rm(LOCK, { recursive: true, force: true });

async function lock(): Promise<void> {
  for (;;) {
    try {
      await mkdir(LOCK);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const made = await stat(LOCK).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > LOCK_MS) await unlock();
    await pause(100);
  }
}

/** Changes with every file that goes in, and with every one that has come out. */
async function stampOf(): Promise<string> {
  const hash = createHash('sha256');
  for (const input of [...INPUTS, path.relative(PROJECT, OUTPUT)]) {
    const root = path.join(PROJECT, input);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of [root, ...files].sort()) {
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile() === true) hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

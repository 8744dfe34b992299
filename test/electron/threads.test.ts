import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import configure from '../../vite.electron.config.ts';
import { PROJECT } from '../support/paths.ts';

const THREAD = /new Worker\(new URL\('([^']+)', import\.meta\.url\)/g;

test('the built app has every thread that its parts start', async () => {
  const { build } = configure({ mode: 'production', command: 'build' });
  const built = Object.values(build?.rolldownOptions?.input ?? {});
  const threads: string[] = [];
  for await (const file of glob('{core,lean-bundle,electron}/**/*.ts', { cwd: PROJECT })) {
    const source = path.join(PROJECT, file);
    for (const [, target = ''] of (await readFile(source, 'utf8')).matchAll(THREAD)) {
      threads.push(path.resolve(path.dirname(source), target));
    }
  }
  expect(threads).toContain(path.join(PROJECT, 'core/network/sync/thread/worker.ts'));
  expect(built).toEqual(expect.arrayContaining(threads));
});

import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright-core';
import { expect, test } from 'vitest';
import { TEST_CACHE } from '../support/paths.ts';
import { buildApp, removeBuild } from './support/launch.ts';

const packageDirectory = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Electron's program; where there is none, why. */
function findElectron(): { readonly program: string } | { readonly missing: string } {
  const named = path.join(packageDirectory, 'path.txt');
  if (!existsSync(named)) return { missing: 'Electron’s binary is not installed: npx install-electron' };
  const program = path.join(packageDirectory, 'dist', readFileSync(named, 'utf8').trim());
  if (!existsSync(program)) return { missing: `${program} does not exist` };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { missing: 'there is no display; run under xvfb-run' };
  }
  return { program };
}

const electron = findElectron();

test('Electron starts the app, whose page speaks with the node', async (context) => {
  if ('missing' in electron) {
    console.warn(`Electron was not started: ${electron.missing}`);
    context.skip(electron.missing);
    return;
  }
  const built = await buildApp();
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-electron-'));
  const app = await _electron.launch({
    executablePath: electron.program,
    args: [path.join(built, 'electron'), `--user-data-dir=${path.join(data, 'chromium')}`],
    env: { ...process.env, PROOFSWARM_DATA: path.join(data, 'data'), PROOFSWARM_CACHE: TEST_CACHE },
  });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(`window.proofswarm !== undefined`);
    const reply = await page.evaluate(`proofswarm.call('a-1', 'api.snapshot', {})`);
    expect(reply).toMatchObject({ ok: true });
    expect(page.url()).toBe('app://proofswarm/');
    expect(await page.evaluate(`'require' in window || 'process' in window`)).toBe(false);
  } finally {
    await app.close();
    await removeBuild();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
});

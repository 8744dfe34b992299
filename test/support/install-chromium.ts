import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 5 * 60_000;

/**
 * Gets a browser for tests: Debian's own where we may install packages, else Playwright's.
 * @param find looks for it again after each try
 * @throws Error that says what was tried, and what to do by hand
 */
export async function installChromium(find: () => string | undefined): Promise<string> {
  const tries: string[] = [];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    tries.push(await attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']));
    const found = find();
    if (found !== undefined) return found;
  }
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  tries.push(await attempt(process.execPath, [cli, 'install', 'chromium-headless-shell', 'chromium']));
  const found = find();
  if (found !== undefined) return found;
  throw new Error(
    `No Chromium for the tests in the browser. Tried: ${tries.join('; ')}. ` +
      'Install one and put it on PATH, or name it in PLAYWRIGHT_CHROMIUM.',
  );
}

async function attempt(file: string, args: readonly string[]): Promise<string> {
  const command = [path.basename(file), ...args].join(' ');
  try {
    await run(file, args, {
      timeout: INSTALL_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return `${command} (done, but no browser was found after it)`;
  } catch (error) {
    return `${command} (${(error as Error).message.split('\n')[0] ?? ''})`;
  }
}

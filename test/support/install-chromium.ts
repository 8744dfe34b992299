import { createRequire } from 'node:module';
import path from 'node:path';
import { attempt, canInstallPackages, installPackage } from './packages.ts';

/**
 * Gets a browser for tests: Debian's own where we may install packages, else Playwright's.
 * @param find looks for it again after each try
 * @throws Error that says what was tried, and what to do by hand
 */
export async function installChromium(find: () => string | undefined): Promise<string> {
  const tries: string[] = [];
  if (canInstallPackages()) {
    tries.push(await installPackage('chromium'));
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

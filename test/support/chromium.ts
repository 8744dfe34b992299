import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { installChromium } from './install-chromium.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** A browser that is on this machine already: what PLAYWRIGHT_CHROMIUM names, on PATH, or what Playwright has fetched. */
export function findChromium(): string | undefined {
  const named = process.env['PLAYWRIGHT_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PLAYWRIGHT_CHROMIUM is ${named}, and there is no such file`);
    return named;
  }
  const directories = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== '');
  const candidates = NAMES.flatMap((name) => directories.map((directory) => path.join(directory, name)));
  return [...candidates, chromium.executablePath()].find((file) => existsSync(file));
}

/** A browser's program, installed where there is none. */
export const ensureChromium = async (): Promise<string> =>
  findChromium() ?? (await installChromium(findChromium));

export async function launchChromium(...options: readonly string[]): Promise<Browser> {
  const executablePath = await ensureChromium();
  // Chromium's own sandbox does not run as root, as containers are.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...options] : [...options];
  return chromium.launch({ executablePath, args });
}

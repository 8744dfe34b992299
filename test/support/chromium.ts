import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The Chromium that browser tests drive: `PROOFSWARM_CHROMIUM`, or the system's; undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env['PROOFSWARM_CHROMIUM'] ?? '', ...USUAL].find((file) => file !== '' && existsSync(file));
}

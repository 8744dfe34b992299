import { ensureChromium } from './chromium.ts';

/**
 * Installs a browser before any test file runs, where there is none: files that need one begin side by side. Where that fails,
 * those files say why, and the others run.
 */
export default async function setup(): Promise<void> {
  await ensureChromium().catch((error: unknown) => {
    console.error((error as Error).message);
  });
}

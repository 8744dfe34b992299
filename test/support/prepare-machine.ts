import { access } from 'node:fs/promises';
import path from 'node:path';
import { ensureChromium } from './chromium.ts';
import { canInstallPackages, installPackage } from './packages.ts';

/** Programs of sandboxes and of hosts that are network namespaces, and Debian's packages that hold them. */
const PACKAGES = [
  ['bwrap', 'bubblewrap'],
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
] as const;

/**
 * Installs what tests need beside npm's packages, where it is missing and may be installed, before any test file runs: files
 * that need it begin side by side. Where that fails, those files say why or are skipped, and the others run.
 */
export default async function setup(): Promise<void> {
  await ensureChromium().catch((error: unknown) => {
    console.error((error as Error).message);
  });
  if (process.platform !== 'linux' || !canInstallPackages()) return;
  for (const [program, name] of PACKAGES) {
    if (!(await isOnPath(program))) console.info(await installPackage(name));
  }
}

async function isOnPath(program: string): Promise<boolean> {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter);
  const tries = directories.map((directory) => access(path.join(directory, program)));
  return Promise.any(tries).then(
    () => true,
    () => false,
  );
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 5 * 60_000;

/** Whether Debian's packages may be installed here. */
export const canInstallPackages = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @returns what was tried, and what came of it, in words */
export const installPackage = (name: string): Promise<string> =>
  attempt('apt-get', ['install', '-y', '--no-install-recommends', name]);

/** Runs a command that installs something. @returns what was tried, and what came of it, in words */
export async function attempt(file: string, args: readonly string[]): Promise<string> {
  const command = [path.basename(file), ...args].join(' ');
  try {
    await run(file, args, {
      timeout: INSTALL_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return `${command} (done)`;
  } catch (error) {
    return `${command} (${(error as Error).message.split('\n')[0] ?? ''})`;
  }
}

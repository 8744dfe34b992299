import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { app } from 'electron';

/** By which the app knows that nobody asked for its window. */
export const HIDDEN_FLAG = '--hidden';

/**
 * Has the app started with the user's session, or not. Nothing is registered for a run from source, whose program is
 * Electron itself.
 */
export async function setLaunchAtLogin(enabled: boolean): Promise<void> {
  if (!app.isPackaged) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: enabled, args: [HIDDEN_FLAG] });
    return;
  }
  // Electron does not do it on Linux: https://specifications.freedesktop.org/autostart-spec/
  const config = process.env['XDG_CONFIG_HOME'] ?? '';
  const directory = path.join(config === '' ? path.join(os.homedir(), '.config') : config, 'autostart');
  const file = path.join(directory, 'proofswarm.desktop');
  if (!enabled) {
    await rm(file, { force: true });
    return;
  }
  // An AppImage's own program lies in a directory that is gone when it ends.
  const program = process.env['APPIMAGE'] ?? app.getPath('exe');
  await mkdir(directory, { recursive: true });
  await writeFile(file, autostartEntry(program));
}

export const autostartEntry = (program: string): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Proofswarm',
    `Exec=${quoted(program)} ${HIDDEN_FLAG}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** As the Desktop Entry Specification has it: first the string's escapes, then the command's. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;

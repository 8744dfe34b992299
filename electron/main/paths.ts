import path from 'node:path';

/** `dist/electron`, or what it is where it was packaged: this module is built into `electron/main` of it. */
const built = path.resolve(import.meta.dirname, '../..');

export const PATHS = {
  renderer: path.join(built, '../renderer'),
  preload: path.join(built, 'electron/preload/preload.cjs'),
  worker: path.join(built, 'electron/worker/worker.js'),
  child: path.join(built, 'electron/worker/child.js'),
  icon: path.join(built, 'resources/icons/icon.png'),
  trayIcon: path.join(built, 'resources/icons/tray.png'),
} as const;

import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BrowserWindow, closeBrowser, Preventable, startBrowser, WebContents } from './window.ts';

class App extends EventEmitter {
  /** What the app asked of the system, in order. */
  readonly asked: unknown[][] = [];
  readonly isPackaged = process.env['SUBSTITUTE_PACKAGED'] === '1';
  #quitting = false;

  enableSandbox = (): void => void this.asked.push(['enableSandbox']);
  setLoginItemSettings = (settings: unknown): void =>
    void this.asked.push(['setLoginItemSettings', settings]);
  getPath = (name: string): string => (name === 'exe' ? process.execPath : path.join(process.cwd(), name));
  whenReady = async (): Promise<void> => {
    await startBrowser();
  };

  setAsDefaultProtocolClient(scheme: string): boolean {
    this.asked.push(['setAsDefaultProtocolClient', scheme]);
    return true;
  }

  /** A directory is the lock: the first makes it, later ones leave their arguments there. */
  requestSingleInstanceLock(): boolean {
    const lock = process.env['SUBSTITUTE_LOCK'];
    if (lock === undefined) return true;
    try {
      mkdirSync(lock);
    } catch {
      writeFileSync(path.join(lock, `${process.pid}.json`), JSON.stringify(process.argv));
      return false;
    }
    watch(lock, (kind, name) => {
      if (name?.endsWith('.json') !== true) return;
      try {
        const args: unknown = JSON.parse(readFileSync(path.join(lock, name), 'utf8'));
        rmSync(path.join(lock, name));
        this.emit('second-instance', {}, args, process.cwd());
      } catch {
        // Written in two steps, or taken already: the next event has the whole.
      }
    });
    return true;
  }

  quit(): void {
    const event = new Preventable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented || this.#quitting) return;
    this.#quitting = true;
    for (const window of [...BrowserWindow.all]) {
      if (!window.close()) {
        this.#quitting = false;
        return;
      }
    }
    this.emit('quit');
    void closeBrowser().finally(() => process.exit(0));
  }
}

export const app = new App();
WebContents.created = (contents) => void app.emit('web-contents-created', {}, contents);
BrowserWindow.allClosed = () => void app.emit('window-all-closed');

/**
 * What the app imports as `electron` where Electron itself is not to be had: real pages in Chromium, real processes, and
 * records of what the app asked of the desktop. Tests look at it and act on it by `evaluate`, as Playwright has it.
 */
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { ipcMain } from './ipc-main.ts';
import { protocol, requests, schemes, session } from './session.ts';
import { MessageChannelMain, utilityProcess, utilityProcesses } from './utility-process.ts';
import { BrowserWindow, WebContents } from './window.ts';

export { app, BrowserWindow, ipcMain, MessageChannelMain, protocol, session, utilityProcess, WebContents };

interface MenuItem {
  readonly id?: string;
  readonly label?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
}

export const Menu = {
  buildFromTemplate: (items: readonly MenuItem[]) => ({ items }),
  setApplicationMenu: (menu: unknown) => void app.asked.push(['setApplicationMenu', menu]),
};

export class Tray extends EventEmitter {
  menu: readonly MenuItem[] = [];
  toolTip = '';
  constructor(icon: unknown) {
    super();
    state.trays.push(this);
    app.asked.push(['tray', icon]);
  }
  setToolTip = (text: string): void => void (this.toolTip = text);
  setContextMenu = ({ items }: { items: readonly MenuItem[] }): void => void (this.menu = items);
  destroy = (): void => undefined;
}

export class Notification extends EventEmitter {
  static isSupported = (): boolean => true;
  readonly options: unknown;
  constructor(options: unknown) {
    super();
    this.options = options;
  }
  show = (): void => void state.notifications.push(this);
}

class PowerMonitor extends EventEmitter {
  idleSeconds = 0;
  onBattery = false;
  getSystemIdleTime = (): number => this.idleSeconds;
  isOnBatteryPower = (): boolean => this.onBattery;
}

const blockers = new Set<number>();
export const powerMonitor = new PowerMonitor();
export const powerSaveBlocker = {
  start: (): number => {
    const id = blockers.size + 1;
    blockers.add(id);
    return id;
  },
  stop: (id: number): void => void blockers.delete(id),
};
export const nativeTheme = { shouldUseDarkColors: false };
/** Not decoded: tests look at what the app has let through. */
class NativeImage {
  readonly png: Buffer;
  constructor(png: Buffer) {
    this.png = png;
  }
  isEmpty(): boolean {
    return this.png.length === 0;
  }
}
export const nativeImage = {
  createFromPath: (file: string) => ({ file }),
  createFromBuffer: (png: Buffer) => new NativeImage(png),
};
export const shell = {
  openExternal: (url: string): Promise<void> => {
    state.opened.push(url);
    return Promise.resolve();
  },
};
export const dialog = {
  showMessageBox: (_window: unknown, options: unknown) => {
    state.dialogs.push(options);
    return Promise.resolve({ response: state.answer });
  },
  showOpenDialog: (_window: unknown, options: unknown) => {
    state.dialogs.push(options);
    return Promise.resolve({ canceled: false, filePaths: ['/chosen/file.lean'] });
  },
  showSaveDialog: (_window: unknown, options: unknown) => {
    state.dialogs.push(options);
    return Promise.resolve({ canceled: true, filePath: '' });
  },
};

/** For tests: what was shown and asked, and what the user is to answer. */
export const state = {
  trays: [] as Tray[],
  notifications: [] as Notification[],
  opened: [] as string[],
  dialogs: [] as unknown[],
  answer: 1,
  blockers,
  requests,
  schemes,
  utilityProcesses,
};

// What a packaged app finds beside its program.
Object.defineProperty(process, 'resourcesPath', {
  value: process.env['SUBSTITUTE_RESOURCES'] ?? process.cwd(),
});

import { app, BrowserWindow, Menu, nativeTheme } from 'electron';
import { pageAddress, type Place } from './page-address.ts';
import { webPreferencesOf } from './web-preferences.ts';

export interface AppWindowInit {
  /** The bundled preload script. */
  readonly preload: string;
  readonly icon: string;
  /** Whether closing the window leaves the app running beside the clock. */
  readonly staysOpen: () => boolean;
  /** The page is gone, or is being loaded anew. */
  readonly onPageGone: () => void;
  /** The window is closed for good, not hidden. */
  readonly onClosed: () => void;
}

/** The app's one window. */
export class AppWindow {
  readonly #init: AppWindowInit;
  #window: BrowserWindow | undefined;

  constructor(init: AppWindowInit) {
    this.#init = init;
  }

  get window(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Brings the window to the front, made anew where it was closed, and there the place where one is named. */
  show(place?: Place): void {
    const window = this.#window;
    if (window === undefined) {
      this.#create(place);
      return;
    }
    if (place !== undefined) load(window, place);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  #create(place: Place | undefined): void {
    const window = new BrowserWindow({
      width: 1180,
      height: 800,
      minWidth: 360,
      minHeight: 480,
      show: false,
      title: 'Proofswarm',
      icon: this.#init.icon,
      // Of the page's own styles, so that nothing flashes before it is drawn.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#161512' : '#faf9f6',
      webPreferences: webPreferencesOf(this.#init.preload),
    });
    this.#window = window;
    // Packaged, the default menu's developer tools and reload are of no use on Windows and Linux.
    if (app.isPackaged && process.platform !== 'darwin') Menu.setApplicationMenu(null);
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (!this.#init.staysOpen()) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#init.onPageGone();
      this.#init.onClosed();
    });
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#init.onPageGone();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.#init.onPageGone();
      if (reason !== 'clean-exit' && !window.isDestroyed()) load(window);
    });
    load(window, place);
  }
}

/** A load that is overtaken by another rejects; the page that could not be loaded shows as such. */
function load(window: BrowserWindow, place?: Place): void {
  window.loadURL(pageAddress(place)).catch(() => undefined);
}

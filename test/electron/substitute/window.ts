import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type CDPSession,
  type Frame,
  type Page,
  type Request as PlaywrightRequest,
  type Route,
} from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../support/chromium.ts';
import { toApp, toWeb } from './addresses.ts';
import { ipcMain } from './ipc-main.ts';
import { session } from './session.ts';
import { MAIN_WORLD, preloadWorld } from './worlds.ts';

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly show?: boolean;
  readonly webPreferences?: Readonly<Record<string, unknown>> & { readonly preload?: string };
}

/** What listeners may prevent. */
export class Preventable {
  defaultPrevented = false;
  constructor(details: object) {
    Object.assign(this, details);
  }
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

const WORLD = 'preload';
let browser: Promise<Browser> | undefined;

async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium on this machine');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** As Electron is a browser that runs already when its app begins. */
export const startBrowser = (): Promise<Browser> => (browser ??= openBrowser());

export const closeBrowser = async (): Promise<void> => {
  const started = await browser?.catch(() => undefined);
  await started?.close();
};

/** A page of Chromium, held to what the app has set for it. */
export class WebContents extends EventEmitter {
  static created: (contents: WebContents) => void = () => undefined;
  readonly mainFrame = { url: '' };
  readonly ready: Promise<Page>;
  /** Windows that the page wanted, and what the app said. */
  readonly popups: { url: string; action: string }[] = [];
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  #cdp: CDPSession | undefined;
  #world: number | undefined;
  /** The address that the app itself is loading. */
  #loading: string | undefined;

  constructor(options: WindowOptions) {
    super();
    WebContents.created(this);
    this.ready = this.#open(options);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.ready;
    this.#loading = url;
    this.emit('did-start-navigation', {
      url,
      isMainFrame: true,
      isSameDocument: isSameDocument(this.mainFrame.url, url),
    });
    this.mainFrame.url = url;
    await page.goto(toWeb(url));
    this.emit('did-finish-load');
  }

  send(channel: string, ...args: unknown[]): void {
    void this.#deliver({ kind: 'send', channel, args });
  }

  setWindowOpenHandler(handler: WebContents['windowOpenHandler']): void {
    this.windowOpenHandler = handler;
  }

  async #open({ width = 800, height = 600, webPreferences }: WindowOptions): Promise<Page> {
    // A context a window: what else opens in it is a popup of this window's page.
    const context = await (await startBrowser()).newContext();
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    // No window is ever to stay: tests ask `popups` for what the app answered.
    context.on('page', (popup) => void popup.close().catch(() => undefined));
    // What is asked for by a page that is being closed is answered to nobody.
    await context.route('**/*', (route) => this.#route(route, page).catch(() => undefined));
    const cdp = await context.newCDPSession(page);
    this.#cdp = cdp;
    const { frameTree } = await cdp.send('Page.getFrameTree');
    cdp.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
      // Frames within the page have a world of that name too.
      const { frameId } = z.object({ frameId: z.string() }).parse(auxData);
      if (name === WORLD && frameId === frameTree.frame.id) this.#world = id;
    });
    cdp.on('Runtime.bindingCalled', ({ payload }) => void this.#receive(payload));
    await cdp.send('Runtime.enable');
    await cdp.send('Page.enable');
    await cdp.send('Runtime.addBinding', { name: 'substituteIpc', executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_WORLD });
    if (webPreferences?.preload !== undefined) {
      const source = preloadWorld(readFileSync(webPreferences.preload, 'utf8'));
      await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
    }
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.mainFrame.url = toApp(page.url());
    });
    return page;
  }

  async #route(route: Route, own: Page): Promise<void> {
    const request = route.request();
    const url = toApp(request.url());
    if (!request.isNavigationRequest()) {
      await session.defaultSession.serve(route);
      return;
    }
    const frame = frameOf(request);
    if (frame?.page() !== own) {
      this.popups.push({ url, ...this.windowOpenHandler({ url }) });
      await route.abort();
      return;
    }
    const isMainFrame = frame === own.mainFrame();
    if (isMainFrame && this.#loading !== undefined) {
      this.#loading = undefined;
    } else {
      const each = new Preventable({ url, isMainFrame });
      this.emit('will-frame-navigate', each);
      const main = new Preventable({ url, isMainFrame });
      if (isMainFrame) this.emit('will-navigate', main);
      if (each.defaultPrevented || main.defaultPrevented) {
        // Leaves the page where it is, as in Electron; a broken request would show an error's page.
        await route.fulfill({ status: 204 });
        return;
      }
    }
    await session.defaultSession.serve(route);
  }

  async #receive(payload: string): Promise<void> {
    const { id, channel, args } = JSON.parse(payload) as { id?: number; channel: string; args: unknown[] };
    const event = { sender: this, senderFrame: this.mainFrame };
    if (id === undefined) {
      ipcMain.emit(channel, event, ...args);
      return;
    }
    try {
      await this.#deliver({ kind: 'answer', id, value: await ipcMain.invoke(channel, event, args) });
    } catch (error) {
      await this.#deliver({ kind: 'answer', id, error: (error as Error).message });
    }
  }

  async #deliver(message: unknown): Promise<void> {
    if (this.#world === undefined) return;
    const expression = `substituteDeliver(${JSON.stringify(message)})`;
    // A page that has gone hears nothing more.
    await this.#cdp?.send('Runtime.evaluate', { expression, contextId: this.#world }).catch(() => undefined);
  }
}

/** A new window's frame is not there yet when it asks for its page. */
function frameOf(request: PlaywrightRequest): Frame | undefined {
  try {
    return request.frame();
  } catch {
    return undefined;
  }
}

const isSameDocument = (from: string, to: string): boolean =>
  from !== '' && from.split('#')[0] === to.split('#')[0];

export class BrowserWindow extends EventEmitter {
  /** Those that are open. */
  static readonly all: BrowserWindow[] = [];
  /** All that there have been. */
  static readonly made: BrowserWindow[] = [];
  static allClosed: () => void = () => undefined;
  readonly options: WindowOptions;
  readonly webContents: WebContents;
  wasVisible = false;
  #visible = false;
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    this.webContents = new WebContents(options);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    BrowserWindow.all.push(this);
    BrowserWindow.made.push(this);
    // Unless it is told otherwise, a window is seen at once.
    if (options.show !== false) this.show();
  }

  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  hide = (): void => void (this.#visible = false);
  focus = (): void => void this.emit('focus');
  restore = (): void => undefined;
  isMinimized = (): boolean => false;
  isVisible = (): boolean => this.#visible;
  isDestroyed = (): boolean => this.#destroyed;

  show(): void {
    this.#visible = true;
    this.wasVisible = true;
  }

  /** As by the button of its frame. Returns whether it closed. */
  close(): boolean {
    if (this.#destroyed) return true;
    const event = new Preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.destroy();
    return true;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    void this.webContents.ready.then((page) => page.context().close()).catch(() => undefined);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) BrowserWindow.allClosed();
  }
}

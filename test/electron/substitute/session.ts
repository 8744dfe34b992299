import { EventEmitter } from 'node:events';
import type { Route } from 'playwright-core';
import { toApp } from './addresses.ts';

type ProtocolHandler = (request: Request) => Promise<Response>;
type BeforeRequest = (details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void;

/** Keeps what the app sets, for pages to be held to and for tests to ask. */
class Session extends EventEmitter {
  readonly handlers: Record<string, unknown> = {};
  readonly protocols = new Map<string, ProtocolHandler>();
  beforeRequest: BeforeRequest = (_details, callback) => callback({});
  readonly protocol = {
    handle: (scheme: string, handler: ProtocolHandler) => void this.protocols.set(scheme, handler),
  };
  readonly webRequest = { onBeforeRequest: (handler: BeforeRequest) => void (this.beforeRequest = handler) };

  setPermissionRequestHandler = (handler: unknown): void =>
    void (this.handlers['permission-request'] = handler);
  setPermissionCheckHandler = (handler: unknown): void => void (this.handlers['permission-check'] = handler);
  setDevicePermissionHandler = (handler: unknown): void => void (this.handlers['device'] = handler);
  setBluetoothPairingHandler = (handler: unknown): void => void (this.handlers['bluetooth'] = handler);
  setDisplayMediaRequestHandler = (handler: unknown): void => void (this.handlers['display-media'] = handler);
  setSpellCheckerEnabled = (enabled: boolean): void => void (this.handlers['spelling'] = enabled);

  isCancelled(url: string): Promise<boolean> {
    return new Promise((resolve) => this.beforeRequest({ url }, ({ cancel = false }) => resolve(cancel)));
  }

  /** Answers a page's request as Electron would: by the registered protocol, or not at all. */
  async serve(route: Route): Promise<void> {
    const url = toApp(route.request().url());
    const handler = this.protocols.get(new URL(url).protocol.slice(0, -1));
    if ((await this.isCancelled(url)) || handler === undefined) {
      requests.push({ url, outcome: 'cancelled' });
      await route.abort();
      return;
    }
    const response = await handler(new Request(url, { method: route.request().method() }));
    requests.push({ url, outcome: response.status });
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}

/** What pages asked for, and what became of it. */
export const requests: { url: string; outcome: number | 'cancelled' }[] = [];
export const session = { defaultSession: new Session() };
export const schemes: unknown[] = [];
export const protocol = { registerSchemesAsPrivileged: (list: unknown[]) => void schemes.push(...list) };

import type { ApiTransport, DesktopBridge } from '../../../core/api/index.ts';
import { BridgeTransport } from './bridge-transport.ts';
import { HttpTransport } from './http-transport.ts';

declare global {
  interface Window {
    /** Set by the desktop app's preload. */
    readonly proofswarm?: DesktopBridge;
  }
}

export const desktop = (): DesktopBridge | undefined => window.proofswarm;

/** The desktop app where we run in it, else the web host that served the page. */
export function openTransport(): ApiTransport {
  const bridge = desktop();
  return bridge === undefined ? new HttpTransport() : new BridgeTransport(bridge);
}

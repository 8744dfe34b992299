import { BrowserWindow, ipcMain, type IpcMainEvent } from 'electron';
import type { CardWanted } from '../../core/api/index.ts';
import { CHANNELS } from '../ipc/channels.ts';
import { cardArgumentsSchema } from '../ipc/page-requests.ts';
import { isOwnSender } from './own-sender.ts';
import { CARD_PAGE } from './page-address.ts';
import { webPreferencesOf } from './web-preferences.ts';

/**
 * Has a card drawn in a window that nobody sees, made for it and gone right after. Its page is held to what every page of the
 * app is held to, and can ask for nothing: what it shows is handed to it, and it is heard only while this card is waited for.
 * @returns a `data:` URL that has not been looked into
 * @throws the signal's reason; an Error where the page cannot be loaded or its process ends
 */
export async function paintCard(wanted: CardWanted, preload: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const window = new BrowserWindow({
    show: false,
    focusable: false,
    skipTaskbar: true,
    width: wanted.width,
    height: wanted.height,
    title: 'Proofswarm',
    webPreferences: webPreferencesOf(preload),
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const receive = (event: IpcMainEvent, ...args: unknown[]): void => {
    if (!isOwnSender(event, window)) return;
    const { data } = cardArgumentsSchema.safeParse(args);
    if (data?.[0] === wanted.proof) resolve(data[1]);
  };
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  ipcMain.on(CHANNELS.card, receive);
  window.webContents.once('render-process-gone', (_event, { reason }) => {
    reject(new Error(`the page that draws cards has ended: ${reason}`));
  });
  try {
    window
      .loadURL(CARD_PAGE)
      .then(() => window.webContents.send(CHANNELS.cardWanted, wanted))
      .catch(reject);
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    ipcMain.off(CHANNELS.card, receive);
    window.destroy();
  }
}

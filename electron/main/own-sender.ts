import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { isOwnAddress } from './page-address.ts';

/** Whether a message comes from the top frame of this very window, while that shows one of the app's own pages. */
export function isOwnSender(
  { senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>,
  window: BrowserWindow,
): boolean {
  // A top frame is its window's own object: no other window and no frame within has the same.
  const top = window.webContents.mainFrame;
  return senderFrame === top && isOwnAddress(top.url);
}

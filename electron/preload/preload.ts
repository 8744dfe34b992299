/**
 * The one thing that a page gets of Electron: functions that send data, and none that hands over Electron's own objects.
 * Runs sandboxed; the main process checks every sender and argument.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { CardBridge, CardWanted, DesktopBridge } from '../../core/api/index.ts';
import { CHANNELS } from '../ipc/channels.ts';

declare const location: { readonly pathname: string };

const listeners = new Set<(message: unknown) => void>();

ipcRenderer.on(CHANNELS.message, (_event, message: unknown) => {
  for (const listener of [...listeners]) listener(message);
});

const bridge: DesktopBridge = {
  version: 1,
  call: (id, command, input) => ipcRenderer.invoke(CHANNELS.call, id, command, input),
  cancel: (id) => ipcRenderer.send(CHANNELS.cancel, id),
  subscribe: (listener) => {
    listeners.add(listener);
    // Each subscriber begins with a snapshot; those who have one know it by its number.
    ipcRenderer.send(CHANNELS.subscribe);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) ipcRenderer.send(CHANNELS.unsubscribe);
    };
  },
  desktop: {
    pickPath: (kind, suggested) =>
      ipcRenderer.invoke(CHANNELS.pickPath, kind, ...(suggested === undefined ? [] : [suggested])),
  },
};

const cards: CardBridge = {
  onWanted: (draw) => {
    ipcRenderer.on(CHANNELS.cardWanted, (_event, wanted: CardWanted) => draw(wanted));
  },
  give: (proof, card) => ipcRenderer.send(CHANNELS.card, proof, card),
};

if (location.pathname === '/card.html') contextBridge.exposeInMainWorld('proofswarmCards', cards);
else contextBridge.exposeInMainWorld('proofswarm', bridge);

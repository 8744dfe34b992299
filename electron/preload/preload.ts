/**
 * The one thing that a page gets of Electron: functions that send data, and none that hands over Electron's own objects.
 * Runs sandboxed; the main process checks every sender and argument.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../../core/api/index.ts';
import { CHANNELS } from '../ipc/channels.ts';

const listeners = new Set<(message: unknown) => void>();

ipcRenderer.on(CHANNELS.message, (_event, message: unknown) => {
  for (const listener of [...listeners]) listener(message);
});

const drawers = new Set<(proof: string) => void>();

ipcRenderer.on(CHANNELS.cardWanted, (_event, proof: string) => {
  for (const draw of [...drawers]) draw(proof);
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
    onCardWanted: (listener) => {
      drawers.add(listener);
      return () => void drawers.delete(listener);
    },
    giveCard: (proof, card) => ipcRenderer.send(CHANNELS.card, proof, card),
  },
};

contextBridge.exposeInMainWorld('proofswarm', bridge);

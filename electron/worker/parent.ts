import type { MessagePortMain } from 'electron';
import { toWorkerSchema, type FromWorker, type ToWorker } from '../ipc/worker-messages.ts';

/** The main process, seen from the node's. */
export interface Parent {
  send(message: FromWorker): void;
  onMessage(listener: (message: ToWorker, ports: readonly MessagePortMain[]) => void): void;
}

export const parent: Parent = {
  send: (message) => process.parentPort.postMessage(message),
  onMessage: (listener) => {
    process.parentPort.on('message', ({ data, ports }) => {
      listener(toWorkerSchema.parse(data), ports);
    });
  },
};

import { EventEmitter } from 'node:events';
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { Frames, type Frame } from './frames.ts';

/** Loaded first in a utility process: gives it `process.parentPort`, over the pipe that `utility-process.ts` holds. */
class ParentPort extends EventEmitter {
  #waiting: unknown[] | undefined = [];

  postMessage(data: unknown): void {
    frames.send({ kind: 'message', data, ports: [] } satisfies Frame);
  }

  /** Messages wait until somebody listens, as in Electron. */
  deliver(event: unknown): void {
    if (this.listenerCount('message') > 0 && this.#waiting === undefined) this.emit('message', event);
    else this.#waiting?.push(event);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.emit('message', event);
  }
}

class ChildPort extends EventEmitter {
  readonly #id: number;
  #waiting: unknown[] | undefined = [];

  constructor(id: number) {
    super();
    this.#id = id;
  }

  postMessage(data: unknown): void {
    frames.send({ kind: 'port', port: this.#id, data } satisfies Frame);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  close(): void {
    frames.send({ kind: 'port-closed', port: this.#id } satisfies Frame);
  }

  deliver(data: unknown): void {
    if (this.#waiting === undefined) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }
}

const parentPort = new ParentPort();
const ports = new Map<number, ChildPort>();

function receive(raw: unknown): void {
  const frame = raw as Frame;
  switch (frame.kind) {
    case 'message': {
      const own = frame.ports.map((id) => new ChildPort(id));
      frame.ports.forEach((id, index) => {
        const port = own[index];
        if (port !== undefined) ports.set(id, port);
      });
      parentPort.deliver({ data: frame.data, ports: own });
      return;
    }
    case 'port':
      ports.get(frame.port)?.deliver(frame.data);
      return;
    case 'port-closed':
      ports.get(frame.port)?.emit('close');
      ports.delete(frame.port);
  }
}

let frames: Frames;

/** Threads load this file too, and would take from the pipe what is meant for their process. */
if (isMainThread) {
  // Without its parent a utility process is ended.
  frames = new Frames(new net.Socket({ fd: 3 }), receive, () => process.exit(0));
  parentPort.on('newListener', (name) => {
    if (name === 'message') queueMicrotask(() => parentPort.start());
  });
  Object.defineProperty(process, 'parentPort', { value: parentPort });
}

import type { Duplex } from 'node:stream';
import v8 from 'node:v8';

/** Messages over a pipe, cloned as Electron's message ports clone them: length, then value. */
export class Frames {
  readonly #stream: Duplex;

  constructor(stream: Duplex, receive: (message: unknown) => void, closed: () => void) {
    this.#stream = stream;
    let buffer = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE(0)) {
        const length = buffer.readUInt32LE(0);
        const message: unknown = v8.deserialize(buffer.subarray(4, 4 + length));
        buffer = buffer.subarray(4 + length);
        receive(message);
      }
    });
    stream.on('close', closed);
    // A peer that has died shows as closed.
    stream.on('error', () => undefined);
  }

  send(message: unknown): void {
    if (!this.#stream.writable) return;
    const body = v8.serialize(message);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length, 0);
    this.#stream.write(Buffer.concat([head, body]));
  }
}

export type Frame =
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-closed'; readonly port: number };

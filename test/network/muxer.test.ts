import type { Logger, StreamMuxerFactory } from '@libp2p/interface';
import { yamux } from '@libp2p/yamux';
import { expect, test } from 'vitest';
import { carefulYamux } from '../../core/network/node/muxer.ts';

type Carrier = Parameters<StreamMuxerFactory['createStreamMuxer']>[0];

const silent = Object.assign(() => undefined, {
  enabled: false,
  error: () => undefined,
  trace: () => undefined,
  newScope: () => silent,
}) as unknown as Logger;

/** A connection that takes what it is given until it is closed, and then throws as libp2p's do. */
class Connection extends EventTarget {
  readonly log = silent;
  readonly direction = 'outbound';
  readonly sent: unknown[] = [];
  status = 'open';
  send(data: unknown): boolean {
    if (this.status !== 'open') throw new Error(`Cannot write to a stream that is ${this.status}`);
    this.sent.push(data);
    return true;
  }
  close(): void {
    this.status = 'closing';
  }
}

class Broken extends Connection {
  override send(): never {
    throw new Error('a fault of its own');
  }
}

const muxed = (factory: StreamMuxerFactory, connection: Connection) =>
  factory.createStreamMuxer(connection as unknown as Carrier);

/** Errors that are nobody's, as they end a process, until the next turn of the event loop. */
async function uncaughtIn(work: () => Promise<unknown>): Promise<string[]> {
  const uncaught: string[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error.message));
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return uncaught;
}

async function closeWhileOpening(factory: StreamMuxerFactory): Promise<string[]> {
  const connection = new Connection();
  const muxer = muxed(factory, connection);
  return uncaughtIn(async () => {
    const opening = muxer.createStream();
    connection.close();
    await opening;
  });
}

test('a connection that is closed while a stream is opened on it does not end the process', async () => {
  // Should yamux itself take care of it one day, ours can go.
  expect(await closeWhileOpening(yamux()())).toEqual(['Cannot write to a stream that is closing']);
  expect(await closeWhileOpening(carefulYamux({})())).toEqual([]);
});

test('no stream is opened on a connection that is closing', async () => {
  const connection = new Connection();
  const muxer = muxed(carefulYamux({})(), connection);
  connection.close();
  await expect(muxer.createStream()).rejects.toThrow('its connection is being closed');
});

test('streams are opened and other faults told as ever', async () => {
  const connection = new Connection();
  const muxer = muxed(carefulYamux({})(), connection);
  await muxer.createStream();
  expect(connection.sent.length).toBeGreaterThan(0);
  const other = muxed(carefulYamux({})(), new Broken());
  expect(await uncaughtIn(() => other.createStream())).toContain('a fault of its own');
});

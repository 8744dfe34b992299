import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** A node runs with this data directory already. */
export class NodeRunningError extends Error {
  override readonly name = 'NodeRunningError';
  readonly data: string;

  constructor(data: string) {
    super(`a node runs with the data in ${data} already; stop it, or choose another directory with --data`);
    this.data = data;
  }
}

/**
 * Makes this process the only one that runs a node in a directory: one identity in two places would be two nodes that say
 * different things under one name. Held by a socket that nobody talks to, which the system gives back however the process
 * ends, where a lock file would stay.
 * @throws NodeRunningError where another has it
 */
export async function claimDataDirectory(data: string): Promise<AsyncDisposable> {
  await mkdir(data, { recursive: true });
  const address = addressOf(await realpath(data));
  // Where sockets are files, one whose process was killed stays: nobody answers there.
  const server =
    (await listen(address)) ?? ((await removeStale(address)) ? await listen(address) : undefined);
  if (server === undefined) throw new NodeRunningError(data);
  // It must not keep a process alive that has nothing else to do.
  server.unref();
  return {
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      server.close(() => resolve(undefined));
      await promise;
    },
  };
}

/** Whether a process, of whatever kind, runs a node in a directory. */
export async function nodeRuns(data: string): Promise<boolean> {
  const directory = await realpath(data).catch(() => undefined);
  return directory !== undefined && (await answers(addressOf(directory)));
}

/** Linux and Windows know names without files; elsewhere a path may have no more than about 100 bytes. */
function addressOf(data: string): string {
  const name = `proofswarm-${createHash('sha256').update(data).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join('/tmp', `${name}.${process.getuid?.() ?? 0}`);
}

async function listen(address: string): Promise<net.Server | undefined> {
  const server = net.createServer((socket) => socket.destroy());
  server.listen(address);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function removeStale(address: string): Promise<boolean> {
  if (process.platform === 'linux' || process.platform === 'win32') return false;
  if (await answers(address)) return false;
  await rm(address, { force: true });
  return true;
}

async function answers(address: string): Promise<boolean> {
  const socket = net.connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

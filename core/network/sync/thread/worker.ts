/** The thread that keeps this process' sets of record keys and reconciles them: see `SyncThread`. */
import { parentPort } from 'node:worker_threads';
import { releaseMemory } from '../../../process/index.ts';
import type { Request } from './messages.ts';
import { SetKeeper } from './set-keeper.ts';

/** By when the sets that there are have been handed over. */
const STARTED_MS = 10_000;

if (parentPort === null) throw new Error('this is the main thread');
const port = parentPort;
const keeper = new SetKeeper((reply, transfer) => port.postMessage(reply, transfer));
port.on('message', (request: Request) => keeper.take(request));
setTimeout(releaseMemory, STARTED_MS).unref();

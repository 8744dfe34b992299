/** The thread that compares a submission's export with a statement's: see `prepareApart`. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareReplay, type ReplayRequest } from './prepare.ts';

parentPort?.postMessage(prepareReplay(workerData as ReplayRequest));

import type { Worker } from 'node:worker_threads';

/** The threads of this process that run, from when this is loaded on. */
const running = new Set<Worker>();
/** How many were started. */
let started = 0;

process.on('worker', (worker) => {
  started++;
  running.add(worker);
  worker.on('exit', () => running.delete(worker));
});

export const runningThreads = (): readonly Worker[] => [...running];
export const threadsStarted = (): number => started;

/** Makes a thread end by an error that nothing catches. */
export const crash = (worker: Worker): void => worker.postMessage({ type: 'add', keys: undefined });

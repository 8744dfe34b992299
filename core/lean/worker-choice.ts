import type { Lane } from './fair-queue.ts';
import type { Wear } from './wear.ts';
import type { LeanWorker } from './worker.ts';

/** What a request asks of the worker that serves it. */
export interface Wanted {
  /** It must never have elaborated a submission. */
  readonly clean: boolean;
  /** The request is a peer's. */
  readonly foreign: boolean;
  /** The modules that the source imports: a worker that has them loaded need not load them. */
  readonly imports: string;
}

export interface WorkerState {
  ready: boolean;
  /** It has never been given a submission. */
  clean: boolean;
  /** It has been given something of a peer's: what this user states is asked of others, and what it submits where it can be. */
  foreign: boolean;
  /** Whose request it was given last. */
  lane: Lane | undefined;
  /** Sets of modules that it has loaded, the last used last. */
  readonly loaded: Set<string>;
  /** What of it has been used up and paid for. */
  worn: Wear;
}

export type Workers = ReadonlyMap<LeanWorker, WorkerState>;

export const newWorkerState = (): WorkerState => ({
  ready: false,
  clean: true,
  foreign: false,
  lane: undefined,
  loaded: new Set(),
  worn: { loaded: 0, residentBytes: 0, wasmBytes: 0 },
});

/** Notes what a worker is given. */
export function give(state: WorkerState, { clean, foreign, imports }: Wanted, lane: Lane): void {
  if (!clean) state.clean = false;
  if (foreign) state.foreign = true;
  state.lane = lane;
  state.loaded.delete(imports);
  state.loaded.add(imports);
}

/**
 * The free worker that serves a request best.
 * @param size workers that may be used up for submissions, so that clean ones remain where there are more
 */
export function pickWorker(
  workers: Workers,
  { clean, foreign, imports }: Wanted,
  size: number,
): LeanWorker | undefined {
  const free = [...workers].filter(([worker, state]) => state.ready && worker.alive && !worker.busy);
  const best = (those: typeof free): LeanWorker | undefined =>
    (those.find(([, state]) => state.loaded.has(imports)) ?? those[0])?.[0];
  const unused = free.filter(([, state]) => state.clean);
  if (clean && !foreign) return best(unused.filter(([, state]) => !state.foreign));
  // Peers' statements are asked of as few workers as can be.
  if (clean) return best(unused.filter(([, state]) => state.foreign)) ?? best(unused);
  const used = free.filter(([, state]) => !state.clean);
  // What peers' submissions leave behind is to be felt by as little of this user's work as can be.
  if (used.length > 0) return best(used.filter(([, state]) => state.foreign === foreign)) ?? best(used);
  const usedUp = [...workers.values()].filter((state) => !state.clean).length;
  return usedUp < size ? best(unused) : undefined;
}

/** How many workers are at work for others than this node's user. */
export function busyForPeers(workers: Workers): number {
  return [...workers].filter(([worker, { lane }]) => worker.busy && lane !== undefined && lane !== 'own')
    .length;
}

/** Whether any worker, free or not, can serve a clean request. */
export function canServeClean(workers: Workers, wanted: Wanted): boolean {
  return [...workers.values()].some(({ clean, foreign }) => clean && (wanted.foreign || !foreign));
}

/**
 * The idle worker to give up for a clean request that no worker can serve: the clean one that has been given something of a
 * peer's, which is waited for, and only where there is none one that is used up anyway.
 */
export function dispensable(workers: Workers): readonly [LeanWorker, WorkerState] | undefined {
  const clean = [...workers].filter(([, state]) => state.clean);
  return (clean.length > 0 ? clean : [...workers]).find(([worker]) => !worker.busy);
}

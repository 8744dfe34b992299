import os from 'node:os';

const LEAN_BYTES = 3e9;

/** Memory of this machine, or of the container that the program runs in. */
export function machineMemoryBytes(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
}

/**
 * Statements at a time; each takes some 3 GB at worst. From three cores on one is left to the judge and the user. On two both are
 * used: measured, a pack takes half the time, and nearly as many of its statements are solved.
 */
export function defaultJobs(): number {
  const cores = os.availableParallelism();
  return Math.max(
    1,
    Math.min(4, cores > 2 ? cores - 1 : cores, Math.floor(machineMemoryBytes() / LEAN_BYTES)),
  );
}

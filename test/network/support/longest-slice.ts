/**
 * Runs work and returns how long, in milliseconds of this thread's own CPU, nothing else had its turn at worst: what
 * other programs take does not count, and neither do the two longest times, which may be the garbage collector's.
 */
export async function longestSlice(work: () => Promise<unknown>): Promise<number> {
  const slices: number[] = [];
  let before = process.threadCpuUsage();
  let done = false;
  const tick = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    slices.push((user + system) / 1000);
    before = process.threadCpuUsage();
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  done = true;
  return slices.sort((a, b) => b - a)[2] ?? 0;
}

/**
 * Waits until `wake` is called, the time is up, or the signal aborts.
 * @param listen hands `wake` to whoever is to call it; `unlisten` takes it back in every case
 * @throws the signal's reason
 */
export function race(
  listen: (wake: () => void) => void,
  unlisten: (wake: () => void) => void,
  options: { readonly milliseconds: number; readonly signal?: AbortSignal },
): Promise<'woken' | 'late'> {
  const { milliseconds, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      unlisten(wake);
      finish();
    };
    const wake = (): void => settle(() => resolve('woken'));
    const onAbort = (): void => settle(() => reject(signal?.reason as Error));
    const timer = setTimeout(() => settle(() => resolve('late')), Math.max(0, milliseconds));
    signal?.addEventListener('abort', onAbort, { once: true });
    listen(wake);
  });
}

/** Resolves after that many milliseconds. @throws the signal's reason */
export const pause = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  // A timer takes a millisecond, also for nothing.
  if (milliseconds <= 0) return;
  const nothing = (): void => undefined;
  await race(nothing, nothing, { milliseconds, ...(signal === undefined ? {} : { signal }) });
};

/** Resolves when the work is done, well or not, or when the time is up. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}

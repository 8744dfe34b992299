import { describe, expect, test } from 'vitest';
import { VerdictCache, type CachedCheck } from '../../core/lean/verdict-cache.ts';
import type { Verdict } from '../../core/record/index.ts';

const failed = (milliseconds: number): Verdict => ({
  kind: 'failed',
  diagnostics: [],
  goals: [],
  milliseconds,
});

/** A check whose verdict is given by hand. */
function pending(): { run: CachedCheck['run']; finish: (verdict: Verdict) => void; signals: AbortSignal[] } {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  const signals: AbortSignal[] = [];
  const run = (signal: AbortSignal): Promise<Verdict> => {
    signals.push(signal);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    return promise;
  };
  return { run, finish: resolve, signals };
}

const CHECK = { key: 'k', conditions: '', lasts: () => true };

describe('a verdict cache', () => {
  test('runs equal checks under way once, and a later one not at all', async () => {
    const cache = new VerdictCache(10);
    const { run, finish, signals } = pending();
    const both = [cache.check({ ...CHECK, run }), cache.check({ ...CHECK, run })];
    finish(failed(7));
    expect(await Promise.all(both)).toEqual([failed(7), failed(7)]);
    expect(await cache.check({ ...CHECK, run })).toEqual(failed(7));
    expect(signals).toHaveLength(1);
  });

  test('keeps checks of other limits apart while they are under way', async () => {
    const cache = new VerdictCache(10);
    const { run, finish, signals } = pending();
    const both = [
      cache.check({ ...CHECK, conditions: '1000', run }),
      cache.check({ ...CHECK, conditions: '2000', run }),
    ];
    finish(failed(1));
    await Promise.all(both);
    expect(signals).toHaveLength(2);
  });

  test('runs again what did not last or was thrown', async () => {
    const cache = new VerdictCache(10);
    let runs = 0;
    const run = (): Promise<Verdict> => Promise.resolve(failed(++runs));
    await cache.check({ ...CHECK, lasts: () => false, run });
    expect(await cache.check({ ...CHECK, run })).toEqual(failed(2));

    const other = { ...CHECK, key: 'other' };
    const broken = (): Promise<Verdict> => Promise.reject(new Error('no Lean'));
    await expect(cache.check({ ...other, run: broken })).rejects.toThrow('no Lean');
    expect(await cache.check({ ...other, run })).toEqual(failed(3));
  });

  test('one who loses interest leaves the others their check', async () => {
    const cache = new VerdictCache(10);
    const { run, finish, signals } = pending();
    const controller = new AbortController();
    const first = cache.check({ ...CHECK, signal: controller.signal, run });
    const second = cache.check({ ...CHECK, run });
    controller.abort(new Error('not any more'));
    await expect(first).rejects.toThrow('not any more');
    expect(signals[0]?.aborted).toBe(false);
    finish(failed(1));
    expect(await second).toEqual(failed(1));
  });

  test('the last one to lose interest cancels it, and who comes then gets a new one', async () => {
    const cache = new VerdictCache(10);
    const first = pending();
    const controller = new AbortController();
    const cancelled = cache.check({ ...CHECK, signal: controller.signal, run: first.run });
    controller.abort(new Error('enough'));
    const second = pending();
    const next = cache.check({ ...CHECK, run: second.run });
    await expect(cancelled).rejects.toThrow('enough');
    expect(first.signals[0]?.aborted).toBe(true);
    second.finish(failed(2));
    expect(await next).toEqual(failed(2));
  });

  test('forgets the least recently used first', async () => {
    const cache = new VerdictCache(2);
    let runs = 0;
    const ask = (key: string): Promise<Verdict> =>
      cache.check({ ...CHECK, key, run: () => Promise.resolve(failed(++runs)) });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key);
    // `b` was forgotten when `c` came.
    expect(runs).toBe(4);
  });
});

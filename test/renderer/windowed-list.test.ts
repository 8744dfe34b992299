import { describe, expect, it, vi } from 'vitest';
import { WINDOW, WindowedList } from '../../renderer/store/windowed-list.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Numbers from `from` on, read in windows. */
function listOf(total: number) {
  const source = { from: 0, total, broken: false };
  const load = vi.fn(({ offset, limit }: { offset: number; limit: number }) => {
    if (source.broken) return Promise.reject(new Error('gone'));
    const length = Math.max(0, Math.min(limit, source.total - offset));
    return Promise.resolve({
      items: Array.from({ length }, (_, index) => source.from + offset + index),
      total: source.total,
    });
  });
  const list = new WindowedList<number>({ load });
  return { source, load, list, at: (index: number) => list.current().items[index] };
}

describe('WindowedList', () => {
  it('jumps to the end of 100,000 rows with one request', async () => {
    const { load, list, at } = listOf(100_000);
    list.subscribe(() => {});
    await settled();
    expect(list.current()).toMatchObject({ count: 100_000, phase: 'ready' });
    list.want(99_999, 99_980);
    await settled();
    expect(at(99_999)).toBe(99_999);
    expect(at(50_000)).toBeUndefined();
    expect(load.mock.calls.map(([{ offset }]) => offset)).toEqual([0, 99_900]);
  });

  it('reads what is looked at last, not all that was passed by', async () => {
    const { load, list, at } = listOf(100_000);
    list.subscribe(() => {});
    await settled();
    for (let row = 0; row < 90_000; row += 20) list.want(row + 19, row);
    await settled();
    expect(at(89_999)).toBe(89_999);
    expect(load.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('holds some thousand rows at most, however far is scrolled', async () => {
    const { list, at } = listOf(100_000);
    list.subscribe(() => {});
    for (let row = 0; row < 20_000; row += WINDOW) {
      list.want(row + 10, row);
      await settled();
    }
    const held = Object.keys(list.current().items).length;
    expect(held).toBeLessThanOrEqual(40 * WINDOW);
    expect(at(19_900)).toBe(19_900);
    expect(at(0)).toBeUndefined();
  });

  it('shows the old rows until the new ones are there, and reads those in sight only', async () => {
    const { source, load, list, at } = listOf(1000);
    list.subscribe(() => {});
    await settled();
    list.want(519, 500);
    await settled();
    source.from = 5000;
    source.total = 1001;
    list.restart();
    expect(at(510)).toBe(510);
    await settled();
    expect(at(510)).toBe(5510);
    expect(list.current().count).toBe(1001);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('becomes shorter, and empty', async () => {
    const { source, list, at } = listOf(1000);
    list.subscribe(() => {});
    await settled();
    list.want(999, 980);
    await settled();
    source.total = 50;
    list.restart();
    await settled();
    expect(list.current().count).toBe(50);
    expect(at(49)).toBe(49);
    expect(at(990)).toBeUndefined();
    source.total = 0;
    list.restart();
    await settled();
    expect(list.current()).toMatchObject({ count: 0, phase: 'ready' });
  });

  it('keeps what it has when a request fails, and goes on after a retry', async () => {
    const { source, list, at } = listOf(1000);
    list.subscribe(() => {});
    await settled();
    source.broken = true;
    list.want(400, 390);
    await settled();
    expect(list.current()).toMatchObject({ phase: 'failed', message: 'Gone.', count: 1000 });
    expect(at(0)).toBe(0);
    source.broken = false;
    list.retry();
    await settled();
    expect(list.current().phase).toBe('ready');
    expect(at(400)).toBe(400);
  });
});

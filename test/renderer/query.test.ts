import { describe, expect, it, vi } from 'vitest';
import { PagedList, type Page } from '../../renderer/store/paged-list.ts';
import { Query } from '../../renderer/store/query.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Query', () => {
  it('reads once for all who look, and stops with the last', async () => {
    let signal: AbortSignal | undefined;
    const load = vi.fn((given: AbortSignal) => {
      signal = given;
      return new Promise<number>(() => {});
    });
    const query = new Query({ load });
    const undo = [query.subscribe(() => {}), query.subscribe(() => {})];
    expect(load).toHaveBeenCalledOnce();
    undo.forEach((stop) => stop());
    expect(signal?.aborted).toBe(true);
    await settled();
    expect(query.current()).toEqual({ kind: 'loading' });
  });

  it('reads again when told meanwhile, and shows the later answer', async () => {
    const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
    let asked = 0;
    const query = new Query({
      load: () => answers[asked++]?.promise ?? Promise.reject(new Error('too many')),
    });
    query.subscribe(() => {});
    query.reload();
    expect(asked).toBe(1);
    answers[0]?.resolve(1);
    await settled();
    expect(asked).toBe(2);
    answers[1]?.resolve(2);
    await settled();
    expect(query.current()).toEqual({ kind: 'ready', value: 2 });
  });

  it('says why it failed', async () => {
    const query = new Query({ load: () => Promise.reject(new Error('no such proof')) });
    query.subscribe(() => {});
    await settled();
    expect(query.current()).toEqual({ kind: 'failed', message: 'No such proof.' });
  });
});

describe('PagedList', () => {
  const pages = (sizes: readonly number[], total?: number) => {
    const load = vi.fn((cursor: string | undefined): Promise<Page<string>> => {
      const at = Number(cursor ?? 0);
      const items = Array.from({ length: sizes[at] ?? 0 }, (_, index) => `${at}.${index}`);
      return Promise.resolve({ items, total, ...(at + 1 < sizes.length ? { next: String(at + 1) } : {}) });
    });
    return { load, list: new PagedList<string>({ load, keyOf: (item) => item }) };
  };

  it('reads as far as is looked at, and no further', async () => {
    const { load, list } = pages([10, 10, 10], 30);
    list.subscribe(() => {});
    await settled();
    expect(list.current()).toMatchObject({ count: 30, complete: false });
    expect(load).toHaveBeenCalledOnce();
    list.want(15);
    await settled();
    expect(list.current().items).toHaveLength(20);
    list.want(29);
    await settled();
    expect(list.current()).toMatchObject({ count: 30, complete: true });
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('shows a row once that moved to the next page', async () => {
    const answers: Page<string>[] = [{ items: ['a', 'b'], next: '1' }, { items: ['b', 'c'] }];
    const list = new PagedList<string>({
      load: () => Promise.resolve(answers.shift() ?? { items: [] }),
      keyOf: (item) => item,
    });
    list.subscribe(() => {});
    list.want(3);
    await settled();
    expect(list.current().items).toEqual(['a', 'b', 'c']);
  });

  it('keeps what it has when a page fails, and goes on after a retry', async () => {
    let broken = true;
    const list = new PagedList<string>({
      load: (cursor) => {
        if (cursor === undefined) return Promise.resolve({ items: ['a'], next: '1' });
        return broken ? Promise.reject(new Error('gone')) : Promise.resolve({ items: ['b'] });
      },
      keyOf: (item) => item,
    });
    list.subscribe(() => {});
    list.want(1);
    await settled();
    expect(list.current()).toMatchObject({ items: ['a'], phase: 'failed', message: 'Gone.' });
    broken = false;
    list.retry();
    await settled();
    expect(list.current()).toMatchObject({ items: ['a', 'b'], phase: 'ready', complete: true });
  });
});

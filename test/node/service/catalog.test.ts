import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commands, type ParsedInput, type StatementStatus } from '../../../core/api/index.ts';
import { Catalog, type CatalogEntry } from '../../../core/node/service/catalog.ts';
import { DIFFICULTIES, makeStatement } from '../../../core/record/index.ts';

const TOPICS = ['algebra', 'number theory', undefined];

const entry = (n: number): CatalogEntry => {
  const topic = TOPICS[n % 3];
  const difficulty = n % 5 === 4 ? undefined : DIFFICULTIES[n % 4];
  return {
    statement: makeStatement({
      environment: { lean: '4.28.0-pre', library: 'core' },
      header: '',
      formal: `theorem t${n} (a : Nat) : a + ${n} = ${n} + a`,
      name: `t${n}`,
      ...(topic === undefined ? {} : { topic }),
      ...(difficulty === undefined ? {} : { difficulty }),
    }),
    addedAt: n,
  };
};

function scene(count: number) {
  const entries = Array.from({ length: count }, (_, n) => entry(n));
  const solved = new Set<string>();
  const catalog = new Catalog({
    entries: () => entries,
    statusOf: (id) => ({ status: solved.has(id) ? 'solved' : 'open' }),
    workersOn: (id) => (id === entries[1]?.statement.id ? 2 : 0),
    isWatched: (id) => id === entries[0]?.statement.id,
  });
  return { catalog, entries, solved };
}

const filter = (input: object): ParsedInput<'statements.list'> =>
  commands['statements.list'].input.parse(input);
const signal = new AbortController().signal;

async function all(catalog: Catalog, input: object): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await catalog.page(
      filter({ ...input, ...(cursor === undefined ? {} : { cursor }) }),
      signal,
    );
    names.push(...page.items.map(({ name }) => name));
    expect(page.items.length).toBeLessThanOrEqual(filter(input).limit);
    cursor = page.next;
  } while (cursor !== undefined);
  return names;
}

describe('Catalog', () => {
  test('any part of a list is read by itself, and is what the pages have there', async () => {
    const { catalog } = scene(57);
    for (const sort of ['added', 'name', 'difficulty']) {
      const names = await all(catalog, { sort });
      for (const offset of [0, 13, 50, 56, 57, 1000]) {
        const { items, total } = await catalog.page(filter({ sort, offset, limit: 10 }), signal);
        expect(items.map(({ name }) => name)).toEqual(names.slice(offset, offset + 10));
        expect(total).toBe(57);
      }
    }
  });

  test('the pages of a list hold each matching statement once, in order', async () => {
    const { catalog, entries, solved } = scene(57);
    entries.slice(0, 20).forEach(({ statement }) => solved.add(statement.id));
    const inputs = fc.record(
      {
        limit: fc.integer({ min: 1, max: 30 }),
        topic: fc.constantFrom('algebra', 'number theory', 'nothing'),
        difficulty: fc.constantFrom(...DIFFICULTIES),
        status: fc.subarray<StatementStatus>(['open', 'solved', 'working']),
        sort: fc.constantFrom('added', 'name', 'difficulty'),
        query: fc.constantFrom('', 'A + 1', 't5', 'Nat zzz'),
      },
      { requiredKeys: ['limit'] },
    );
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const names = await all(catalog, input);
        const expected = entries.filter(({ statement }) => {
          const { topic, difficulty, name, formal, id } = statement;
          const words = (input.query ?? '').toLowerCase().split(' ').filter(Boolean);
          const status = solved.has(id) ? 'solved' : 'open';
          return (
            (input.topic === undefined || topic === input.topic) &&
            (input.difficulty === undefined || difficulty === input.difficulty) &&
            (input.status === undefined || input.status.length === 0 || input.status.includes(status)) &&
            words.every((word) => `${name}\n${formal}\n${id}`.toLowerCase().includes(word))
          );
        });
        expect([...names].sort()).toEqual(expected.map(({ statement }) => statement.name).sort());
      }),
      { numRuns: 100 },
    );
  });

  test('newest first unless asked otherwise; unknown difficulty last', async () => {
    const { catalog } = scene(12);
    expect((await all(catalog, {}))[0]).toBe('t11');
    const byDifficulty = await catalog.page(filter({ sort: 'difficulty' }), signal);
    expect(byDifficulty.items.at(-1)?.difficulty).toBeUndefined();
    expect(byDifficulty.items[0]?.difficulty).toBe('easy');
  });

  test('a list that is being read does not shift under the reader', async () => {
    const { catalog, entries, solved } = scene(10);
    const first = await catalog.page(filter({ status: ['open'], limit: 5 }), signal);
    solved.add(entries[9]?.statement.id ?? '');
    catalog.changed();
    const second = await catalog.page(filter({ status: ['open'], limit: 5, cursor: first.next }), signal);
    expect(second.items.map(({ name }) => name)).toEqual(['t4', 't3', 't2', 't1', 't0']);
    expect((await catalog.page(filter({ status: ['open'], limit: 5 }), signal)).total).toBe(9);
  });

  test('counts what there is to filter by', async () => {
    const { catalog } = scene(9);
    const facets = await catalog.facets(signal);
    expect(facets.total).toBe(9);
    expect(facets.topic).toEqual([
      { value: 'algebra', count: 3 },
      { value: 'number theory', count: 3 },
    ]);
    expect(facets.status).toEqual([{ value: 'open', count: 9 }]);
  });

  test('a row says how many peers work on it, where any does', async () => {
    const { catalog } = scene(3);
    const { items } = await catalog.page(filter({ sort: 'name' }), signal);
    expect(items.map(({ name, workers }) => [name, workers])).toEqual([
      ['t0', undefined],
      ['t1', 2],
      ['t2', undefined],
    ]);
  });

  test('a hundred thousand are filtered in well under a second, and the search can be given up', async () => {
    const one = entry(1);
    const catalog = new Catalog({
      entries: function* () {
        for (let i = 0; i < 100_000; i++) yield one;
      },
      statusOf: () => ({ status: 'open' }),
      workersOn: () => 0,
      isWatched: () => false,
    });
    const started = performance.now();
    expect((await catalog.page(filter({ query: 'nat a' }), signal)).total).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(3000);
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(catalog.page(filter({ query: 'other' }), gone)).rejects.toThrow('gone');
  });
});

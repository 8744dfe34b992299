import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeStatement } from '../../core/record/index.ts';
import { StatementBoard } from '../../core/statement/index.ts';
import { longStatement as statement } from './long-statement.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-board-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const [a, b, c] = [statement('a'), statement('b'), statement('c')];
const names = (board: StatementBoard): string[] => [...board.entries()].map((entry) => entry.statement.name);

describe('the board', () => {
  test('keeps statements whole and in the order of import, with the time', async () => {
    const directory = path.join(await temporaryDirectory(), 'made', 'when needed');
    const rich = makeStatement({
      environment: { lean: '4.9.0', library: 'mathlib', revision: 'abc' },
      header: 'import Mathlib\n\nopen Nat',
      formal: 'theorem «a b» :\n    True',
      name: '«a b»',
      informal: 'Übung\n"quoted"',
      topic: 'logic',
      difficulty: 'hard',
      tags: ['x'],
      source: { dataset: 'd', licence: 'MIT', url: 'https://example.org' },
    });
    const board = await StatementBoard.open(directory);
    expect(board.size).toBe(0);
    expect(await board.add([b, rich], 5)).toBe(2);
    expect(await board.add([a], 6)).toBe(1);
    const reopened = await StatementBoard.open(directory);
    expect([...reopened.entries()]).toEqual([
      { statement: b, importedAt: 5 },
      { statement: rich, importedAt: 5 },
      { statement: a, importedAt: 6 },
    ]);
    expect(reopened.damagedLines).toEqual([]);
  });

  test('takes a statement once, however often it comes, and keeps the first', async () => {
    const directory = await temporaryDirectory();
    const board = await StatementBoard.open(directory);
    expect(await board.add([a, a, { ...a, topic: 'later' }], 1)).toBe(1);
    expect(await board.add([a, b], 2)).toBe(1);
    expect(await board.add([a, b], 3)).toBe(0);
    const size = (await stat(board.file)).size;
    expect(await board.add([], 4)).toBe(0);
    expect((await stat(board.file)).size).toBe(size);
    const reopened = await StatementBoard.open(directory);
    expect([...reopened.entries()].map(({ importedAt }) => importedAt)).toEqual([1, 2]);
    expect(reopened.has(a.id)).toBe(true);
    expect(reopened.has(c.id)).toBe(false);
  });

  test('does not hold what could not be written', async () => {
    const directory = await temporaryDirectory();
    const board = await StatementBoard.open(directory);
    await rm(directory, { recursive: true });
    await expect(board.add([a])).rejects.toThrow(/ENOENT/);
    expect(board.size).toBe(0);
  });

  test('finds by id, by the beginning of an id and by name', async () => {
    const board = await StatementBoard.open(await temporaryDirectory());
    const { environment, formal, name } = a;
    const otherA = makeStatement({ environment, header: 'open Nat', formal, name });
    await board.add([a, otherA, b]);
    expect(board.find(a.id)).toMatchObject({ kind: 'one', entry: { statement: a } });
    expect(board.find(b.id.slice(0, 20))).toMatchObject({ kind: 'one', entry: { statement: b } });
    expect(board.find('b')).toMatchObject({ kind: 'one', entry: { statement: b } });
    expect(board.find('a')).toMatchObject({
      kind: 'ambiguous',
      entries: [{ statement: a }, { statement: otherA }],
    });
    expect(board.find('bafy')).toMatchObject({ kind: 'ambiguous' });
    for (const query of ['', 'z', 'constructor', '__proto__'])
      expect(board.find(query)).toEqual({ kind: 'none' });
  });
});

describe('after a crash', () => {
  test('a line that was cut short anywhere costs that line only, and what is added then is whole', async () => {
    const directory = await temporaryDirectory();
    const board = await StatementBoard.open(directory);
    await board.add([a, b]);
    const whole = await readFile(board.file, 'utf8');
    const start = whole.lastIndexOf('{"statement"');
    for (const cut of [start, start + 1, start + 40, whole.length - 2]) {
      await writeFile(board.file, whole);
      await truncate(board.file, cut);
      const torn = await StatementBoard.open(directory);
      expect(names(torn)).toEqual(['a']);
      expect(torn.damagedLines).toEqual(cut === start ? [] : [3]);
      expect(await torn.add([c, b])).toBe(2);
      const mended = await StatementBoard.open(directory);
      expect(names(mended)).toEqual(['a', 'c', 'b']);
    }
  });

  test('a line end that was lost costs nothing', async () => {
    const directory = await temporaryDirectory();
    const board = await StatementBoard.open(directory);
    await board.add([a]);
    await truncate(board.file, (await stat(board.file)).size - 1);
    const torn = await StatementBoard.open(directory);
    expect(names(torn)).toEqual(['a']);
    await torn.add([b]);
    expect(names(await StatementBoard.open(directory))).toEqual(['a', 'b']);
  });
});

test.each([
  ['text', 'garbage'],
  ['another shape', '{"statement":{"name":"x"},"importedAt":1}'],
  ['another time', '{"statement":{},"importedAt":-1}'],
  ['JSON of nothing', 'null'],
  ['bytes that are no text', '\0\u0001'],
])('a damaged line is reported by its number and passed over: %s', async (_, line) => {
  const directory = await temporaryDirectory();
  const board = await StatementBoard.open(directory);
  await board.add([a]);
  await appendFile(board.file, `${line}\n`);
  await board.add([b]);
  const reopened = await StatementBoard.open(directory);
  expect(reopened.damagedLines).toEqual([3]);
  expect(names(reopened)).toEqual(['a', 'b']);
});

test('a file that is longer than any text is read all the same, and a line of no end is passed over', async () => {
  const directory = await temporaryDirectory();
  const board = await StatementBoard.open(directory);
  await board.add([a]);
  // Sparse, so that it takes no room: V8's longest text has 2^29 - 24 characters.
  await truncate(board.file, 2 ** 29);
  await appendFile(board.file, '\n');
  await board.add([b]);
  const reopened = await StatementBoard.open(directory);
  expect(names(reopened)).toEqual(['a', 'b']);
  expect(reopened.damagedLines).toEqual([3]);
  expect(reopened.bytes).toBe((await stat(board.file)).size);
  const before = reopened.bytes;
  await reopened.add([c]);
  expect(reopened.bytes).toBe((await stat(board.file)).size);
  expect(reopened.bytes).toBeGreaterThan(before);
});

test('several processes may add at once, however much: no line is damaged, none is lost', async () => {
  const directory = await temporaryDirectory();
  // 4 MB each: far more than is written in one go by those who cut it up.
  const writers = ['p', 'q', 'r'].map((prefix) =>
    fork(new URL('./board-writer.ts', import.meta.url), [directory, prefix, '400', '10000'], {
      execArgv: [],
    }),
  );
  onTestFinished(() => writers.forEach((writer) => void writer.kill()));
  await Promise.all(writers.map((writer) => once(writer, 'message')));
  const added = writers.map((writer) => once(writer, 'message').then(([count]) => count as number));
  for (const writer of writers) writer.send('go');
  expect(await Promise.all(added)).toEqual([400, 400, 400]);
  const board = await StatementBoard.open(directory);
  expect(board.damagedLines).toEqual([]);
  expect(board.size).toBe(1200);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  formatOf,
  MAX_LEAN_BYTES,
  MAX_LINE_BYTES,
  readStatements,
  toDatasetLine,
  UnknownFileTypeError,
  UnreadableFileError,
  type StatementEntry,
  type StatementFormat,
} from '../../core/statement/index.ts';
import { collectStatements } from '../support/collect-statements.ts';
import { bytesOf, CORE, only, readLean } from './helpers.ts';

const OPTIONS = { environment: CORE };
const row = (name: string): string =>
  JSON.stringify({ name, formal_statement: `theorem ${name} : p := by sorry` });

const read = (format: StatementFormat, bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
  collectStatements({ file: `a.${format}`, format, bytes }, OPTIONS);

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'statements-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['a.lean', 'lean'],
    ['a.b.LEAN', 'lean'],
    ['/x/a.jsonl', 'jsonl'],
    ['a.ndjson', 'jsonl'],
    ['a.json', 'json'],
  ])('are read by their ending: %s', (file, format) => {
    expect(formatOf(file)).toBe(format);
  });

  it.each(['a.txt', 'a', 'lean', 'a.lean.gz', 'a.json5', ''])(
    'of another type are refused: %s',
    async (file) => {
      expect(() => formatOf(file)).toThrow(UnknownFileTypeError);
      await expect(collectStatements(file, OPTIONS)).rejects.toThrow(/expected a name that ends in \.lean/);
    },
  );

  it('that are not there are refused by name, with the system’s reason', async () => {
    const missing = join(folder, 'missing.lean');
    const failure = collectStatements(missing, OPTIONS);
    await expect(failure).rejects.toThrow(UnreadableFileError);
    await expect(failure).rejects.toMatchObject({ file: missing, cause: { code: 'ENOENT' } });
  });

  it('of every type give the same statements', async () => {
    const rows = [row('a'), row('b')];
    const texts = {
      'x.lean': 'theorem a : p := by sorry\ntheorem b : p := by sorry',
      'x.jsonl': rows.join('\n'),
      'x.ndjson': `\uFEFF${rows.join('\r\n')}\r\n`,
      'x.json': `[${rows.join(',')}]`,
    };
    const ids = [];
    for (const [name, text] of Object.entries(texts)) {
      const file = join(folder, name);
      await writeFile(file, text);
      const { statements, problems } = await collectStatements(file, OPTIONS);
      expect(problems).toEqual([]);
      ids.push(statements.map((statement) => statement.id));
    }
    expect(new Set(ids.map(String)).size).toBe(1);
    expect(ids[0]).toHaveLength(2);
  });
});

describe('a dataset of lines', () => {
  it('loads good lines around bad ones, each with its number', async () => {
    const lines = [row('a'), '', '{', row('b'), '   ', '{"x": 1}', row('c')];
    const { statements, problems } = await read('jsonl', bytesOf(lines.join('\n')));
    expect(statements.map((statement) => statement.name)).toEqual(['a', 'b', 'c']);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'syntax'],
      [6, 'no-statement'],
    ]);
  });

  it('is the same however it is cut into chunks', async () => {
    const text = `\uFEFF${row('α')}\r\n\r\n${row('b')}\r\n{"𝓝`;
    const whole = new TextEncoder().encode(text);
    const expected = await read('jsonl', [whole]);
    expect(expected.statements.map((statement) => statement.name)).toEqual(['α', 'b']);
    expect(expected.problems).toHaveLength(1);
    for (const size of [1, 2, 3, 7, 50]) {
      const chunks = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
      expect(await read('jsonl', chunks)).toEqual(expected);
    }
  });

  it('tells of bytes that are not UTF-8, and goes on', async () => {
    const bad = Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d, 0x0a);
    const { statements, problems } = await read('jsonl', [
      ...bytesOf(`${row('a')}\n`),
      bad,
      ...bytesOf(row('b')),
    ]);
    expect(statements).toHaveLength(2);
    expect(problems).toMatchObject([{ line: 2, code: 'encoding' }]);
  });

  it('that is empty says so', async () => {
    for (const bytes of [[], bytesOf(''), bytesOf('\n', ' \r\n')]) {
      const { problems } = await read('jsonl', bytes);
      expect(problems).toMatchObject([{ code: 'no-statement', message: 'the file holds no rows' }]);
    }
  });

  it('refuses a line of any length without keeping it, and reads the next', async () => {
    const megabyte = new Uint8Array(1_048_576).fill(0x78);
    function* chunks() {
      yield* bytesOf(`${row('a')}\n`);
      for (let i = 0; i < 800; i++) yield megabyte;
      yield* bytesOf(`\n${row('b')}`);
    }
    const before = process.memoryUsage().rss;
    const { statements, problems } = await read('jsonl', chunks());
    expect(statements.map((statement) => statement.name)).toEqual(['a', 'b']);
    expect(problems).toMatchObject([{ line: 2, code: 'too-large' }]);
    // To keep the line, even once, would take 840 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });

  it.each(['jsonl', 'json'] as const)(
    'is read as a stream: %s entries come while the file is read',
    async (format) => {
      let given = 0;
      function* chunks() {
        if (format === 'json') yield* bytesOf('[');
        for (; given < 1000; given++) yield* bytesOf(`${row(`t${given}`)}${format === 'json' ? ',' : ''}\n`);
        if (format === 'json') yield* bytesOf('{}]');
      }
      let read = 0;
      for await (const entry of readStatements({ file: 'a', format, bytes: chunks() }, OPTIONS)) {
        if (entry.kind === 'statement') expect(entry.statement.name).toBe(`t${read++}`);
        expect(given - read).toBeLessThanOrEqual(1);
      }
      expect(read).toBe(1000);
    },
  );

  it('takes a line of just the longest length', async () => {
    const base = { formal_statement: 'theorem a : p := by sorry', proof: '' };
    const room = MAX_LINE_BYTES - JSON.stringify(base).length;
    const longest = JSON.stringify({ ...base, proof: 'x'.repeat(room) });
    expect((await read('jsonl', bytesOf(longest))).statements).toHaveLength(1);
    expect((await read('jsonl', bytesOf(longest + ' '))).problems).toMatchObject([{ code: 'too-large' }]);
  });
});

describe('a dataset in an array', () => {
  it.each([
    ['of nothing', '[]', [], ['no-statement']],
    ['with line ends and blanks', `\uFEFF [\r\n ${row('a')} ,\n${row('b')}\n]\n`, ['a', 'b'], []],
    ['with brackets in texts', `[{"x": "]},{\\"[", "formal_statement": "theorem a : p"}]`, ['a'], []],
    ['with nested values', `[{"x": [[{}, [1]], {"y": []}], "formal_statement": "theorem a : p"}]`, ['a'], []],
    ['with a bad element', `[${row('a')}, 5, {"x" 1}, ${row('b')}]`, ['a', 'b'], ['invalid', 'syntax']],
    ['never closed', `[${row('a')}, ${row('b')}`, ['a'], ['syntax']],
    ['never closed after a comma', `[${row('a')},`, ['a'], ['syntax']],
    ['with a comma too many', `[${row('a')},]`, ['a'], ['syntax']],
    ['with two commas', `[${row('a')},,${row('b')}]`, ['a'], ['syntax']],
    ['with something after it', `[${row('a')}] x`, ['a'], ['syntax']],
    ['that is an object', row('a'), [], ['syntax']],
    ['that is empty', ' \n', [], ['syntax']],
    ['with a comma missing', `[${row('a')} ${row('b')}]`, [], ['syntax']],
  ])('%s', async (_, text, names, codes) => {
    for (const size of [1, 5, 1000]) {
      const whole = new TextEncoder().encode(text);
      const chunks = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
      const { statements, problems } = await read('json', chunks);
      expect(statements.map((statement) => statement.name)).toEqual(names);
      expect(problems.map((problem) => problem.code)).toEqual(codes);
    }
  });

  it('tells the line where an element starts, and where its JSON breaks off', async () => {
    const text = `[\n${row('a')},\n{\n  "x" 1\n},\n{"y": 2}\n]`;
    const { problems } = await read('json', bytesOf(text));
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [4, 6],
      [6, undefined],
    ]);
  });

  it('refuses an element that is too long, and reads the next', async () => {
    const long = JSON.stringify({ x: 'x'.repeat(MAX_LINE_BYTES) });
    const { statements, problems } = await read('json', bytesOf(`[${long},`, `${row('a')}]`));
    expect(statements).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 1, code: 'too-large' }]);
  });
});

describe('a Lean file', () => {
  it('is read from its bytes, whatever the chunks', async () => {
    const text = 'theorem «αβ» : "𝓝" = x := by sorry';
    const whole = new TextEncoder().encode(text);
    const chunks = Array.from(whole, (byte) => Uint8Array.of(byte));
    expect((await read('lean', chunks)).statements).toEqual([only(readLean(text))]);
  });

  it('that is not UTF-8 is told with the line', async () => {
    const { problems } = await read('lean', [
      ...bytesOf('-- ä\n-- x\n-- '),
      Uint8Array.of(0xff),
      ...bytesOf('\n-- y'),
    ]);
    expect(problems).toMatchObject([{ code: 'encoding', line: 3 }]);
  });

  it('that breaks off inside a character is told', async () => {
    const { problems } = await read('lean', [...bytesOf('-- x\n'), Uint8Array.of(0xc3)]);
    expect(problems).toMatchObject([{ code: 'encoding', line: 2 }]);
  });

  it('beyond its bound is refused before it is all read', async () => {
    let given = 0;
    function* chunks() {
      for (; given < 1000; given++) yield new Uint8Array(1_048_576).fill(0x20);
    }
    const { problems } = await read('lean', chunks());
    expect(problems).toMatchObject([{ code: 'too-large' }]);
    expect(given).toBeLessThanOrEqual(MAX_LEAN_BYTES / 1_048_576 + 1);
  });
});

describe('a statement that comes twice', () => {
  it.each(['lean', 'jsonl', 'json'] as const)('in one %s file is kept once and told', async (format) => {
    const text = {
      lean: 'theorem a : p := by sorry\ntheorem b : p := sorry\n/-- again -/\ntheorem a : p := sorry',
      jsonl: [
        row('a'),
        row('b'),
        '',
        JSON.stringify({ id: 'other', formal_statement: 'theorem a : p' }),
      ].join('\n'),
      json: `[${row('a')},\n${row('b')},\n\n${row('a')}]`,
    }[format];
    const { statements, duplicates, problems } = await read(format, bytesOf(text));
    expect(statements.map((statement) => statement.name)).toEqual(['a', 'b']);
    expect(problems).toEqual([]);
    expect(duplicates).toEqual([
      { kind: 'duplicate', id: statements[0]?.id, name: 'a', file: `a.${format}`, line: 4, firstLine: 1 },
    ]);
  });

  it('is two statements where its header differs', async () => {
    const text = 'theorem a : p := sorry\nopen Nat\ntheorem a : p := sorry';
    expect((await read('lean', bytesOf(text))).statements).toHaveLength(2);
  });
});

describe('reading', () => {
  it('stops at once when it is aborted', async () => {
    const controller = new AbortController();
    const entries: StatementEntry[] = [];
    const reading = async (): Promise<void> => {
      const source = {
        file: 'a',
        format: 'jsonl',
        bytes: bytesOf([row('a'), row('b'), row('c')].join('\n')),
      } as const;
      for await (const entry of readStatements(source, { ...OPTIONS, signal: controller.signal })) {
        entries.push(entry);
        controller.abort(new Error('enough'));
      }
    };
    await expect(reading()).rejects.toThrow('enough');
    expect(entries).toHaveLength(1);
  });

  it('gives back the file it reads when the caller stops', async () => {
    let closed = false;
    async function* bytes() {
      try {
        for (;;) yield await Promise.resolve(bytesOf(`${row('a')}\n`)[0] ?? new Uint8Array());
      } finally {
        closed = true;
      }
    }
    for await (const entry of readStatements({ file: 'a', format: 'jsonl', bytes: bytes() }, OPTIONS)) {
      expect(entry.kind).toBe('statement');
      break;
    }
    expect(closed).toBe(true);
  });

  it('reads what was written, line by line', async () => {
    const { statements } = await read(
      'lean',
      bytesOf('open Nat\n/-- x -/\ntheorem a : p := sorry\ntheorem b : q := sorry'),
    );
    const written = statements.map(toDatasetLine).join('\n');
    expect((await read('jsonl', bytesOf(written))).statements).toEqual(statements);
  });
});

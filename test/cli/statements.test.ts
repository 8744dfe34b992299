import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBank } from '../../core/memory/index.ts';
import { makeStatement, type Statement } from '../../core/record/index.ts';
import { prove } from '../memory/proofs.ts';
import { CORE } from '../support/lean.ts';
import { runHere, temporaryDirectory, write } from './run.ts';

const ROWS = [
  {
    name: 'swap',
    formal_statement: 'theorem swap (a b : Nat) : a + b = b + a := by sorry',
    topic: 'nat',
    difficulty: 'easy',
  },
  {
    name: 'square',
    formal_statement: 'theorem square (a : Int) : 0 ≤ a * a := by sorry',
    topic: 'int',
    difficulty: 'medium',
  },
  {
    name: 'logic',
    formal_statement: 'theorem logic (p : Prop) : p → p := by sorry',
    informal_statement: 'Every proposition\nimplies itself.',
  },
];
const DATASET = ROWS.map((row) => JSON.stringify(row));

/** A data directory with the three statements on its board. */
async function board(): Promise<{ data: string; file: string }> {
  const data = await temporaryDirectory();
  const file = await write(data, 'set.jsonl', ...DATASET);
  expect(await runHere('statements', 'import', file, '--data', data)).toMatchObject({ code: 0 });
  return { data, file };
}

async function list(data: string, ...args: string[]): Promise<(Statement & { solved: boolean })[]> {
  const { code, out } = await runHere('statements', 'list', '--json', '--data', data, ...args);
  expect(code).toBe(0);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Statement & { solved: boolean });
}

const names = (statements: readonly Statement[]): string[] => statements.map(({ name }) => name);

describe('statements import', () => {
  test('counts what was new, what was known, what came twice and what could not be read', async () => {
    const data = await temporaryDirectory();
    const lean = await write(
      data,
      'a.lean',
      'theorem one : 1 = 1 := by sorry',
      'theorem two : 2 = 2 := by rfl',
    );
    const set = await write(data, 'b.jsonl', ...DATASET, DATASET[0] ?? '', '{"name": ');
    const first = await runHere('statements', 'import', lean, set, '--data', data);
    expect(first).toMatchObject({
      code: 0,
      out: '4 added, 0 known before, 1 duplicates, 1 problems; 4 statements in all\n',
      err: expect.stringMatching(
        /b\.jsonl:4: swap is the statement of line 1 again\n.*b\.jsonl:5: not JSON/,
      ) as string,
    });
    const again = await runHere('statements', 'import', lean, set, '--json', '--data', data);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toEqual({ added: 0, known: 4, duplicates: 1, problems: 1, statements: 4 });
  });

  test('ends with 1 where the files hold no statement', async () => {
    const data = await temporaryDirectory();
    const file = await write(data, 'a.lean', '-- nothing');
    expect(await runHere('statements', 'import', file, '--data', data)).toMatchObject({ code: 1 });
  });

  test('keeps what came before a file that cannot be read, and ends with 2', async () => {
    const data = await temporaryDirectory();
    const file = await write(data, 'a.jsonl', ...DATASET);
    const missing = path.join(data, 'no.jsonl');
    expect(await runHere('statements', 'import', file, missing, '--data', data)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^proofswarm: .*no\.jsonl: cannot be read: there is no such file\n$/,
      ) as string,
    });
    expect(names(await list(data))).toEqual(['swap', 'square', 'logic']);
  });
});

describe('statements list', () => {
  test('shows a row a statement, and cuts long ones', async () => {
    const { data } = await board();
    const { code, out, err } = await runHere('statements', 'list', '--data', data, '--limit', '2');
    expect({ code, err }).toEqual({ code: 0, err: '1 more; --limit shows more\n' });
    expect(out).toMatch(
      /^id +status +difficulty +topic +name +statement\n─[─ ]+\nbafyrei\w{9} +open +easy +nat +swap +theorem swap/,
    );
    expect(out.trimEnd().split('\n')).toHaveLength(4);
  });

  test.each([
    [[], ['swap', 'square', 'logic']],
    [['--topic', 'nat'], ['swap']],
    [['--topic', 'geometry'], []],
    [['--difficulty', 'medium'], ['square']],
    [['--difficulty', 'medium', '--topic', 'nat'], []],
    [
      ['--status', 'open'],
      ['swap', 'logic'],
    ],
    [['--status', 'solved'], ['square']],
    [['--status', 'open', '--topic', 'nat'], ['swap']],
    [['--limit', '1'], ['swap']],
  ])('filters: %j', async (filters, expected) => {
    const { data } = await board();
    const square = (await list(data)).find(({ name }) => name === 'square');
    if (square === undefined) throw new Error('not imported');
    const { proof, signed } = prove(square);
    {
      await using bank = await openBank({ directory: path.join(data, 'bank') });
      await bank.insert(proof, signed);
    }
    const found = await list(data, ...filters);
    expect(names(found)).toEqual(expected);
    expect(found.every(({ name, solved }) => solved === (name === 'square'))).toBe(true);
  });

  test('says what to do where there is nothing yet', async () => {
    const data = await temporaryDirectory();
    const { code, out, err } = await runHere('statements', 'list', '--data', data);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '',
      err: 'No statements yet: proofswarm statements import FILE\n',
    });
  });

  test('tells of damaged lines, with the file and the line, and shows the others', async () => {
    const { data } = await board();
    const file = path.join(data, 'statements/statements.jsonl');
    await appendFile(file, 'garbage\n');
    const { code, out, err } = await runHere('statements', 'list', '--data', data);
    const line = (await readFile(file, 'utf8')).split('\n').indexOf('garbage') + 1;
    expect(err).toBe(`${file}:${line}: damaged, passed over; import its statements again\n`);
    expect({ code, lines: out.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 5 });
  });

  test('needs a directory: a file in its place is an error in one line', async () => {
    const data = await write(await temporaryDirectory(), 'file', '');
    for (const args of [['list'], ['show', 'x'], ['import', 'a.lean']]) {
      const { code, out, err } = await runHere('statements', ...args, '--data', data);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^proofswarm: .*\/file.*: a part of the path is no directory\n$/);
    }
  });
});

describe('statements show', () => {
  test('finds a statement by its name, its id and the beginning of its id', async () => {
    const { data } = await board();
    const [, , logic] = await list(data);
    const id = logic?.id ?? '';
    for (const query of ['logic', id, id.slice(0, 20)]) {
      const { code, out } = await runHere('statements', 'show', query, '--data', data);
      expect(code).toBe(0);
      expect(out).toContain(`statement  ${id}\nname       logic\nholds in   `);
      expect(out).toContain('\ninformal   Every proposition\nimplies itself.\n');
      expect(out).toContain('\n\ntheorem logic (p : Prop) : p → p := by\n  sorry\n');
    }
  });

  test('prints the whole statement as JSON', async () => {
    const { data } = await board();
    const [swap] = await list(data);
    const { out } = await runHere('statements', 'show', 'swap', '--json', '--data', data);
    expect({ ...(JSON.parse(out) as Statement), solved: false }).toEqual(swap);
  });

  test('ends with 1 where there is none, and with 2 where there are several', async () => {
    const { data } = await board();
    expect(await runHere('statements', 'show', 'nonsense', '--data', data)).toEqual({
      code: 1,
      out: '',
      err: 'proofswarm: no statement with the id or name nonsense\n',
    });
    expect(await runHere('statements', 'show', 'bafy', '--data', data)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/several statements: bafyrei\w+ \(swap\), bafyrei\w+ \(square\)/) as string,
    });
    const other = makeStatement({
      environment: CORE,
      header: '',
      formal: 'theorem swap : True',
      name: 'swap',
    });
    const file = path.join(data, 'other.jsonl');
    await writeFile(file, JSON.stringify({ name: 'swap', formal_statement: `${other.formal} := by sorry` }));
    expect(await runHere('statements', 'import', file, '--data', data)).toMatchObject({ code: 0 });
    expect(await runHere('statements', 'show', 'swap', '--data', data)).toMatchObject({ code: 2 });
    expect(await runHere('statements', 'show', other.id, '--data', data)).toMatchObject({ code: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { describeEntry } from '../../core/statement/index.ts';
import {
  challenge,
  CORE,
  only,
  onlyProblem,
  problemsOf,
  readLean,
  readRow,
  statementsOf,
} from './helpers.ts';

const HEADER =
  'import Mathlib\nimport Aesop\n\nset_option maxHeartbeats 0\n\nopen BigOperators Real Nat Topology Rat';

describe('a formal statement in a row', () => {
  it.each([
    ['`:= by sorry`', ' := by sorry'],
    ['`:= sorry`', ' := sorry'],
    ['`:= by` and a line end', ' := by\n'],
    ['`:= by` and a comment', ' := by -- here'],
    ['`:=`', ' :='],
    ['nothing', ''],
    ['blanks', '  \n '],
  ])('may end with %s, all meaning the same', (_, end) => {
    const formal = 'theorem a : let x := 1; ∀ y, y = x → y = 1';
    const statement = only(readRow({ name: 'a', formal_statement: formal + end }));
    expect(statement.formal).toBe(formal);
    expect(statement.id).toBe(only(readLean(`${formal} := by sorry`)).id);
  });

  it('may repeat the header', () => {
    const body = 'theorem a : p := by sorry';
    const apart = only(readRow({ header: HEADER, formal_statement: body }));
    const repeated = only(readRow({ header: HEADER, formal_statement: `${HEADER}\n\n${body}` }));
    const importing = only(readRow({ header: HEADER, formal_statement: `import Mathlib\n\n${body}` }));
    expect(repeated.id).toBe(apart.id);
    expect(importing.id).toBe(apart.id);
  });

  it('has the id that the same Lean file has', () => {
    const text = `${HEADER}\n\nnamespace N\n\ndef f := 1\n\ntheorem a : f = 1 := by sorry`;
    expect(only(readRow({ formal_statement: text })).id).toBe(only(readLean(text)).id);
    expect(only(readRow({ formal_statement: text.replaceAll('\n', '\r\n') })).id).toBe(
      only(readLean(text)).id,
    );
  });

  it('may state several theorems', () => {
    const entries = readRow({
      uuid: 'u',
      formal_statement: 'theorem a : p := by sorry\n\ntheorem b : q := by sorry',
    });
    expect(statementsOf(entries).map(({ name, header, tags }) => ({ name, header, tags }))).toEqual([
      { name: 'a', header: '', tags: ['id:u'] },
      { name: 'b', header: '', tags: ['id:u'] },
    ]);
  });

  it('makes a challenge that ends in `sorry`, whatever comment it ended with', () => {
    const statement = only(readRow({ formal_statement: 'theorem a : 1 = 1 -- so' }));
    expect(challenge(statement)).toBe('theorem a : 1 = 1 := by sorry\n');
  });
});

describe('the metadata of a row', () => {
  const base = { formal_statement: 'theorem a : p := by sorry' };

  it.each([
    ['an id that is a number', { id: 17 }, { tags: ['id:17'] }],
    ['an id that is the name', { id: 'a' }, {}],
    ['a difficulty of ours', { difficulty: 'Hard' }, { difficulty: 'hard' }],
    ['another difficulty', { difficulty: 7 }, { tags: ['difficulty:7'] }],
    ['a topic', { topic: ' algebra ' }, { topic: 'algebra' }],
    ['a tag that is no list', { tags: 'algebra' }, { tags: ['algebra'] }],
    ['tags that are no texts', { tags: ['a', 1, null, '', ' a '] }, { tags: ['a'] }],
    [
      'a url as its source',
      { source: 'https://example.org/1' },
      { source: { url: 'https://example.org/1' } },
    ],
    ['a licence', { license: 'MIT' }, { source: { licence: 'MIT' } }],
    [
      '"null" as informal text',
      { informal_statement: 'null', problem: 'Prove it.' },
      { informal: 'Prove it.' },
    ],
    ['an empty comment as informal text', { informal_prefix: '/--  -/' }, {}],
    ['a lone surrogate', { informal_statement: 'x\uD800' }, { informal: 'x\uFFFD' }],
    ['a NUL', { problem: 'a\0b' }, { informal: 'ab' }],
    ['a wrong type', { informal_statement: 5, topic: {}, tags: {} }, {}],
  ])('is kept or mended: %s', (_, fields, expected) => {
    const { id, environment, header, formal, name, ...metadata } = only(readRow({ ...base, ...fields }));
    expect(metadata).toEqual(expected);
    expect({ id, environment, header, formal, name }).toEqual({ ...only(readRow(base)) });
  });

  it('is cut to its bounds', () => {
    const { informal, tags, topic } = only(
      readRow({
        ...base,
        informal_statement: 'x'.repeat(100_001),
        topic: 't'.repeat(101),
        tags: ['y'.repeat(101), ...Array.from({ length: 200 }, (_, i) => `tag ${i}`)],
      }),
    );
    expect(informal).toHaveLength(100_000);
    expect(topic).toHaveLength(100);
    expect(tags).toHaveLength(100);
    expect(tags?.[0]).toHaveLength(100);
  });

  it('takes the caller’s source, which the row may refine', () => {
    const source = { dataset: 'minif2f', licence: 'Apache-2.0' };
    expect(only(readRow(base, { source })).source).toEqual(source);
    expect(only(readRow({ ...base, source: 'aops' }, { source })).source).toEqual({
      ...source,
      dataset: 'aops',
    });
  });
});

describe('a row is refused', () => {
  it.each([
    ['that is no JSON', '{"name": "a"', 'syntax', /not JSON/],
    ['that is an array', '[]', 'invalid', /this is an array/],
    ['that is null', 'null', 'invalid', /this is null/],
    ['that is a text', '"theorem a : p := sorry"', 'invalid', /this is a string/],
    ['that is a number', '5', 'invalid', /this is a number/],
    [
      'without a statement',
      '{"name": "a", "goal": "p"}',
      'no-statement',
      /no formal statement; its fields are: name, goal/,
    ],
    ['whose statement is empty', '{"formal_statement": " "}', 'no-statement', /no formal statement/],
    ['whose statement is no text', '{"formal_statement": ["a"]}', 'invalid', /formal_statement is an array/],
    [
      'whose header is no text',
      '{"formal_statement": "theorem a : p", "header": 5}',
      'invalid',
      /header is a number/,
    ],
    [
      'without a name',
      '{"formal_statement": "theorem : p := sorry"}',
      'unnamed',
      /^formal statement, 1:0: .* no name/,
    ],
    ['with an example', '{"formal_statement": "example : p := by\\n"}', 'unnamed', /`example` has no name/],
    [
      'that is proved',
      '{"formal_statement": "theorem a : p := by simp"}',
      'already-proved',
      /leaves nothing open/,
    ],
    [
      'proved by patterns',
      '{"formal_statement": "theorem a : p\\n| 0 => rfl"}',
      'already-proved',
      /nothing open/,
    ],
    ['that is only a definition', '{"formal_statement": "def a := 1"}', 'already-proved', /nothing open/],
    [
      'that is prose',
      '{"formal_statement": "Prove that 1 = 1."}',
      'syntax',
      /^formal statement, 1:0: .*no command/,
    ],
    [
      'whose statement breaks off',
      '{"formal_statement": "theorem a : \\"x"}',
      'syntax',
      /1:12: .*never closed/,
    ],
    [
      'whose header breaks off',
      '{"header": "open A\\n/- x", "formal_statement": "theorem a : p"}',
      'syntax',
      /^header, 2:0: /,
    ],
  ])('%s', (_, text, code, message) => {
    const problem = onlyProblem(readRow(text));
    expect(problem).toMatchObject({ code, file: 'a.jsonl', line: 7 });
    expect(problem.message).toMatch(message);
  });

  it('at the column where its JSON breaks off', () => {
    const problem = onlyProblem(readRow('{"name": "𝓝", oops}'));
    expect(problem).toMatchObject({ line: 7, column: 14, expected: 'one JSON object' });
    expect(describeEntry(problem)).toMatch(/^a\.jsonl:7:14: not JSON: /);
  });

  it('beyond the longest line', () => {
    const long = JSON.stringify({ ...{ formal_statement: 'theorem a : p' }, proof: 'x'.repeat(1_048_576) });
    expect(onlyProblem(readRow(long))).toMatchObject({ code: 'too-large' });
    // Three bytes a character: few enough characters, too many bytes.
    const wide = JSON.stringify({ formal_statement: 'theorem a : p', proof: 'ℕ'.repeat(400_000) });
    expect(onlyProblem(readRow(wide))).toMatchObject({ code: 'too-large' });
  });

  it('with a place inside its field, counted from the field’s start', () => {
    const row = {
      header: 'import Mathlib\n\n',
      formal_statement: 'theorem a : p := sorry\n  example : q := sorry',
    };
    expect(problemsOf(readRow(row)).map((problem) => problem.message)).toEqual([
      expect.stringMatching(/^formal statement, 2:2: /),
    ]);
  });
});

describe('our own export', () => {
  const record = {
    environment: CORE,
    header: 'open Nat',
    formal: 'theorem a : p',
    name: 'N.a',
    informal: 'x',
  };

  it('is read as it is written, without looking at the Lean text', () => {
    expect(only(readRow(record))).toMatchObject(record);
  });

  it.each([
    [
      'an id that is another’s',
      { id: only(readRow({ ...record, name: 'b' })).id },
      /id is not that of the statement/,
    ],
    ['a field that is unknown', { colour: 'red' }, /colour/],
    ['a wrong environment', { environment: { lean: '4', library: 'x' } }, /environment/],
    ['no name', { name: '' }, /name/],
  ])('is refused with %s', (_, change, message) => {
    expect(onlyProblem(readRow({ ...record, ...change })).message).toMatch(message);
  });
});

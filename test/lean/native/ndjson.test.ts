import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareTheorem } from '../../../core/lean/judge/compare.ts';
import {
  EXPR,
  ExportReader,
  LEVEL,
  MalformedExportError,
  type DeclarationExport,
} from '../../../core/lean/judge/export.ts';
import { NdjsonReader, UnsafeExportError } from '../../../core/lean/native/ndjson-reader.ts';
import { NdjsonWriter } from '../../../core/lean/native/ndjson-writer.ts';

function read(lines: readonly (object | string)[]): DeclarationExport {
  const reader = new NdjsonReader();
  for (const line of lines) {
    reader.push((typeof line === 'string' ? JSON.parse(line) : line) as Record<string, unknown>);
  }
  return reader.finish();
}

/** `theorem t : ∀ {p : Prop}, p → p := fun {p} h => h` as lean4export 3.1 writes it. */
const THEOREM = [
  { meta: { exporter: { name: 'lean4export', version: '3.1.0' }, format: { version: '3.1.0' } } },
  { str: { pre: 0, str: 't' }, in: 1 },
  { str: { pre: 0, str: 'p' }, in: 2 },
  { sort: 0, ie: 0 },
  { bvar: 0, ie: 1 },
  { str: { pre: 0, str: 'h' }, in: 3 },
  { bvar: 1, ie: 2 },
  { forallE: { name: 3, type: 1, body: 2, binderInfo: 'default' }, ie: 3 },
  { forallE: { name: 2, type: 0, body: 3, binderInfo: 'implicit' }, ie: 4 },
  { mdata: { expr: 1, data: {} }, ie: 5 },
  { lam: { name: 3, type: 1, body: 5, binderInfo: 'default' }, ie: 6 },
  { lam: { name: 2, type: 0, body: 6, binderInfo: 'implicit' }, ie: 7 },
  { thm: { name: 1, levelParams: [], type: 4, value: 7, all: [1] } },
];

describe('the public export format', () => {
  test('is read into the form that is judged, annotations left out', () => {
    const reader = new ExportReader(read(THEOREM));
    expect(reader.exprCount).toBe(7);
    expect(reader.data.declarations).toEqual([
      { kind: 'theorem', name: 1, levelParams: [], type: 4, value: 6 },
    ]);
    expect(reader.nameText(1)).toBe('t');
  });

  test('holds definitions, opaques, axioms, inductive types, literals, lets, projections and universes', () => {
    const data = read([
      ...['T', 'c', 'u', 'rec'].map((str, i) => ({ str: { pre: 0, str }, in: i + 1 })),
      { num: { pre: 1, i: 7 }, in: 5 },
      { param: 3, il: 1 },
      { succ: 1, il: 2 },
      { max: [1, 2], il: 3 },
      { imax: [0, 3], il: 4 },
      { sort: 4, ie: 0 },
      { const: { name: 1, us: [1, 2] }, ie: 1 },
      { natVal: '123456789012345678901234567890', ie: 2 },
      { strVal: 'tab\tand ünïcode', ie: 3 },
      { proj: { typeName: 1, idx: 0, struct: 1 }, ie: 4 },
      { letE: { name: 2, type: 0, value: 2, body: 3, nondep: true }, ie: 5 },
      { app: { fn: 4, arg: 5 }, ie: 6 },
      {
        inductive: {
          types: [{ name: 1, levelParams: [3], type: 0, numParams: 0, numIndices: 0, all: [1], ctors: [2] }],
          ctors: [{ name: 2, levelParams: [3], type: 1, induct: 1, cidx: 0, isUnsafe: false }],
          recs: [],
        },
      },
      { axiom: { name: 4, levelParams: [3], type: 0, isUnsafe: false } },
      { opaque: { name: 4, levelParams: [], type: 0, value: 6, isUnsafe: false, all: [4] } },
      {
        def: { name: 5, levelParams: [], type: 0, value: 6, hints: { regular: 3 }, safety: 'safe', all: [5] },
      },
      { def: { name: 5, levelParams: [], type: 0, value: 6, hints: 'abbrev', safety: 'safe', all: [5] } },
    ]);
    const reader = new ExportReader(data);
    expect(reader.data.declarations.map(({ kind }) => kind)).toEqual(
      ['inductive', 'axiom', 'opaque', 'definition', 'definition'], // prettier-ignore
    );
    expect(shown(rewritten(reader))).toEqual(shown(reader));
  });

  test.each([
    ['entries out of order', [{ bvar: 0, ie: 1 }]],
    ['a reference forwards', [{ app: { fn: 0, arg: 0 }, ie: 0 }]],
    ['an index that is a text', [{ bvar: '0', ie: 0 }]],
    ['a negative index', [{ bvar: -1, ie: 0 }]],
    [
      'a binder of no known kind',
      [...THEOREM.slice(0, 7), { lam: { name: 1, type: 0, body: 1, binderInfo: 'x' }, ie: 3 }],
    ],
    ['an expression of no known kind', [{ fvar: 0, ie: 0 }]],
    ['a declaration of no known kind', [{ quot: { name: 0, levelParams: [], type: 0, kind: 'type' } }]],
    ['two declarations in a line', [{ axiom: {}, thm: {} }]],
    ['a level without its parts', [{ max: [0], il: 1 }]],
    [
      'a constructor that is not there',
      [
        { sort: 0, ie: 0 },
        {
          inductive: { types: [{ name: 1, levelParams: [], type: 0, numParams: 0, ctors: [2] }], ctors: [] },
        },
      ],
    ],
    ['no object', [{ thm: null }]],
  ])('refuses %s', (_, lines) => {
    expect(() => read(lines)).toThrow(MalformedExportError);
  });

  test.each([
    { axiom: { name: 0, levelParams: [], type: 0, isUnsafe: true } },
    { def: { name: 0, levelParams: [], type: 0, value: 0, hints: 'opaque', safety: 'partial' } },
    { def: { name: 0, levelParams: [], type: 0, value: 0, hints: 'opaque', safety: 'unsafe' } },
  ])('refuses what no proof may use: %j', (line) => {
    expect(() => read([{ sort: 0, ie: 0 }, line])).toThrow(UnsafeExportError);
  });

  test('refuses more than the bounds while it is read, not after', () => {
    const reader = new NdjsonReader();
    const long = 'x'.repeat(1_000_000);
    let lines = 0;
    expect(() => {
      for (; lines < 100; lines++) reader.push({ str: { pre: 0, str: `${long}${lines}` }, in: lines + 1 });
    }).toThrow(/too many strings/);
    expect(lines).toBeLessThan(17);
  });

  test('refuses a list too long to be honest', () => {
    const us = Array.from({ length: 500_000 }, () => 0);
    expect(() => read([{ const: { name: 0, us }, ie: 0 }])).toThrow(/too many items in a list/);
  });

  test('any line whatever is read or refused by name, never a fault', () => {
    const key = fc.constantFrom('in', 'il', 'ie', 'str', 'app', 'const', 'lam', 'thm', 'def', 'inductive', 'types', 'ctors', 'mdata', 'num'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })), { maxLength: 5 }), (lines) => {
        try {
          read(lines);
        } catch (error) {
          expect(['MalformedExportError', 'UnsafeExportError']).toContain((error as Error).name);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the writer', () => {
  test('writes a theorem with one export’s statement and another one’s proof', () => {
    const proof = new ExportReader(read(THEOREM));
    const shifted = read([{ str: { pre: 0, str: 'unused' }, in: 1 }, ...shift(THEOREM)]);
    const [theorem] = shifted.declarations;
    if (theorem?.kind !== 'theorem') throw new TypeError('a theorem');
    const { name, levelParams, type } = theorem;
    const statement = new ExportReader({
      ...shifted,
      declarations: [{ kind: 'goal', name, levelParams, type }],
    });
    const goal = statement.data.declarations[0];
    if (goal?.kind !== 'goal') throw new TypeError('a goal');
    const writer = new NdjsonWriter();
    writer.theorem({ reader: statement, goal }, { reader: proof, value: 6 });
    const merged = new ExportReader(read(writer.lines));
    expect(compareTheorem(statement, merged)).toEqual({ difference: undefined, clashes: [] });
    expect(writer.lines.join('\n')).not.toContain('unused');
  });

  test('writes what is deeper than the stack', () => {
    const depth = 200_000;
    const lines: object[] = [...THEOREM.slice(0, 3), { sort: 0, ie: 0 }];
    for (let i = 1; i <= depth; i++) lines.push({ app: { fn: i - 1, arg: 0 }, ie: i });
    lines.push({ axiom: { name: 1, levelParams: [], type: depth, isUnsafe: false } });
    const reader = new ExportReader(read(lines));
    const [declaration] = reader.data.declarations;
    if (declaration?.kind !== 'axiom') throw new TypeError('an axiom');
    const writer = new NdjsonWriter();
    writer.declaration(reader, declaration);
    expect(writer.lines.length).toBe(depth + 3);
  });
});

/** The theorem's lines with every name's number one higher. */
function shift(lines: readonly object[]): object[] {
  const text = JSON.stringify(lines)
    .replace(/"(in|name)":(\d+)/g, (_, key: string, number: string) => `"${key}":${Number(number) + 1}`)
    .replace('"pre":1', '"pre":2');
  return JSON.parse(text) as object[];
}

function rewritten(reader: ExportReader): ExportReader {
  const writer = new NdjsonWriter();
  for (const declaration of reader.data.declarations) {
    if (declaration.kind !== 'goal' && declaration.kind !== 'hole') writer.declaration(reader, declaration);
  }
  return new ExportReader(read(writer.lines));
}

/** Declarations spelt out, whatever the numbers of their parts. */
function shown({ data }: ExportReader): unknown {
  const name = (i: number): unknown =>
    i === 0
      ? []
      : [name(data.names[i * 3 - 3] ?? 0), data.names[i * 3 - 2], data.strings[data.names[i * 3 - 1] ?? 0]];
  const level = (i: number): unknown => {
    const [operator = 0, left = 0, right = 0] = data.levels.subarray(i * 3, i * 3 + 3);
    if (operator === LEVEL.param) return [operator, name(left)];
    return operator === LEVEL.zero
      ? [operator]
      : [operator, level(left), operator === LEVEL.succ ? 0 : level(right)];
  };
  const expr = (i: number): unknown => {
    const [operator = 0, a = 0, b = 0, c = 0, d = 0] = data.exprs.subarray(i * 5, i * 5 + 5);
    switch (operator) {
      case EXPR.sort:
        return ['sort', level(a)];
      case EXPR.const:
        return ['const', name(a), Array.from(data.levelLists.subarray(b, b + c), level)];
      case EXPR.app:
        return ['app', expr(a), expr(b)];
      case EXPR.let:
        return ['let', name(a), expr(b), expr(c), expr(d)];
      case EXPR.proj:
        return ['proj', name(a), b, expr(c)];
      case EXPR.bvar:
        return ['bvar', a];
      default:
        return [operator, data.strings[a]];
    }
  };
  const known = new Map<string, (value: never) => unknown>([
    ['name', name],
    ['type', expr],
    ['value', expr],
  ]);
  return JSON.parse(
    JSON.stringify(data.declarations, (key, value: unknown) => {
      if (key === 'levelParams') return (value as number[]).map(name);
      return typeof value === 'number' && known.has(key) ? known.get(key)?.(value as never) : value;
    }),
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStatement, statementId, type Statement } from '../../core/record/index.ts';
import {
  parseDatasetLine,
  parseLean,
  readStatements,
  StatementTooLongError,
  toDatasetLine,
  type StatementEntry,
} from '../../core/statement/index.ts';
import { statementRecord } from '../record/generators.ts';
import { collectStatements } from '../support/collect-statements.ts';
import { bytesOf, challenge, CORE, only, problemsOf, readLean, readRow, statementsOf } from './helpers.ts';

const OPTIONS = { environment: CORE };

/** What every entry must be, whatever text it was found in. */
function checkEntries(entries: readonly StatementEntry[], text: string): void {
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const entry of entries) {
    expect(['statement', 'duplicate', 'problem']).toContain(entry.kind);
    expect(entry.line).toBeGreaterThanOrEqual(1);
    expect(entry.line).toBeLessThanOrEqual(lines);
    if (entry.kind === 'problem') expect(entry.message).not.toBe('');
    if (entry.kind === 'statement') expect(statementId(identity(entry.statement))).toBe(entry.statement.id);
  }
}

function identity({ environment, header, formal, name }: Statement) {
  return { environment, header, formal, name };
}

/** Pieces of Lean, and of what breaks it. */
const leanPiece = fc.constantFrom(
  ...[
    'theorem a : p := by sorry',
    'theorem',
    'lemma',
    'example',
    'def',
    ':=',
    'by',
    'sorry',
    'open Nat in',
    'end',
  ],
  ...[
    'namespace N',
    'section',
    'mutual',
    'import Std',
    'import',
    '#eval 1',
    '#exit',
    '@[simp]',
    '@[',
    ']',
    '(',
    ')',
  ],
  ...[
    '⟨',
    '{',
    '}',
    '/-- doc -/',
    '/-',
    '-/',
    '-- c',
    '"',
    's!"{',
    "'",
    "h'",
    '«',
    '»',
    '|',
    '=>',
    'let',
    'have',
  ],
  ...[
    'abbrev x_solution : Nat := sorry',
    'variable (n : Nat)',
    'private',
    'in',
    'match',
    'fun',
    '\0',
    '\uD800',
    '𝓝',
  ],
);
const separator = fc.constantFrom(' ', '\n', '\n\n', '\n  ', '\r\n', '\t', '');
const leanGarbage = fc
  .array(fc.tuple(leanPiece, separator), { maxLength: 40 })
  .map((pieces) => pieces.flat().join(''));

/** A Lean file of complete commands, with the number of theorems that are open in it. */
const commands = fc.constantFrom(
  ...[
    'open Nat',
    'set_option maxHeartbeats 0',
    'variable (n : Nat)',
    'universe u',
    'def f (n : Nat) := n + 1',
  ],
  ...[
    '/-- Doc. -/\n@[simp] def g : Nat → Nat\n  | 0 => 1\n  | n + 1 => n',
    'lemma l : 1 = 1 := rfl',
    '#eval 1',
  ],
  ...[
    'theorem t : 1 = 1 := by\n  have h : 2 = 2 := rfl\n  rfl',
    '-- comment',
    '/- a /- b -/ -/',
    'import Std',
  ],
  ...['open List in\ntheorem u : 1 = 1 := rfl', 'example : 1 = 1 := rfl', 'local notation "x" => 1'],
  ...[
    'theorem a (h\' : p) : let x := "}"; x = x := by sorry',
    '/-- A. -/\n@[simp]\nprivate lemma b : q := sorry',
  ],
  ...[
    'open Nat in\nset_option autoImplicit true in\ntheorem c.d :\n    r\n  := by\n    sorry -- (',
    'abbrev k := 1',
  ],
  ...[
    'section',
    'namespace N.M',
    'theorem _root_.e : s := (by sorry)',
    "theorem «f g» : c = '\"' := by\n\n  sorry",
  ],
);
const leanFile = fc.array(commands, { maxLength: 12 }).map((parts) => parts.join('\n\n'));

describe('random text', () => {
  it('in a Lean file gives entries and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(leanGarbage, fc.string({ unit: 'binary', maxLength: 80 })), (text) => {
        const entries = [...parseLean(text, OPTIONS)];
        expect(entries.length).toBeGreaterThan(0);
        checkEntries(entries, text);
      }),
      { numRuns: 5000 },
    );
  });

  it('in a row gives entries and nothing else', () => {
    const row = fc.record(
      {
        formal_statement: fc.oneof(leanGarbage, fc.anything()),
        header: fc.oneof(leanGarbage, fc.anything()),
        name: fc.anything(),
        tags: fc.anything(),
        difficulty: fc.anything(),
        source: fc.anything(),
        informal_statement: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        formal: fc.anything(),
        environment: fc.anything(),
      },
      { requiredKeys: ['formal_statement'] },
    );
    const asText = fc.oneof(
      row.map((value) =>
        JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? 0 : field)),
      ),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(asText, (text) => {
        const entries = parseDatasetLine(text, OPTIONS);
        expect(entries.length).toBeGreaterThan(0);
        checkEntries(entries, text);
      }),
      { numRuns: 3000 },
    );
  });

  it('in a file of any type gives entries and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('lean' as const, 'jsonl' as const, 'json' as const),
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 30 }),
            fc.json().map((text) => bytesOf(`${text}\n`)[0]),
          ),
          {
            maxLength: 6,
          },
        ),
        async (format, chunks) => {
          const bytes = chunks.filter((chunk) => chunk !== undefined);
          const entries = [];
          for await (const entry of readStatements({ file: 'a', format, bytes }, OPTIONS))
            entries.push(entry);
          expect(entries.length).toBeGreaterThan(0);
          checkEntries(entries, Buffer.concat(bytes).toString());
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('a Lean file of whole commands', () => {
  it('gives every open theorem and no problem but that there is none', () => {
    fc.assert(
      fc.property(leanFile, (text) => {
        const entries = readLean(text);
        const open = text.match(/sorry/g)?.length ?? 0;
        expect(statementsOf(entries)).toHaveLength(open);
        expect(problemsOf(entries).map((problem) => problem.code)).toEqual(
          open === 0 ? ['no-statement'] : [],
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('gives statements whose challenge, read again, is the same statement', () => {
    fc.assert(
      fc.property(leanFile, (text) => {
        for (const statement of statementsOf(readLean(text))) {
          const again = only(readLean(challenge(statement)));
          expect(again.formal).toBe(statement.formal);
          expect(again.header).toBe(statement.header);
          expect(again.id).toBe(statement.id);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same statements from a row as from a file', () => {
    fc.assert(
      fc.property(leanFile, (text) => {
        const ids = statementsOf(readLean(text)).map((statement) => statement.id);
        if (ids.length === 0) return;
        expect(statementsOf(readRow({ formal_statement: text })).map((statement) => statement.id)).toEqual(
          ids,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same statements with CRLF line ends, a byte order mark and trailing blanks', () => {
    fc.assert(
      fc.property(leanFile, (text) => {
        const changed = `\uFEFF${text.replaceAll('\n', ' \r\n')}\r\n`;
        expect(statementsOf(readLean(changed)).map((statement) => statement.id)).toEqual(
          statementsOf(readLean(text)).map((statement) => statement.id),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each(['/- x', '/-- x', 'def x := "y', 'def «x', 'theorem z : s!"{'])(
    'gives the same statements before %s, which is never closed',
    (broken) => {
      fc.assert(
        fc.property(leanFile, (text) => {
          const entries = readLean(`${text}\n\n${broken}`);
          expect(statementsOf(entries)).toEqual(statementsOf(readLean(text)));
          expect(problemsOf(entries)).toMatchObject([{ code: 'syntax' }]);
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('a statement that is written', () => {
  it('is read as the same statement, id and metadata included', () => {
    fc.assert(
      fc.property(statementRecord, (record) => {
        const statement = makeStatement(record);
        const line = toDatasetLine(statement);
        expect(line).not.toMatch(/[\n\r]/);
        expect(only(parseDatasetLine(line, OPTIONS))).toEqual(statement);
      }),
      { numRuns: 1000 },
    );
  });

  it('has the same id for other tools, which read its Lean text alone', () => {
    fc.assert(
      fc.property(leanFile, (text) => {
        for (const statement of statementsOf(readLean(text))) {
          const { name, header, formal_statement } = JSON.parse(toDatasetLine(statement)) as Record<
            string,
            string
          >;
          expect(only(readRow({ name, header, formal_statement })).id).toBe(statement.id);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('survives a file of many', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statementRecord, { maxLength: 10 }), async (records) => {
        const byId = new Map(records.map((record) => [makeStatement(record).id, makeStatement(record)]));
        const text = [...byId.values()].map((statement) => `${toDatasetLine(statement)}\n`);
        const source = { file: 'a', format: 'jsonl', bytes: bytesOf(...text) } as const;
        expect((await collectStatements(source, OPTIONS)).statements).toEqual([...byId.values()]);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused where no reader would take the line', () => {
    const statement = makeStatement({
      environment: CORE,
      header: 'ℕ'.repeat(400_000),
      formal: 'theorem a : p',
      name: 'a',
    });
    expect(() => toDatasetLine(statement)).toThrow(StatementTooLongError);
    expect(() => toDatasetLine(statement)).toThrow(/^a: its dataset line has \d+ bytes, at most 1048576/);
  });
});

describe('reading takes time in proportion to the text', () => {
  it.each([
    ['open theorems', 'theorem a : p := sorry\n', 20_000, ''],
    ['opening brackets', '(', 300_000, ''],
    ['closing brackets', ')', 300_000, ''],
    ['nested `by`', 'by ', 200_000, ' sorry'],
    ['alternatives', '| ', 200_000, ''],
    ['modifiers', 'private ', 100_000, 'theorem a : p := sorry'],
    ['attributes', '@[simp] ', 50_000, 'theorem a : p := sorry'],
    ['doc comments', '/-- x -/ ', 50_000, 'theorem a : p := sorry'],
    ['namespaces', 'namespace N ', 50_000, 'theorem a : p := sorry'],
    ['ends', 'end ', 50_000, 'theorem a : p := sorry'],
    ['prefixes', 'open Nat in ', 50_000, 'theorem a : p := sorry'],
    ['imports', 'import Std\n', 50_000, 'theorem a : p := sorry'],
    ['`let`s', 'let x := 1; ', 50_000, 'x := sorry'],
    ['dots', 'theorem a.', 50_000, ''],
    ['blanks', '          ', 100_000, 'theorem a : p := sorry'],
    ['nested comments', '/-', 200_000, ''],
  ])('%s', (_, piece, count, end) => {
    const start = performance.now();
    for (const before of ['', 'theorem b : p := ']) {
      const text = before + piece.repeat(count) + end;
      checkEntries([...parseLean(text, OPTIONS)].slice(0, 10), text);
      checkEntries(parseDatasetLine(JSON.stringify({ formal_statement: text }), OPTIONS).slice(0, 10), text);
    }
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

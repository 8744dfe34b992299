import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UnjudgeableError } from '../../../core/lean/index.ts';
import {
  BankFileExistsError,
  exportBank,
  importBank,
  UnreadableBankFileError,
  type BankImportReport,
  type ImportComponents,
} from '../../../core/node/bank-file/index.ts';
import {
  makeStatement,
  type CheckOutcome,
  type ClaimedProof,
  type Statement,
} from '../../../core/record/index.ts';
import { numbered, prove, type Proven } from '../../memory/proofs.ts';

const live = new AbortController().signal;

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'proofswarm-bank-file-'));
  onTestFinished(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

/** What is in a bank, without its tables. */
class Shelf implements ImportComponents {
  readonly proven = new Map<string, Proven>();
  readonly asClaimed = new Map<string, ClaimedProof>();
  readonly checked: string[] = [];
  /** Stands in for Lean: what it says of a statement. */
  judge: (statement: Statement) => 'proved' | 'failed' | Error = () => 'proved';

  constructor(proven: readonly Proven[] = []) {
    for (const one of proven) this.proven.set(one.signed.id, one);
  }

  get bank() {
    const { proven } = this;
    return {
      keys: () =>
        Promise.resolve(
          [...proven.values()].map(({ signed: { id, record } }) => ({ id, createdAt: record.createdAt })),
        ),
      proven: (ids: readonly string[]) =>
        Promise.resolve(
          ids.flatMap((id) => {
            const found = proven.get(id);
            return found === undefined ? [] : [{ signed: found.signed, statement: found.proof.statement }];
          }),
        ),
    };
  }

  readonly isKnown = (id: string): boolean => this.proven.has(id) || this.asClaimed.has(id);

  readonly check = (statement: Statement, submission: string): Promise<CheckOutcome> => {
    this.checked.push(statement.name);
    const said = this.judge(statement);
    if (said instanceof Error) return Promise.reject(said);
    if (said === 'failed')
      return Promise.resolve({ verdict: { kind: 'failed', diagnostics: [], goals: [], milliseconds: 1 } });
    const { proof } = prove(statement);
    return Promise.resolve({ verdict: proof.verdict, proof: { ...proof, submission } });
  };

  readonly keep: ImportComponents['keep'] = (proof, signed) => {
    this.proven.set(signed.id, { proof, signed });
    return Promise.resolve();
  };

  readonly keepClaimed = (claim: ClaimedProof): Promise<boolean> => {
    this.asClaimed.set(claim.signed.id, claim);
    return Promise.resolve(true);
  };
}

const sorted = (shelf: Shelf): Proven[] =>
  [...shelf.proven.values()].sort((a, b) => (a.signed.id < b.signed.id ? -1 : 1));

const counts = ({ added, known, claimed, bad, problems }: BankImportReport) => ({
  added,
  known,
  claimed,
  bad,
  lines: problems.map(({ line }) => line),
});

async function exported(proven: readonly Proven[]): Promise<string> {
  const file = path.join(await directory(), 'bank.jsonl');
  await exportBank(file, new Shelf(proven));
  return file;
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((some) => !some.includes('\0'));
const anyStatement = fc
  .record({ n: fc.nat(1_000_000), header: text, informal: fc.option(text, { nil: undefined }), by: text })
  .map(({ n, header, informal, by }) => {
    const { environment, formal, name } = numbered(n);
    return prove(
      makeStatement({
        environment,
        header,
        formal,
        name,
        tags: ['a tag'],
        ...(informal === undefined ? {} : { informal }),
      }),
      { by: `by simp -- ${by}`, createdAt: n },
    );
  });

test('what is exported comes back as it was, what is known of statements included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyStatement, { selector: ({ signed }) => signed.id, maxLength: 8 }),
      async (all) => {
        const file = await exported(all);
        const other = new Shelf();
        const report = await importBank(file, other, { signal: live });
        expect(counts(report)).toEqual({ added: all.length, known: 0, claimed: 0, bad: 0, lines: [] });
        expect(report.bytesRead).toBe(report.bytes);
        const back = sorted(other).map(({ proof, signed }) => ({ statement: proof.statement, signed }));
        expect(back).toEqual(
          sorted(new Shelf(all)).map(({ proof, signed }) => ({ statement: proof.statement, signed })),
        );
      },
    ),
    { numRuns: 25 },
  );
});

test('whatever is done to a file, what loads was in it, and every other line is told of', async () => {
  const all = Array.from({ length: 6 }, (_, n) => prove(numbered(n, { informal: 'said in words' })));
  const whole = await readFile(await exported(all));
  const ids = new Set(all.map(({ signed }) => signed.id));
  const places = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(places, fc.nat(whole.length), async (changes, cut) => {
      const bytes = Buffer.from(whole.subarray(0, cut));
      for (const [at, byte] of changes) if (at < cut) bytes[at] = byte;
      const file = path.join(await directory(), 'bank.jsonl');
      await writeFile(file, bytes);
      const other = new Shelf();
      const report = await importBank(file, other, { signal: live });
      for (const { signed } of other.proven.values()) {
        expect(ids).toContain(signed.id);
        expect(signed).toEqual(all.find((one) => one.signed.id === signed.id)?.signed);
      }
      const lines = bytes
        .toString('latin1')
        .split('\n')
        .filter((line) => line.trim() !== '').length;
      expect(report.added + report.known + report.bad).toBe(lines);
      expect(report.problems).toHaveLength(report.bad);
    }),
    { numRuns: 60 },
  );
});

describe('import', () => {
  test('tells the line of what it cannot read, and loads the rest', async () => {
    const file = await exported([1, 2].map((n) => prove(numbered(n))));
    const [first = '', second = ''] = (await readFile(file, 'utf8')).split('\n');
    const swapped = {
      ...(JSON.parse(second) as object),
      claim: (JSON.parse(first) as { claim: string }).claim,
    };
    await writeFile(
      file,
      [
        '',
        'no json',
        first,
        JSON.stringify({ ...(JSON.parse(second) as object), more: 1 }),
        JSON.stringify(swapped),
        second.slice(0, -9),
      ].join('\n'),
    );
    const other = new Shelf();
    const report = await importBank(file, other, { signal: live });
    expect(counts(report)).toEqual({ added: 1, known: 0, claimed: 0, bad: 4, lines: [2, 4, 5, 6] });
    expect(report.problems[1]?.detail).toBe('Unrecognized key: "more"');
    expect(report.problems[2]?.detail).toContain('expected bafyrei');
    expect(report.problems[3]?.detail).toContain('cut short');
  });

  test('says of a field that is none which it is, in one line', async () => {
    const file = await exported([prove(numbered(1))]);
    const line = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...line, about: { tags: [7] }, claim: 3 }));
    const { problems } = await importBank(file, new Shelf(), { signal: live });
    expect(problems[0]?.detail).toBe('claim: Invalid input: expected string, received number');
  });

  test('believes Lean, not the file', async () => {
    const file = await exported([1, 2, 3].map((n) => prove(numbered(n))));
    const other = new Shelf();
    other.judge = ({ name }) => {
      if (name === 'numbered_1') return 'failed';
      return name === 'numbered_2' ? new UnjudgeableError('environment', 'not here') : 'proved';
    };
    const report = await importBank(file, other, { signal: live });
    expect(counts(report)).toEqual({ added: 1, known: 0, claimed: 1, bad: 1, lines: [1] });
    expect([...other.proven.values()].map(({ proof }) => proof.statement.name)).toEqual(['numbered_3']);
    expect([...other.asClaimed.values()].map(({ statement }) => statement.name)).toEqual(['numbered_2']);
  });

  test('passes over what is here, so that one that was broken off goes on', async () => {
    const file = await exported([1, 2, 3, 4].map((n) => prove(numbered(n))));
    const other = new Shelf();
    const stop = new AbortController();
    const begun = importBank(file, other, {
      signal: stop.signal,
      width: 1,
      onProgress: ({ added }) => added === 2 && stop.abort(new Error('enough')),
    });
    await expect(begun).rejects.toThrow('enough');
    expect(other.proven.size).toBe(2);
    other.checked.length = 0;
    const report = await importBank(file, other, { signal: live });
    expect(counts(report)).toMatchObject({ added: 2, known: 2, bad: 0 });
    expect(other.checked).toHaveLength(2);
  });

  test('ends with a fault of this machine, as nothing that follows would fare better', async () => {
    const file = await exported([1, 2, 3].map((n) => prove(numbered(n))));
    const other = new Shelf();
    other.judge = () => new Error('no Lean');
    await expect(importBank(file, other, { signal: live, width: 1 })).rejects.toThrow('no Lean');
    expect(other.checked).toHaveLength(1);
  });

  test('holds no line longer than a record can be', async () => {
    const file = await exported([prove(numbered(1))]);
    await appendFile(file, 'x'.repeat(20_000_001));
    await appendFile(file, `\n${await readFile(await exported([prove(numbered(2))]), 'utf8')}`);
    const report = await importBank(file, new Shelf(), { signal: live });
    expect(counts(report)).toMatchObject({ added: 2, bad: 1, lines: [2] });
    expect(report.problems[0]?.detail).toContain('longer than');
  });

  test('needs a file', async () => {
    const where = await directory();
    const into = (file: string) => importBank(file, new Shelf(), { signal: live });
    await expect(into(path.join(where, 'none'))).rejects.toThrow(UnreadableBankFileError);
    await expect(into(where)).rejects.toThrow(UnreadableBankFileError);
    await writeFile(path.join(where, 'empty'), '');
    expect(counts(await into(path.join(where, 'empty')))).toMatchObject({ added: 0, bad: 0 });
  });
});

describe('export', () => {
  test('writes over nothing', async () => {
    const where = await directory();
    const file = path.join(where, 'bank.jsonl');
    await writeFile(file, 'precious');
    await expect(exportBank(file, new Shelf([prove(numbered(1))]))).rejects.toThrow(BankFileExistsError);
    await mkdir(path.join(where, 'directory'));
    await expect(exportBank(path.join(where, 'directory'), new Shelf())).rejects.toThrow(BankFileExistsError);
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect((await readdir(where)).sort()).toEqual(['bank.jsonl', 'directory']);
  });

  test('says why a file cannot be made', async () => {
    const where = await directory();
    const below = path.join(where, 'none', 'bank.jsonl');
    await expect(exportBank(below, new Shelf())).rejects.toThrow(
      `${below}: cannot be written: there is no such directory`,
    );
    await writeFile(path.join(where, 'file'), '');
    const inFile = path.join(where, 'file', 'bank.jsonl');
    await expect(exportBank(inFile, new Shelf())).rejects.toThrow(
      `${inFile}: cannot be written: a part of the path is no directory`,
    );
  });

  test('leaves nothing behind when it is cancelled', async () => {
    const where = await directory();
    const stop = new AbortController();
    const shelf = new Shelf([1, 2, 3].map((n) => prove(numbered(n))));
    const { bank } = shelf;
    const slow = {
      keys: () => bank.keys(),
      proven: (ids: readonly string[]) => {
        stop.abort(new Error('enough'));
        return bank.proven(ids);
      },
    };
    const done = exportBank(path.join(where, 'bank.jsonl'), { bank: slow }, { signal: stop.signal });
    await expect(done).rejects.toThrow('enough');
    expect(await readdir(where)).toEqual([]);
  });

  test('a file whose end a crash took loads as far as it goes', async () => {
    const file = await exported([1, 2].map((n) => prove(numbered(n))));
    await truncate(file, (await readFile(file)).length - 30);
    const report = await importBank(file, new Shelf(), { signal: live });
    expect(counts(report)).toEqual({ added: 1, known: 0, claimed: 0, bad: 1, lines: [2] });
  });
});

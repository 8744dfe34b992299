import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ResultLine } from '../../core/api/index.ts';
import { ResultsFile, toResultLine } from '../../core/cli/results-file.ts';
import type { RepairOutcome } from '../../core/repair/index.ts';
import { provedOutcome } from '../repair/scripted.ts';
import { statement } from '../support/lean.ts';
import { readResults, temporaryDirectory } from './run.ts';

const target = statement('theorem a : True');
const other = statement('theorem b : True');
const outcome: RepairOutcome = {
  solved: false,
  reason: 'seconds',
  rollout: 1,
  round: 3,
  attempts: [],
  checks: 0,
  retrieved: [],
  seconds: 1.23456,
};
const line: ResultLine = toResultLine({ kind: 'tried', statement: target, outcome });
const otherLine: ResultLine = { ...line, id: other.id, name: other.name };

async function writeLines(file: string, resume: boolean, ...lines: ResultLine[]): Promise<ResultsFile> {
  const results = await ResultsFile.open(file, resume);
  for (const one of lines) await results.append(one);
  await results.close();
  return results;
}

describe('a line of results', () => {
  test('tells of a statement that was not solved', () => {
    expect(line).toEqual({
      id: target.id,
      name: 'a',
      solved: false,
      proof: null,
      rollout: 1,
      round: 3,
      attempts: 0,
      seconds: 1.235,
      reason: 'seconds',
    });
  });

  test('holds the proof of one that was', () => {
    const { proof } = provedOutcome(target, 'theorem a : True := trivial');
    if (proof === undefined) throw new Error('unreachable');
    const solved = { ...outcome, solved: true, reason: 'proved', proof } as const;
    expect(toResultLine({ kind: 'tried', statement: target, outcome: solved })).toMatchObject({
      solved: true,
      proof: 'theorem a : True := trivial',
    });
  });

  test('says why one could not be judged', () => {
    const result = { kind: 'unjudgeable', statement: target, detail: 'needs Mathlib', seconds: 0.5 } as const;
    expect(toResultLine(result)).toEqual({
      ...{ id: target.id, name: 'a', solved: false, proof: null, rollout: 0, round: 0, attempts: 0 },
      ...{ seconds: 0.5, reason: 'unjudgeable', detail: 'needs Mathlib' },
    });
  });
});

describe('a results file', () => {
  test('is there with its directory before the first result, and is begun anew', async () => {
    const file = path.join(await temporaryDirectory(), 'made', 'R.jsonl');
    await writeLines(file, false, line);
    expect(await readResults(file)).toEqual([line]);
    const results = await writeLines(file, false);
    expect(results.earlier.size).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('is added to when it is resumed, line after line', async () => {
    const file = path.join(await temporaryDirectory(), 'R.jsonl');
    expect((await writeLines(file, true, line)).earlier.size).toBe(0);
    const results = await writeLines(file, true, otherLine);
    expect([...results.earlier.values()]).toEqual([line]);
    expect(await readResults(file)).toEqual([line, otherLine]);
  });

  test('loses only a last line that was cut short, wherever that was', async () => {
    const file = path.join(await temporaryDirectory(), 'R.jsonl');
    const whole = `${JSON.stringify(line)}\n`;
    for (const cut of [1, 20, whole.length - 1]) {
      await writeFile(file, whole + whole);
      await truncate(file, whole.length + cut);
      const results = await writeLines(file, true, otherLine);
      expect([...results.earlier.values()]).toEqual([line]);
      expect(await readResults(file)).toEqual([line, otherLine]);
    }
  });

  test('with the last line of a statement counting', async () => {
    const file = path.join(await temporaryDirectory(), 'R.jsonl');
    await writeLines(file, false, line, { ...line, seconds: 9 });
    const { earlier } = await writeLines(file, true);
    expect([...earlier.values()]).toEqual([{ ...line, seconds: 9 }]);
  });

  test('that holds something else is not resumed, and not touched', async () => {
    const file = path.join(await temporaryDirectory(), 'R.jsonl');
    for (const text of ['dear diary\n', `${JSON.stringify(line)}\n{}\nunfinished`]) {
      await writeFile(file, text);
      await expect(ResultsFile.open(file, true)).rejects.toThrow(/R\.jsonl:[12] is no line of results/);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  // Only Linux has a disk that is full without filling one.
  test.skipIf(!existsSync('/dev/full'))('on a full disk is an error in one line', async () => {
    const results = await ResultsFile.open('/dev/full', false);
    await expect(results.append(line)).rejects.toThrow(
      /^cannot write results to \/dev\/full: the disk is full$/,
    );
    await expect(results.close()).resolves.toBeUndefined();
  });
});

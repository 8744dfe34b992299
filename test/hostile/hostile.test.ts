import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../core/record/index.ts';
import { PREPARED, statement, testChecker } from '../support/lean.ts';
import { kindsOfCases, loadCases, wordsOf, type Case } from './cases.ts';

/*
 * One checker judges all cases, one after another: what a submission does to its worker is felt by the honest check that
 * follows it, which the same worker answers unless it was killed or has been thrown away.
 */

const LONG = process.env['MODE'] === 'long';
/** Beyond its limit a check may take this much for the worker's replacement and for the judge's share. */
const GRACE_MS = 15_000;
const HONEST = 'theorem honest (a b : Nat) (h : a < b) : ¬ b ≤ a';
const honest = statement(HONEST);
const checker = testChecker();
let checks = 0;

beforeAll(() => checker.warmUp());
afterAll(() => checker.dispose());

async function judge({ statement: target, submission, expected }: Case): Promise<Verdict | undefined> {
  if (submission === undefined) return undefined;
  const limits = {
    timeoutMs: expected.seconds * 1000,
    ...(expected.heartbeats === undefined ? {} : { maxHeartbeats: expected.heartbeats }),
  };
  return (await checker.check(target, submission, limits)).verdict;
}

/** No verdict may be remembered, so each text is another. */
async function nextCheck(): Promise<Verdict['kind']> {
  const submission = `${HONEST} := by omega\n-- ${checks++}`;
  return (await checker.check(honest, submission)).verdict.kind;
}

const libraryFiles = (): string[] => readdirSync(path.join(PREPARED, 'lib')).toSorted();
const library = libraryFiles();

describe.each(kindsOfCases())('%s', (kind) => {
  const cases = loadCases([kind]).filter(({ expected }) => LONG || !expected.long);

  test.each(cases.map((each) => [each.name, each] as const))('%s', { timeout: 240_000 }, async (_, each) => {
    const { expected } = each;
    const started = performance.now();
    const verdict = await judge(each);
    expect(performance.now() - started).toBeLessThan(expected.seconds * 2000 + GRACE_MS);
    expect({
      verdict: verdict?.kind ?? 'unreadable',
      ...(verdict?.kind === 'rejected' ? { reason: verdict.reason } : {}),
      ...(verdict?.kind === 'exhausted' && expected.resource !== undefined
        ? { resource: verdict.resource }
        : {}),
    }).toEqual({
      verdict: expected.verdict,
      ...(expected.reason === undefined ? {} : { reason: expected.reason }),
      ...(expected.resource === undefined ? {} : { resource: expected.resource }),
    });
    if (verdict !== undefined && expected.says !== undefined) {
      expect(wordsOf(verdict)).toMatch(new RegExp(expected.says, 'u'));
    }
    expect(JSON.stringify(verdict ?? null)).not.toContain('ESCAPED');
    expect(await nextCheck()).toBe('proved');
  });
});

describe('afterwards', () => {
  test('at least 120 hostile and 60 honest submissions have been judged', () => {
    const all = loadCases().filter(({ expected }) => LONG || !expected.long);
    expect(all.filter(({ kind }) => kind !== 'honest').length).toBeGreaterThanOrEqual(120);
    expect(all.filter(({ kind }) => kind === 'honest').length).toBeGreaterThanOrEqual(60);
  });

  test('nothing was written, neither to the library nor beside it', () => {
    expect(libraryFiles()).toEqual(library);
    expect(existsSync('/tmp/escaped')).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('no process is left but the idle workers', async () => {
    await checker.dispose();
    const children = (): string[] =>
      execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('lean-bundle/wasm/worker.ts'));
    expect(children()).toEqual([]);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBank } from '../../core/memory/index.ts';
import { loadIdentity, proveAll, type StatementResult } from '../../core/node/index.ts';
import { portfolio } from '../../core/policy/portfolio/index.ts';
import { submissionSource, type Statement } from '../../core/record/index.ts';
import { scriptedPolicy } from '../repair/scripted.ts';
import { statement, testChecker } from '../support/lean.ts';

/** A function that automation knows nothing of, and an invariant that it does not guess. */
const HEADER = `def turn : List Nat → List Nat → List Nat
  | [], acc => acc
  | x :: xs, acc => turn xs (x :: acc)`;
const lesson = statement('theorem turn_onto (xs acc : List Nat) : turn xs acc = xs.reverse ++ acc', HEADER);
const LESSON_PROOF =
  'by\n  induction xs generalizing acc with\n  | nil => rfl\n  | cons x xs ih => simp [turn, ih]';
const exam = statement('theorem turn_twice (ys : List Nat) : turn (turn ys []) [] = ys', HEADER);

test(
  'what one statement taught proves the next, through the bank, and not without it',
  { timeout: 240_000 },
  async () => {
    const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-learning-'));
    onTestFinished(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));
    await using bank = await openBank({ directory: path.join(data, 'bank') });
    await using checker = testChecker();
    await checker.warmUp();
    const parts = { bank, checker, identity: await loadIdentity(data) };
    const settings = { jobs: 1, rounds: 1, seconds: 100 };
    const attempt = async (
      of: Statement,
      retrieve: number,
    ): Promise<Extract<StatementResult, { kind: 'tried' }>> => {
      for await (const result of proveAll(
        [of],
        { ...parts, policy: portfolio() },
        { ...settings, retrieve },
      )) {
        if (result.kind === 'tried') return result;
      }
      throw new Error('not tried');
    };

    const teacher = scriptedPolicy(() => [submissionSource(lesson, LESSON_PROOF)]);
    for await (const taught of proveAll([lesson], { ...parts, policy: teacher }, settings)) {
      expect(taught).toMatchObject({ outcome: { solved: true } });
    }
    const [learnt] = await bank.proofsOf(lesson.id);

    const blind = await attempt(exam, 0);
    expect(blind.outcome).toMatchObject({ solved: false, reason: 'rounds', retrieved: [] });

    const after = await attempt(exam, 4);
    expect(after.outcome).toMatchObject({ solved: true, retrieved: [learnt?.id] });
    expect(after.outcome.proof?.submission).toContain('theorem turn_onto');
  },
);

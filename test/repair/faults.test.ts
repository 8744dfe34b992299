import { describe, expect, it } from 'vitest';
import { attemptSchema, type Proposal, type Verdict } from '../../core/record/index.ts';
import { prove, type ProofChecker, type ProofPolicy } from '../../core/repair/index.ts';
import { failed, provedOutcome, scriptedChecker, scriptedPolicy, statement } from './scripted.ts';

const crash: Verdict = { kind: 'crashed', detail: 'worker died', milliseconds: 1 };
const rounds = scriptedPolicy(({ round }) => [`a${round}`]);

describe('a checker that fails', () => {
  it('makes a crash an attempt, not the end', async () => {
    const checker = scriptedChecker(
      (submission) => submission === 'a3',
      (submission) => (submission === 'a1' ? crash : failed),
    );
    const outcome = await prove(statement, { policy: rounds, checker }, { rounds: 5 });
    expect(outcome.solved).toBe(true);
    expect(outcome.attempts.map((attempt) => attempt.verdict.kind)).toEqual([
      'failed',
      'crashed',
      'failed',
      'proved',
    ]);
  });

  it('ends the statement after so many crashes in a row', async () => {
    const checker = scriptedChecker(undefined, () => crash);
    const outcome = await prove(statement, { policy: rounds, checker }, { rounds: 50, crashes: 5 });
    expect(outcome).toMatchObject({ solved: false, reason: 'checker-failed' });
    expect(outcome.detail).toContain('worker died');
    expect(outcome.attempts).toHaveLength(5);
  });

  it('forgives crashes that are not in a row', async () => {
    const checker = scriptedChecker(undefined, (submission) =>
      Number(submission.slice(1)) % 3 === 2 ? failed : crash,
    );
    const outcome = await prove(statement, { policy: rounds, checker }, { rounds: 20, crashes: 3 });
    expect(outcome).toMatchObject({ reason: 'rounds', checks: 20 });
  });

  it('asks again about a submission on which it crashed', async () => {
    let calls = 0;
    const checker: ProofChecker = {
      check: (of, submission) =>
        Promise.resolve(calls++ === 0 ? { verdict: crash } : provedOutcome(of, submission)),
    };
    const policy = scriptedPolicy(() => ['same']);
    const outcome = await prove(statement, { policy, checker }, { rounds: 2 });
    expect(outcome).toMatchObject({ solved: true, round: 1, checks: 2 });
  });

  it('counts a throw as a crash', async () => {
    const checker: ProofChecker = {
      check() {
        throw new Error('broken pipe');
      },
    };
    const outcome = await prove(statement, { policy: rounds, checker }, { crashes: 2 });
    expect(outcome.reason).toBe('checker-failed');
    expect(outcome.attempts.map((attempt) => attempt.verdict)).toMatchObject([
      { kind: 'crashed', detail: 'broken pipe' },
      { kind: 'crashed', detail: 'broken pipe' },
    ]);
  });

  it('does not take a proved verdict without its sealed proof for a proof', async () => {
    const checker: ProofChecker = {
      check: (of, submission) => Promise.resolve({ verdict: provedOutcome(of, submission).verdict }),
    };
    const outcome = await prove(statement, { policy: rounds, checker }, { rounds: 1 });
    expect(outcome.solved).toBe(false);
    expect(outcome.attempts[0]?.verdict.kind).toBe('crashed');
  });
});

describe('a policy that fails', () => {
  const checker = scriptedChecker();

  it('ends the statement with its message when it throws at once', async () => {
    const policy: ProofPolicy = {
      name: 'broken',
      propose() {
        throw new Error('no model');
      },
    };
    const outcome = await prove(statement, { policy, checker });
    expect(outcome).toMatchObject({ solved: false, reason: 'policy-failed', detail: 'no model' });
  });

  it('keeps what was tried before it threw', async () => {
    const policy: ProofPolicy = {
      name: 'broken',
      async *propose() {
        yield await Promise.resolve({ submission: 'a' });
        throw new Error('out of memory');
      },
    };
    const outcome = await prove(statement, { policy, checker }, { rollouts: 5 });
    expect(outcome).toMatchObject({ reason: 'policy-failed', detail: 'out of memory' });
    expect(outcome.attempts).toHaveLength(1);
  });

  it('is told that a text is no Lean source without troubling the checker', async () => {
    const bad: Proposal[] = [{ submission: 'a\0b' }, { submission: 'a\uD800b' }, { submission: 'fine' }];
    const counting = scriptedChecker();
    const outcome = await prove(
      statement,
      { policy: scriptedPolicy(() => bad), checker: counting },
      { rounds: 1 },
    );
    expect(counting.checked.map((check) => check.submission)).toEqual(['fine']);
    expect(outcome.attempts.map((attempt) => attempt.verdict.kind)).toEqual([
      'rejected',
      'rejected',
      'failed',
    ]);
    for (const attempt of outcome.attempts) expect(attemptSchema.safeParse(attempt).success).toBe(true);
  });
});

describe('settings', () => {
  it.each([{ rollouts: 0 }, { rounds: -1 }, { seconds: 0 }, { checks: 1.5 }, { retrieve: -1 }])(
    'out of range are refused: %o',
    async (settings) => {
      const checker = scriptedChecker();
      await expect(prove(statement, { policy: rounds, checker }, settings)).rejects.toThrow();
    },
  );
});

import { afterAll, describe, expect, it } from 'vitest';
import { submissionSource } from '../../core/record/index.ts';
import { prove } from '../../core/repair/index.ts';
import { statement, testChecker } from '../support/lean.ts';
import { scriptedPolicy } from './scripted.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

const commute = statement('theorem commute (a b : Nat) : a + b = b + a');
const by = (proof: string): string => submissionSource(commute, proof);

describe('the loop over real Lean', () => {
  it('repairs by what Lean said of the round before', async () => {
    const policy = scriptedPolicy(({ previous }) => {
      const verdict = previous[0]?.verdict;
      if (verdict === undefined) return [by('by\n  induction a')];
      const told = verdict.kind === 'failed' && verdict.goals.some((goal) => goal.includes('n✝ + 1 + b'));
      return [by(told ? 'by omega' : 'by rfl')];
    });
    const outcome = await prove(commute, { policy, checker }, { rounds: 3 });
    expect(outcome).toMatchObject({ solved: true, round: 1, checks: 2 });
    expect(outcome.proof?.verdict.axioms).toEqual([]);
    expect(outcome.attempts[0]?.verdict).toMatchObject({ kind: 'failed' });
  });

  it('does not take a cheat for a proof', async () => {
    const policy = scriptedPolicy(() => [
      by('by sorry'),
      submissionSource(commute, 'oracle a b', 'axiom oracle (a b : Nat) : a + b = b + a'),
      'theorem commute (a b : Nat) : a + 0 = a := rfl',
    ]);
    const outcome = await prove(commute, { policy, checker }, { rounds: 1 });
    expect(outcome.solved).toBe(false);
    expect(outcome.attempts.map((attempt) => attempt.verdict.kind)).not.toContain('proved');
  });

  it('holds a runaway proof to the time that is left', async () => {
    // Leaves the section in which nothing is compiled, so that `#eval` really runs, and for ever.
    const endless =
      'partial def loop (n : Nat) : IO Unit := do if n = 0 then pure () else loop (n + 1)\n#eval loop 1';
    const loop = `${by('by omega')}\nend proofswarm\n${endless}`;
    const policy = scriptedPolicy(() => [{ submission: loop }]);
    const outcome = await prove(commute, { policy, checker }, { seconds: 6, rounds: 1 });
    expect(outcome).toMatchObject({
      reason: 'seconds',
      attempts: [{ verdict: { kind: 'exhausted', resource: 'time' } }],
    });
    expect(outcome.seconds).toBeLessThan(9);
  });
});

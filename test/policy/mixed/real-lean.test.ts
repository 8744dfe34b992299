import { afterAll, describe, expect, it } from 'vitest';
import { holesOf } from '../../../core/policy/mixed/holes.ts';
import { MixedPolicy } from '../../../core/policy/mixed/index.ts';
import { portfolio } from '../../../core/policy/portfolio/index.ts';
import { submissionSource, type Statement } from '../../../core/record/index.ts';
import { prove, type RepairOutcome } from '../../../core/repair/index.ts';
import { scriptedPolicy, type ScriptedPolicy } from '../../repair/scripted.ts';
import { statement, testChecker } from '../../support/lean.ts';

const checker = testChecker();
afterAll(() => checker.dispose());
const LIMIT = 120_000;

/** A model that always gives the same answer. */
const answers = (of: Statement, proof: string, helpers = ''): ScriptedPolicy =>
  scriptedPolicy(() => [submissionSource(of, proof, helpers)]);

/** A quick policy that has nothing to say of the statement itself, so that only leftovers can prove it. */
const onlyLeftovers = (of: Statement): ReturnType<typeof portfolio> => {
  const quick = portfolio();
  return {
    name: quick.name,
    async *propose(state, options) {
      if (state.statement.id === of.id) return;
      yield* quick.propose(state, options);
    },
  };
};

async function run(of: Statement, model: ScriptedPolicy, seconds = 60): Promise<RepairOutcome> {
  const policy = await MixedPolicy.open({ quick: onlyLeftovers(of), model });
  return prove(of, { policy, checker }, { rounds: 12, seconds });
}

const AND = statement('theorem three (a b : Nat) (h : a < b) : a + 1 ≤ b ∧ (∃ c, b = a + c) ∧ a * b = b * a');

describe('what a model leaves open is closed by the portfolio', () => {
  it.each<[string, Statement, string]>([
    ['goals at the end of blocks', AND, 'by\n  refine ⟨?_, ⟨b - a, ?_⟩, ?_⟩\n  · skip\n  · skip\n  · skip'],
    ['a tactic that fails', AND, 'by\n  refine ⟨h, ⟨b - a, by rfl⟩, Nat.mul_comm a b⟩'],
    [
      'goals of cases',
      statement('theorem halves (n : Nat) : n / 2 ≤ n'),
      'by\n  cases n with\n  | zero => skip\n  | succ m => skip',
    ],
    [
      'tactics of Mathlib',
      AND,
      'by\n  constructor\n  · linarith [h, h]\n  · exact ⟨⟨b - a, by omega⟩, by linarith⟩',
    ],
    [
      'goals without bullets',
      statement('theorem both (x y : Int) (h : x = y + 1) : y < x ∧ x ≠ y'),
      'by\n  constructor',
    ],
  ])('%s', { timeout: LIMIT }, async (_, of, proof) => {
    const model = answers(of, proof);
    const alone = await prove(of, { policy: model, checker }, { rounds: 1, seconds: 60 });
    expect(alone.solved).toBe(false);
    const outcome = await run(of, model);
    expect(outcome.solved).toBe(true);
    expect(outcome.proof?.submission).toMatch(/first \| \(/);
  });

  it('also where it said sorry', { timeout: LIMIT }, async () => {
    const proof = 'by\n  have k : a + 1 ≤ b := by sorry\n  exact ⟨k, ⟨b - a, by omega⟩, Nat.mul_comm a b⟩';
    // The judge may call it a failure or a forbidden axiom.
    const { verdict } = await checker.check(AND, submissionSource(AND, proof));
    expect(holesOf({ submission: submissionSource(AND, proof), verdict })).toHaveLength(1);
    const quick = scriptedPolicy(({ statement: goal, round }) =>
      round === 0 ? [submissionSource(goal, 'by omega')] : [],
    );
    const policy = await MixedPolicy.open({ quick, model: answers(AND, proof) });
    expect(await prove(AND, { policy, checker }, { rounds: 12, seconds: 60 })).toMatchObject({
      solved: true,
    });
  });
});

it('proves what is easy with the opening, and asks no model', { timeout: LIMIT }, async () => {
  const of = statement('theorem easy (a b : Nat) : a + b = b + a');
  const model = answers(of, 'by\n  exact Nat.add_comm a b');
  const policy = await MixedPolicy.open({ quick: portfolio(), model });
  expect(await prove(of, { policy, checker }, { rounds: 2 })).toMatchObject({ solved: true, round: 0 });
  expect(model.states).toEqual([]);
});

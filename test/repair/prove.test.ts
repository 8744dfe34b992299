import { describe, expect, it } from 'vitest';
import { attemptSchema, type Attempt } from '../../core/record/index.ts';
import { prove, type RepairEvent } from '../../core/repair/index.ts';
import {
  PREMISE_ID,
  premise,
  scriptedChecker,
  scriptedPolicy,
  statement,
  submissionsOf,
} from './scripted.ts';

describe('the repair loop', () => {
  it('ends at the first proof and says where it was', async () => {
    const policy = scriptedPolicy(({ round }) => [`a${round}`, `b${round}`, `c${round}`]);
    const checker = scriptedChecker((submission) => submission === 'b2');
    const outcome = await prove(statement, { policy, checker }, { rollouts: 3, rounds: 5 });
    expect(outcome).toMatchObject({ solved: true, reason: 'proved', rollout: 0, round: 2 });
    expect(outcome.proof?.submission).toBe('b2');
    expect(submissionsOf(outcome.attempts)).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2']);
    expect(checker.checked).toHaveLength(8);
  });

  it('shows each round the attempts of the round before, and only those', async () => {
    const policy = scriptedPolicy(({ round }) => [`a${round}`, `b${round}`]);
    await prove(statement, { policy, checker: scriptedChecker() }, { rounds: 3 });
    expect(policy.states.map((state) => submissionsOf(state.previous))).toEqual([
      [],
      ['a0', 'b0'],
      ['a1', 'b1'],
    ]);
  });

  it('starts every rollout from an empty history', async () => {
    const policy = scriptedPolicy(({ rollout, round }) => [`${rollout}.${round}`]);
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker() },
      { rollouts: 3, rounds: 2 },
    );
    expect(outcome).toMatchObject({ solved: false, reason: 'rounds', rollout: 2, round: 1 });
    expect(policy.states.filter((state) => state.round === 0).map((state) => state.previous)).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('shows nothing of the past where feedback is off', async () => {
    const policy = scriptedPolicy(({ round }) => [`a${round}`]);
    await prove(statement, { policy, checker: scriptedChecker() }, { rounds: 4, feedback: false });
    expect(policy.states).toHaveLength(4);
    expect(policy.states.every((state) => state.previous.length === 0)).toBe(true);
  });

  it('does not check a submission twice, yet keeps the repeated attempt with its verdict', async () => {
    const policy = scriptedPolicy(() => ['same', 'same\n\n', 'other']);
    const checker = scriptedChecker();
    const outcome = await prove(statement, { policy, checker }, { rollouts: 2, rounds: 3 });
    expect(checker.checked.map((check) => check.submission)).toEqual(['same', 'other']);
    expect(outcome.checks).toBe(2);
    expect(outcome.attempts).toHaveLength(18);
    expect(outcome.attempts.every((attempt) => attempt.verdict.kind === 'failed')).toBe(true);
  });

  it('checks a submission again under a higher heartbeat limit', async () => {
    const policy = scriptedPolicy(({ round }) => [{ submission: 's', maxHeartbeats: 1000 * (round + 1) }]);
    const checker = scriptedChecker();
    await prove(statement, { policy, checker }, { rounds: 2 });
    expect(checker.checked.map((check) => check.options.maxHeartbeats)).toEqual([1000, 2000]);
  });

  it('keeps a proposal with a defect as rejected, checks nothing, and shows it to the next round', async () => {
    const policy = scriptedPolicy(({ round }) =>
      round === 0 ? [{ submission: '', response: 'I give up', defect: 'no Lean code in the reply' }] : ['a'],
    );
    const checker = scriptedChecker();
    const outcome = await prove(statement, { policy, checker }, { rounds: 2 });
    expect(checker.checked.map((check) => check.submission)).toEqual(['a']);
    expect(outcome.attempts[0]).toMatchObject({
      submission: '',
      response: 'I give up',
      verdict: { kind: 'rejected', reason: 'malformed-submission', detail: 'no Lean code in the reply' },
    });
    expect(policy.states[1]?.previous).toEqual([outcome.attempts[0]]);
  });

  it('ends a rollout whose policy has nothing to propose, and goes on to the next', async () => {
    const policy = scriptedPolicy(({ rollout, round }) => (round === rollout ? [] : [`${rollout}.${round}`]));
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker() },
      { rollouts: 3, rounds: 9 },
    );
    expect(outcome).toMatchObject({ reason: 'policy-exhausted', rollout: 2, round: 2 });
    expect(submissionsOf(outcome.attempts)).toEqual(['1.0', '2.0', '2.1']);
  });

  it('keeps the whole trajectory as valid attempt records and hands each to the sink', async () => {
    const kept: Attempt[] = [];
    const policy = scriptedPolicy(({ round }) => [
      { submission: `a${round}`, prompt: 'p', response: 'r', promptTokens: 3, generatedTokens: 4 },
      `b${round}`,
    ]);
    const sink = { record: (attempt: Attempt) => void kept.push(attempt) };
    const retriever = { retrieve: () => Promise.resolve([premise]) };
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker(), sink, retriever },
      { rounds: 2 },
    );
    expect(kept).toEqual(outcome.attempts);
    for (const attempt of kept) expect(attemptSchema.parse(attempt)).toEqual(attempt);
    expect(kept.map(({ rollout, round, candidate }) => [rollout, round, candidate])).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(kept[0]).toMatchObject({
      statement: statement.id,
      policy: 'scripted',
      prompt: 'p',
      response: 'r',
      retrieved: [PREMISE_ID],
      cost: { promptTokens: 3, generatedTokens: 4 },
    });
  });

  it('goes on where the sink fails, and says so', async () => {
    const events: RepairEvent[] = [];
    const sink = { record: () => Promise.reject(new Error('disk full')) };
    const policy = scriptedPolicy(() => ['a', 'b']);
    const checker = scriptedChecker((submission) => submission === 'b');
    const outcome = await prove(statement, { policy, checker, sink }, {}, { onEvent: (e) => events.push(e) });
    expect(outcome.solved).toBe(true);
    expect(events.filter((event) => event.type === 'repair:sink-failed')).toHaveLength(2);
  });

  it('runs concurrent rollouts side by side and stops all once one is proved', async () => {
    const policy = scriptedPolicy(({ rollout, round }) => [`${rollout}.${round}`]);
    const checker = scriptedChecker((submission) => submission === '1.3');
    const outcome = await prove(statement, { policy, checker }, { rollouts: 4, rounds: 50, concurrency: 2 });
    expect(outcome).toMatchObject({ solved: true, rollout: 1, round: 3 });
    expect(new Set(outcome.attempts.map((attempt) => attempt.rollout))).toEqual(new Set([0, 1]));
    expect(outcome.attempts.length).toBeLessThan(12);
  });

  it('is deterministic where its parts are', async () => {
    const run = async () => {
      const policy = scriptedPolicy(({ rollout, round }) => [`${rollout}.${round}`, `${round}`]);
      const checker = scriptedChecker((submission) => submission === '2.1');
      const { attempts } = await prove(
        statement,
        { policy, checker },
        { rollouts: 4, rounds: 3, concurrency: 3 },
      );
      return attempts.map(({ rollout, round, candidate, submission }) => [
        rollout,
        round,
        candidate,
        submission,
      ]);
    };
    expect(await run()).toEqual(await run());
  });

  it('tells its progress in order', async () => {
    const events: string[] = [];
    const policy = scriptedPolicy(({ round }) => [`a${round}`]);
    const checker = scriptedChecker((submission) => submission === 'a1');
    const retriever = { retrieve: () => Promise.resolve([premise]) };
    await prove(statement, { policy, checker, retriever }, {}, { onEvent: (e) => events.push(e.type) });
    expect(events).toEqual([
      'repair:started',
      'repair:retrieved',
      'repair:rollout-started',
      'repair:round-started',
      'repair:check-started',
      'repair:attempt-finished',
      'repair:round-started',
      'repair:check-started',
      'repair:attempt-finished',
      'repair:finished',
    ]);
  });
});

describe('retrieval', () => {
  it('happens once a statement, asks for k premises and shows them to every round', async () => {
    const asked: number[] = [];
    const retriever = {
      retrieve: (_: unknown, k: number) => {
        asked.push(k);
        return Promise.resolve([premise, premise, premise]);
      },
    };
    const policy = scriptedPolicy(({ rollout, round }) => [`${rollout}.${round}`]);
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker(), retriever },
      { rollouts: 2, rounds: 2, retrieve: 2 },
    );
    expect(asked).toEqual([2]);
    expect(policy.states.map((state) => state.premises.length)).toEqual([2, 2, 2, 2]);
    expect(outcome.retrieved).toEqual([PREMISE_ID, PREMISE_ID]);
  });

  it('is not asked where it is switched off', async () => {
    const retriever = { retrieve: () => Promise.reject(new Error('asked')) };
    const events: RepairEvent[] = [];
    const policy = scriptedPolicy(() => ['a']);
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker(), retriever },
      { rounds: 1, retrieve: 0 },
      { onEvent: (event) => events.push(event) },
    );
    expect(outcome.attempts[0]?.retrieved).toEqual([]);
    expect(events.some((event) => event.type === 'repair:retrieval-failed')).toBe(false);
  });

  it('is done without where it fails', async () => {
    const events: RepairEvent[] = [];
    const retriever = { retrieve: () => Promise.reject(new Error('no index')) };
    const policy = scriptedPolicy(() => ['a']);
    const checker = scriptedChecker(() => true);
    const outcome = await prove(
      statement,
      { policy, checker, retriever },
      {},
      { onEvent: (event) => events.push(event) },
    );
    expect(outcome.solved).toBe(true);
    expect(events.some((event) => event.type === 'repair:retrieval-failed')).toBe(true);
  });
});

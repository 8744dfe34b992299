import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prove, type ProofChecker, type ProofPolicy } from '../../core/repair/index.ts';
import {
  failed,
  never,
  premise,
  provedOutcome,
  scriptedChecker,
  scriptedPolicy,
  statement,
} from './scripted.ts';

const rounds = scriptedPolicy(({ rollout, round }) => [`${rollout}.${round}`]);

/** A checker that takes so long by the (fake) clock, and heeds nobody. */
const slowChecker = (milliseconds: number): ProofChecker & { limits: number[] } => {
  const limits: number[] = [];
  return {
    limits,
    check: (_, __, options) => {
      limits.push(options.timeoutMs ?? 0);
      return new Promise((resolve) => setTimeout(() => resolve({ verdict: failed }), milliseconds));
    },
  };
};

describe('the budget of seconds', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets real macrotasks through between steps of the fake clock, for the loop breathes by setImmediate. */
  async function advance(milliseconds: number, step = 100): Promise<void> {
    for (let elapsed = 0; elapsed < milliseconds; elapsed += step) {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(step);
    }
  }

  it('ends the search, the check under way included', async () => {
    const running = prove(
      statement,
      { policy: rounds, checker: slowChecker(400) },
      { seconds: 1, rounds: 99 },
    );
    await advance(1100);
    const outcome = await running;
    expect(outcome).toMatchObject({ solved: false, reason: 'seconds', seconds: 1, checks: 3 });
    expect(outcome.attempts.map((attempt) => attempt.verdict.kind)).toEqual([
      'failed',
      'failed',
      'exhausted',
    ]);
  });

  it('never lets a check have more time than is left', async () => {
    const checker = slowChecker(400);
    const running = prove(
      statement,
      { policy: rounds, checker },
      { seconds: 1, rounds: 99, checkSeconds: 0.7 },
    );
    await advance(1100);
    await running;
    expect(checker.limits).toEqual([700, 600, 200]);
  });

  it('ends a search whose policy never answers', async () => {
    const policy: ProofPolicy = {
      name: 'mute',
      propose: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never() }) }),
    };
    const running = prove(statement, { policy, checker: scriptedChecker() }, { seconds: 2 });
    await advance(2100);
    expect(await running).toMatchObject({ reason: 'seconds', attempts: [] });
  });

  it('counts retrieval', async () => {
    const retriever = { retrieve: () => never<[]>() };
    const running = prove(
      statement,
      { policy: rounds, checker: scriptedChecker(), retriever },
      { seconds: 1 },
    );
    await advance(1100);
    expect(await running).toMatchObject({ reason: 'seconds', attempts: [] });
  });

  it('leaves no timer behind', async () => {
    const checker = scriptedChecker(() => true);
    await prove(statement, { policy: rounds, checker }, { seconds: 1000 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the budget of checks', () => {
  it('is never exceeded, whatever the rollouts, rounds, candidates and concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rollouts: fc.integer({ min: 1, max: 5 }),
          rounds: fc.integer({ min: 1, max: 5 }),
          concurrency: fc.integer({ min: 1, max: 4 }),
          checks: fc.integer({ min: 0, max: 20 }),
        }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 200 }),
        async (settings, width, distinct) => {
          let made = 0;
          const policy = scriptedPolicy(() => Array.from({ length: width }, () => `s${made++ % distinct}`));
          const checker = scriptedChecker((submission) => submission === 's150');
          const outcome = await prove(statement, { policy, checker }, settings);
          expect(checker.checked.length).toBeLessThanOrEqual(settings.checks);
          expect(outcome.checks).toBe(checker.checked.length);
          expect(new Set(checker.checked.map((check) => check.submission)).size).toBe(checker.checked.length);
          const { rollouts, rounds } = settings;
          expect(outcome.attempts.length).toBeLessThanOrEqual(rollouts * rounds * width);
          expect(outcome.solved).toBe(outcome.attempts.some((attempt) => attempt.verdict.kind === 'proved'));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says that it ran out', async () => {
    const outcome = await prove(
      statement,
      { policy: rounds, checker: scriptedChecker() },
      { checks: 3, rounds: 9 },
    );
    expect(outcome).toMatchObject({ reason: 'checks', checks: 3 });
  });

  it('lets a check that is under way finish', async () => {
    const checker: ProofChecker = {
      check: async (of, submission) => {
        for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
        return submission === '0.0' ? provedOutcome(of, submission) : { verdict: failed };
      },
    };
    const outcome = await prove(
      statement,
      { policy: rounds, checker },
      { checks: 1, rollouts: 2, concurrency: 2 },
    );
    expect(outcome.solved).toBe(true);
  });
});

describe('cancellation', () => {
  const hangs = {
    'before the start': {},
    'while retrieving': { retriever: { retrieve: () => never<[]>() } },
    'while the policy thinks': {
      policy: {
        name: 'mute',
        propose: () => ({
          [Symbol.asyncIterator]: () => ({ next: () => never<never>(), return: () => never<never>() }),
        }),
      },
    },
    'while Lean checks': { checker: { check: () => never<never>() } },
    'while the sink writes': {
      sink: { record: () => never<undefined>() },
      checker: scriptedChecker(() => true),
    },
  };

  it.each(Object.entries(hangs))(
    '%s returns at once, though nobody heeds the signal',
    async (when, parts) => {
      const controller = new AbortController();
      if (when === 'before the start') controller.abort();
      const running = prove(
        statement,
        { policy: rounds, checker: scriptedChecker(), ...parts },
        { seconds: 1000 },
        { signal: controller.signal },
      );
      for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      const outcome = await running;
      expect(outcome.reason).toBe(when === 'while the sink writes' ? 'proved' : 'cancelled');
    },
  );

  it('keeps the attempts made so far', async () => {
    const controller = new AbortController();
    let calls = 0;
    const checker: ProofChecker = {
      check: () => (++calls < 4 ? Promise.resolve({ verdict: failed }) : never()),
    };
    const retriever = { retrieve: () => Promise.resolve([premise]) };
    const running = prove(
      statement,
      { policy: rounds, checker, retriever },
      { rounds: 50, seconds: 1000 },
      {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'repair:check-started' && event.round === 3) controller.abort();
        },
      },
    );
    expect(await running).toMatchObject({
      reason: 'cancelled',
      attempts: [{ round: 0 }, { round: 1 }, { round: 2 }],
    });
  });

  it('reaches the parts that heed the signal', async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const checker: ProofChecker = {
      check: (_, __, options) => {
        seen = options.signal;
        controller.abort();
        return never();
      },
    };
    await prove(statement, { policy: rounds, checker }, {}, { signal: controller.signal });
    expect(seen?.aborted).toBe(true);
  });

  it('gets through to a search in which nothing ever waits', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const policy: ProofPolicy = {
      name: 'endless',
      async *propose() {
        for (;;) yield await Promise.resolve({ submission: 'same' });
      },
    };
    const outcome = await prove(
      statement,
      { policy, checker: scriptedChecker() },
      { seconds: 1000 },
      { signal: controller.signal },
    );
    expect(outcome.reason).toBe('cancelled');
  });
});

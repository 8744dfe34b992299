import { describe, expect, test } from 'vitest';
import {
  MixedPolicy,
  type MixedEvent,
  type MixedStore,
  type RoundPolicy,
} from '../../../core/policy/mixed/index.ts';
import type { Proposal, RoundState, Verdict } from '../../../core/record/index.ts';
import { prove, type RepairOutcome } from '../../../core/repair/index.ts';
import {
  failed,
  scriptedChecker,
  scriptedPolicy,
  statement as target,
  type ScriptedPolicy,
} from '../../repair/scripted.ts';
import { numbered } from '../../memory/proofs.ts';

/** Fails with one goal left in the last line, whatever is submitted. */
const withGoal = (submission: string): Verdict => {
  const lines = submission.split('\n');
  return {
    kind: 'failed',
    diagnostics: [
      {
        severity: 'error',
        position: { line: lines.length, column: 0 },
        end: { line: lines.length, column: Array.from(lines.at(-1) ?? '').length },
        message: 'unsolved goals\na b : Nat\n⊢ a = b',
        kind: 'Tactic.unsolvedGoals',
        goals: ['a b : Nat\n⊢ a = b'],
      },
    ],
    goals: ['a b : Nat\n⊢ a = b'],
    milliseconds: 1,
  };
};

/** Different in every round, so that nothing is checked twice. */
const says =
  (name: string): ((state: RoundState) => (string | Proposal)[]) =>
  ({ statement, rollout, round }) => [`${statement.formal} := by\n  ${name} -- ${rollout} ${round}`];

interface World {
  readonly quick: ScriptedPolicy;
  readonly model: ScriptedPolicy;
  readonly policy: MixedPolicy;
  readonly events: MixedEvent[];
  time: number;
}

async function world(
  store?: MixedStore,
  more: Partial<{ modelId: string; seed: number }> = {},
): Promise<World> {
  const events: MixedEvent[] = [];
  const quick = scriptedPolicy(says('omega'));
  const model = scriptedPolicy(says('nlinarith'));
  const made: World = {
    quick,
    model,
    events,
    time: 0,
    policy: await MixedPolicy.open(
      {
        quick,
        model,
        onEvent: (event) => events.push(event),
        now: () => (made.time += 1000),
        ...(store ? { store } : {}),
      },
      more,
    ),
  };
  return made;
}

const arms = (events: readonly MixedEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'mixed:chosen' ? [event.arm] : []));

function memory(initial?: unknown): MixedStore & { saved: unknown } {
  const store = {
    saved: initial,
    load: () => Promise.resolve(store.saved),
    save: (state: unknown) => {
      store.saved = JSON.parse(JSON.stringify(state)) as unknown;
      return Promise.resolve();
    },
  };
  return store;
}

describe('the rounds of a rollout', () => {
  test('begin with the quick policy, and each policy sees only its own rounds', async () => {
    const { policy, quick, model, events } = await world();
    const checker = scriptedChecker(undefined, withGoal);
    const outcome = await prove(target, { policy, checker }, { rounds: 40 });
    expect(outcome).toMatchObject({ solved: false, reason: 'rounds' });
    const order = arms(events);
    expect(order[0]).toBe('opening');
    // Each had something to say.
    const played = events.flatMap((event) => (event.type === 'mixed:played' ? [event] : []));
    expect(played.map(({ arm }) => arm)).toEqual(order);
    expect(played.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
    expect(new Set(order)).toEqual(new Set(['opening', 'search', 'model', 'leftovers']));
    // Leftovers are there only after the model has had a round, and once for each.
    let open = false;
    for (const arm of order) {
      if (arm === 'leftovers') expect(open).toBe(true);
      if (arm === 'model') open = true;
      else if (arm === 'leftovers') open = false;
    }
    const own = quick.states.filter((state) => state.statement.id === target.id);
    expect(own.map(({ round }) => round)).toEqual(own.map((_, i) => i));
    expect(model.states.map(({ round }) => round)).toEqual(model.states.map((_, i) => i));
    expect(model.states[0]?.previous).toEqual([]);
    for (const state of model.states.slice(1)) expect(state.previous[0]?.submission).toContain('nlinarith');
    for (const state of own.slice(1)) expect(state.previous[0]?.submission).toContain('omega');
  });

  test('give the goals that the model left to the quick policy, and patch them with its tactics', async () => {
    const { policy, quick } = await world();
    const checker = scriptedChecker(
      (text) => text.includes('nlinarith') && text.includes('first | (omega'),
      withGoal,
    );
    const outcome = await prove(target, { policy, checker }, { rounds: 40 });
    expect(outcome.solved).toBe(true);
    expect(quick.states.at(-1)?.statement.formal).toBe('theorem leftover (a b : Nat) : a = b');
  });

  test('go to whoever has something to say, and end when nobody has', async () => {
    const { quick } = await world();
    const silent = scriptedPolicy(() => []);
    const policy = await MixedPolicy.open({ quick, model: silent });
    const outcome = await prove(target, { policy, checker: scriptedChecker() }, { rounds: 30 });
    expect(outcome).toMatchObject({ reason: 'rounds', checks: 30 });
    const nobody = await MixedPolicy.open({ quick: silent, model: silent });
    expect(await prove(target, { policy: nobody, checker: scriptedChecker() }, { rounds: 30 })).toMatchObject(
      {
        reason: 'policy-exhausted',
        checks: 0,
      },
    );
  });

  test('go on without a model that fails, and say what it failed of', async () => {
    const broken: RoundPolicy = {
      name: 'broken',
      async *propose() {
        await Promise.resolve();
        throw new Error('llama.cpp is gone');
      },
    };
    const events: MixedEvent[] = [];
    const policy = await MixedPolicy.open({
      quick: scriptedPolicy(says('omega')),
      model: broken,
      onEvent: (event) => events.push(event),
    });
    const outcome = await prove(target, { policy, checker: scriptedChecker() }, { rollouts: 2, rounds: 60 });
    expect(outcome).toMatchObject({ reason: 'rounds' });
    expect(outcome.attempts).toHaveLength(120);
    const failures = events.filter(({ type }) => type === 'mixed:model-failed');
    // Once a rollout, which does not ask it again.
    expect(failures).toMatchObject([
      { error: new Error('llama.cpp is gone') },
      { error: new Error('llama.cpp is gone') },
    ]);
  });

  test('without feedback have no history and no leftovers', async () => {
    const { policy, quick, model, events } = await world();
    await prove(
      target,
      { policy, checker: scriptedChecker(undefined, withGoal) },
      { rounds: 30, feedback: false },
    );
    expect(arms(events)).not.toContain('leftovers');
    expect([...quick.states, ...model.states].every(({ previous }) => previous.length === 0)).toBe(true);
  });

  test('are the same for the same seed, and others for another', async () => {
    const run = async (seed: number): Promise<string[]> => {
      const { policy, events } = await world(undefined, { seed });
      await prove(
        target,
        { policy, checker: scriptedChecker(undefined, withGoal) },
        { rounds: 30, rollouts: 3 },
      );
      return arms(events);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  test('of several rollouts at a time do not mix', async () => {
    const { policy, model } = await world();
    await prove(target, { policy, checker: scriptedChecker() }, { rounds: 15, rollouts: 4, concurrency: 4 });
    for (const { rollout, previous } of model.states) {
      for (const attempt of previous) expect(attempt.rollout).toBe(rollout);
    }
  });

  test('end when the search is cancelled', async () => {
    const { policy } = await world();
    const controller = new AbortController();
    const checker = scriptedChecker(undefined, () => {
      if (checker.checked.length === 5) controller.abort();
      return failed;
    });
    const outcome = await prove(target, { policy, checker }, { rounds: 1000 }, { signal: controller.signal });
    expect(outcome.reason).toBe('cancelled');
    expect(checker.checked.length).toBeLessThanOrEqual(6);
  });
});

describe('learning', () => {
  /** Ten statements that only the model proves. */
  async function teach(world: World): Promise<void> {
    for (let i = 0; i < 10; i++) {
      const statement = numbered(i);
      const checker = scriptedChecker((text) => text.includes('nlinarith') && !text.includes('first'));
      const outcome: RepairOutcome = await prove(
        statement,
        { policy: world.policy, checker },
        { rounds: 60 },
      );
      expect(outcome.solved).toBe(true);
      await world.policy.learn(statement, outcome);
    }
  }

  test('moves the budget to what pays, and says so', async () => {
    const made = await world();
    const share = (): number => made.policy.explain(target).find(({ arm }) => arm === 'model')?.share ?? 0;
    const before = share();
    expect(made.policy.explain(target).map(({ why }) => why)).toEqual([
      expect.stringMatching(/^the portfolio’s search gets \d+% of the rounds: it has not been tried yet/),
      expect.stringMatching(/^the language model gets /),
      expect.stringMatching(/^the portfolio on what the model left open gets /),
    ]);
    await teach(made);
    expect(share()).toBeGreaterThan(before);
    expect(share()).toBeGreaterThan(0.5);
    expect(made.policy.explain(target)[1]?.why).toMatch(/10 proofs in \d+ rounds? of some [\d.]+ s on /);
  });

  test('is kept, and goes on in the next run', async () => {
    const store = memory();
    const first = await world(store);
    await teach(first);
    const second = await world(store);
    expect(second.events).toEqual([]);
    expect(second.policy.explain(target)).toEqual(first.policy.explain(target));
  });

  test('is not carried to another model, save for what the quick policy did', async () => {
    const store = memory();
    await teach(await world(store, { modelId: 'small' }));
    const other = await world(store, { modelId: 'large' });
    const [search, model] = other.policy.explain(target);
    expect(search?.rounds).toBeGreaterThan(0);
    expect(model).toMatchObject({ rounds: 0, proofs: 0 });
  });

  test('is none where a statement was cancelled, or is not known', async () => {
    const store = memory();
    const { policy } = await world(store);
    const outcome = await prove(target, { policy, checker: scriptedChecker() }, { rounds: 5 });
    await policy.learn(target, { ...outcome, reason: 'cancelled' });
    await policy.learn(numbered(1), outcome);
    expect(store.saved).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['a text', 'hello'],
    ['another version', { version: 2, model: 'm', kinds: [] }],
    [
      'more proofs than rounds',
      { version: 1, model: 'scripted', kinds: [['all', tallies({ proofs: 2, rounds: 1 })]] },
    ],
    ['less than nothing', { version: 1, model: 'scripted', kinds: [['all', tallies({ rounds: -1 })]] }],
    ['no numbers', { version: 1, model: 'scripted', kinds: [['all', tallies({ milliseconds: null })]] }],
  ])('begins anew, and says so, where the store holds %s', async (_, saved) => {
    const { policy, events } = await world(memory(saved));
    expect(events).toMatchObject([{ type: 'mixed:state-unreadable' }]);
    expect(policy.explain(target).every(({ rounds }) => rounds === 0)).toBe(true);
  });

  test('goes on where the store fails, and says so', async () => {
    const broken: MixedStore = {
      load: () => Promise.reject(new Error('disk gone')),
      save: () => Promise.reject(new Error('disk full')),
    };
    const made = await world(broken);
    await teach(made);
    expect(made.events.filter(({ type }) => type.startsWith('mixed:state'))).toMatchObject([
      { type: 'mixed:state-unreadable', detail: 'disk gone' },
      ...Array.from({ length: 10 }, () => ({ type: 'mixed:state-unsaved', error: new Error('disk full') })),
    ]);
    expect(made.policy.explain(target)[1]?.proofs).toBeGreaterThan(0);
  });
});

function tallies(wrong: object): object {
  const none = { rounds: 0, proofs: 0, milliseconds: 0 };
  return { search: { ...none, ...wrong }, model: none, leftovers: none };
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LlamaPolicy, type LlamaPolicyEvent } from '../../../core/policy/llama/index.ts';
import { attemptSchema, submissionSource, type Verdict } from '../../../core/record/index.ts';
import { prove, type RepairEvent } from '../../../core/repair/index.ts';
import { premise, provedOutcome, scriptedChecker, statement as scripted } from '../../repair/scripted.ts';
import { statement, testChecker } from '../../support/lean.ts';
import { tinyGguf } from '../../support/tiny-gguf.ts';
import { testEngine, UNSURE, type TestEngine } from './engines.ts';

const CLOSERS = 'root ::= "by " ("rfl" | "omega" | "decide" | "simp" | "contradiction")';
const NO_CODE = 'root ::= "I do not know."';

const modelPath = tinyGguf(UNSURE);
const engine = testEngine({ modelPath, contextSize: 4096, slots: 4 });
const checker = testChecker();
beforeAll(() => Promise.all([engine.load(), checker.warmUp()]));
afterAll(() => Promise.all([engine.dispose(), checker.dispose()]));

let others: TestEngine[] = [];
afterEach(async () => {
  await Promise.all(others.map((other) => other.dispose()));
  others = [];
});
function otherEngine(settings: Parameters<typeof testEngine>[0]): TestEngine {
  const other = testEngine({ modelPath, ...settings });
  others.push(other);
  return other;
}

describe('a language model in the repair loop', () => {
  it('proves with many rollouts at a time, and stops them all at the first proof', async () => {
    const commute = statement('theorem commute (a b : Nat) : a + b = b + a');
    const policy = new LlamaPolicy({ engine }, { grammar: CLOSERS });
    const outcome = await prove(
      commute,
      { policy, checker },
      { rollouts: 64, rounds: 2, concurrency: 8, seconds: 50 },
    );
    expect(outcome).toMatchObject({ solved: true, reason: 'proved' });
    expect(outcome.proof?.submission).toMatch(/by (omega|simp)/);
    expect(outcome.attempts.length).toBeLessThan(64);
    for (const attempt of outcome.attempts) {
      expect(attemptSchema.parse(attempt)).toEqual(attempt);
      expect(attempt).toMatchObject({
        policy: 'llama',
        response: expect.stringMatching(/^by \w+$/) as string,
        prompt: expect.stringContaining('theorem commute (a b : Nat)') as string,
        generation: { family: 'generic', stopReason: 'end', thinking: '', omitted: [] },
      });
      expect(attempt.cost.promptTokens).toBeGreaterThan(100);
      expect(attempt.cost.generatedTokens).toBe(attempt.response?.length);
    }
    // Nothing goes on behind the proof.
    const { requests } = engine.totals;
    await expect(policyReply('root ::= "by rfl"')).resolves.toBe('by rfl');
    expect(engine.totals.requests).toBe(requests + 1);
  });

  it('evaluates what the rollouts of a statement share once', async () => {
    const target = statement('theorem shared (a b c : Nat) : a + b + c = c + b + a');
    const before = engine.totals;
    const policy = new LlamaPolicy({ engine }, { grammar: 'root ::= [a-z] [a-z] [a-z]' });
    const never = scriptedChecker();
    const outcome = await prove(
      target,
      { policy, checker: never },
      { rollouts: 8, rounds: 1, concurrency: 8 },
    );
    expect(outcome.attempts).toHaveLength(8);
    const [{ cost } = { cost: undefined }] = outcome.attempts;
    const { promptTokens, cachedTokens } = engine.totals;
    const evaluated = promptTokens - before.promptTokens - (cachedTokens - before.cachedTokens);
    expect(evaluated).toBeLessThan((cost?.promptTokens ?? 0) + 8);
  });

  it('draws another reply for each rollout and round, and the same in the next run', async () => {
    const policy = new LlamaPolicy({ engine }, { grammar: 'root ::= [a-z]{12}' });
    const run = async (): Promise<(string | undefined)[]> => {
      const outcome = await prove(
        scripted,
        { policy, checker: scriptedChecker() },
        { rollouts: 2, rounds: 2 },
      );
      return outcome.attempts.map(({ response }) => response);
    };
    const first = await run();
    expect(new Set(first).size).toBe(4);
    expect(await run()).toEqual(first);
  });

  it('keeps a reply without code as a rejected attempt, and goes on with the next round', async () => {
    const policy = new LlamaPolicy({ engine }, { grammar: NO_CODE });
    const judge = scriptedChecker();
    const outcome = await prove(scripted, { policy, checker: judge }, { rounds: 2 });
    expect(judge.checked).toEqual([]);
    expect(outcome.attempts.map(({ verdict }) => verdict)).toMatchObject([
      { kind: 'rejected', reason: 'malformed-submission' },
      { kind: 'rejected', reason: 'malformed-submission' },
    ]);
    expect(outcome.attempts[0]).toMatchObject({ response: 'I do not know.', submission: '' });
    // The second round is asked with the first one's failure.
    expect(outcome.attempts[1]?.prompt).not.toBe(outcome.attempts[0]?.prompt);
  });

  it('stops a reply while it streams once it holds the proof', async () => {
    const proof = submissionSource(scripted, 'by omega');
    const lines = proof.split('\n').map((line) => `"${line}\\n"`);
    const policy = new LlamaPolicy(
      { engine },
      { grammar: `root ::= "\`\`\`lean4\\n" ${lines.join(' ')} "\`\`\`\\n" rest\nrest ::= [a-z ] rest` },
    );
    const judge = scriptedChecker((submission) => submission.includes('omega'));
    const outcome = await prove(scripted, { policy, checker: judge }, { rounds: 1 });
    expect(outcome.solved).toBe(true);
    expect(outcome.attempts[0]?.generation).toMatchObject({ stopReason: 'stopped', stopped: 'complete' });
    expect(outcome.attempts[0]?.cost.generatedTokens).toBeLessThan(2_000);
  });

  it('shows what Lean said, and says what it had no room for', async () => {
    const small = otherEngine({ contextSize: 2048 });
    const message = 'the goal is still open '.repeat(100);
    const verdict: Verdict = {
      kind: 'failed',
      goals: [],
      milliseconds: 1,
      diagnostics: [{ severity: 'error', position: { line: 1, column: 0 }, message, kind: 'error' }],
    };
    const policy = new LlamaPolicy({ engine: small }, { grammar: 'root ::= "by " [a-z]{4}', maxTokens: 8 });
    const outcome = await prove(
      scripted,
      {
        policy,
        checker: scriptedChecker(
          () => false,
          () => verdict,
        ),
        retriever: {
          retrieve: () => Promise.resolve([{ ...premise, submission: 'theorem u : '.repeat(200) }]),
        },
      },
      { rounds: 2 },
    );
    expect(outcome.attempts).toHaveLength(2);
    expect(outcome.attempts[0]?.generation?.omitted).toEqual([`reference ${premise.id} (budget)`]);
    expect(outcome.attempts[1]?.prompt).toContain('the goal is still open');
    expect(outcome.attempts[1]?.generation?.omitted).toContain('the middle of 1 messages (budget)');
  });

  it('ends a rollout whose statement does not fit, and says so', async () => {
    const small = otherEngine({ contextSize: 256 });
    const events: LlamaPolicyEvent[] = [];
    const policy = new LlamaPolicy({ engine: small, onEvent: (event) => events.push(event) });
    const outcome = await prove(scripted, { policy, checker: scriptedChecker() }, { rollouts: 2 });
    expect(outcome).toMatchObject({ reason: 'policy-exhausted', attempts: [] });
    expect(events.map(({ type }) => type)).toEqual(['llama:prompt-too-long', 'llama:prompt-too-long']);
  });

  it('survives a crash of llama.cpp', async () => {
    const fragile = otherEngine({ contextSize: 4096, slots: 2 });
    await fragile.load();
    let killed = false;
    const onEvent = (event: RepairEvent): void => {
      if (event.type !== 'repair:attempt-finished' || killed) return;
      killed = true;
      process.kill(fragile.pid ?? NaN, 'SIGKILL');
    };
    const policy = new LlamaPolicy({ engine: fragile }, { grammar: 'root ::= "by " [a-z]{40}' });
    const outcome = await prove(
      scripted,
      { policy, checker: scriptedChecker() },
      { rollouts: 4, rounds: 2, concurrency: 2 },
      { onEvent },
    );
    expect(killed).toBe(true);
    expect(outcome).toMatchObject({ reason: 'rounds' });
    expect(outcome.attempts).toHaveLength(8);
  });

  it('stops at once when the search is cancelled', async () => {
    const controller = new AbortController();
    const policy = new LlamaPolicy({
      engine,
      onEvent: ({ type }) => {
        if (type === 'llama:prompted') controller.abort(new Error('enough'));
      },
    });
    const outcome = await prove(
      scripted,
      { policy, checker: scriptedChecker() },
      { rollouts: 8, concurrency: 4 },
      { signal: controller.signal },
    );
    expect(outcome).toMatchObject({ reason: 'cancelled', attempts: [] });
    await expect(policyReply('root ::= "by rfl"')).resolves.toBe('by rfl');
  });
});

describe('generation and checking', () => {
  /** Takes its time, as Lean does; proves nothing. */
  const slowChecker = (milliseconds: number) => ({
    async check() {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return { verdict: { kind: 'failed' as const, diagnostics: [], goals: [], milliseconds } };
    },
  });

  it('go on side by side where there are more rollouts than slots', async () => {
    const busy = otherEngine({ contextSize: 2048, slots: 2 });
    await busy.load();
    const policy = new LlamaPolicy({ engine: busy }, { grammar: 'root ::= "by " [a-z]{60}' });
    const idle = async (concurrency: number): Promise<number> => {
      const before = busy.totals;
      await prove(scripted, { policy, checker: slowChecker(150) }, { rollouts: 8, rounds: 2, concurrency });
      const { waitingForLeanMs, busyMs } = busy.totals;
      const waited = waitingForLeanMs - before.waitingForLeanMs;
      return waited / (waited + busyMs - before.busyMs);
    };
    const alternating = await idle(1);
    const overlapped = await idle(8);
    expect(alternating).toBeGreaterThan(0.2);
    expect(overlapped).toBeLessThan(alternating / 2);
  });
});

describe('a proof', () => {
  it('that the checker forges nothing of is the first that is accepted', async () => {
    const policy = new LlamaPolicy({ engine }, { grammar: CLOSERS });
    const outcome = await prove(
      scripted,
      { policy, checker: { check: (of, text) => Promise.resolve(provedOutcome(of, text)) } },
      { rollouts: 4, concurrency: 4 },
    );
    expect(outcome.solved).toBe(true);
    expect(outcome.proof?.submission).toBe(outcome.attempts.at(-1)?.submission);
  });
});

async function policyReply(grammar: string): Promise<string | undefined> {
  const { attempts } = await prove(
    scripted,
    { policy: new LlamaPolicy({ engine }, { grammar }), checker: scriptedChecker() },
    { rounds: 1 },
  );
  return attempts[0]?.response;
}

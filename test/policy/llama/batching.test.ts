import { afterAll, describe, expect, it } from 'vitest';
import { endless, request, testEngine } from './engines.ts';

const engine = testEngine({ slots: 8, contextSize: 1024 });
afterAll(() => engine.dispose());

/** Prompts of equal beginnings: `shared` letters of one, then their own. */
const prompt = (seed: string, own: string): string => `${seed.repeat(400).slice(0, 400)} ${own}`;
const evaluated = (result: { promptTokens: number; cachedTokens: number }): number =>
  result.promptTokens - result.cachedTokens;

describe('rollouts in one batch', () => {
  it('are what they are alone', async () => {
    const rollouts = Array.from({ length: 8 }, (_, seed) =>
      request({ seed, prompt: prompt('ab', `rollout ${seed % 3}`), maxTokens: 64 }),
    );
    const together = await Promise.all(rollouts.map((rollout) => engine.generate(rollout)));
    const alone: string[] = [];
    for (const rollout of rollouts) alone.push((await engine.generate(rollout)).text);
    expect(together.map(({ text }) => text)).toEqual(alone);
    expect(new Set(alone).size).toBe(8);
  });

  it('evaluate what their prompts share once', async () => {
    const rollouts = Array.from({ length: 8 }, (_, seed) => request({ seed, prompt: prompt('cd', 'same') }));
    const results = await Promise.all(rollouts.map((rollout) => engine.generate(rollout)));
    const costs = results.map(evaluated).sort((a, b) => b - a);
    // The first evaluates its whole prompt; the others the last token, from which they draw.
    expect(costs).toEqual([405, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('evaluate only what is their own where their prompts differ at the end', async () => {
    const results = await Promise.all(
      ['one', 'two', 'six', 'ten'].map((own) => engine.generate(request({ prompt: prompt('ef', own) }))),
    );
    const costs = results.map(evaluated).sort((a, b) => b - a);
    expect(costs[0]).toBe(404);
    // 'two' and 'ten' begin alike; then three letters of one's own, at most.
    for (const cost of costs.slice(1)) expect(cost).toBeLessThanOrEqual(3);
  });

  it('copy from a rollout that is in the middle of its reply', async () => {
    const shared = prompt('gh', 'x');
    const controller = new AbortController();
    const begun = Promise.withResolvers<undefined>();
    const leader = engine.generate(endless({ prompt: shared }), {
      signal: controller.signal,
      onText: () => {
        begun.resolve(undefined);
        return undefined;
      },
    });
    await begun.promise;
    const follower = await engine.generate(request({ prompt: shared }));
    controller.abort(new Error('done'));
    await expect(leader).rejects.toThrow('done');
    expect(evaluated(follower)).toBe(1);
    await expect(engine.generate(request({ prompt: shared }))).resolves.toMatchObject({
      text: follower.text,
    });
  });

  it('lose nothing where the one that evaluates the prompt is cancelled', async () => {
    const controller = new AbortController();
    const shared = prompt('ij', 'y');
    const leader = engine.generate(request({ prompt: shared }), { signal: controller.signal });
    const others = [1, 2, 3].map((seed) => engine.generate(request({ prompt: shared, seed })));
    controller.abort(new Error('cancelled'));
    await expect(leader).rejects.toThrow('cancelled');
    const results = await Promise.all(others);
    expect(results.every(({ stopReason }) => stopReason === 'max-tokens')).toBe(true);
    expect(results.map(evaluated).filter((cost) => cost > 100).length).toBeLessThanOrEqual(1);
  });

  it('find a prompt again whose slot others have used since', async () => {
    const kept = prompt('kl', 'kept');
    await engine.generate(request({ prompt: kept }));
    // Fewer than there are slots: the least recently used ones go first.
    for (let i = 0; i < 5; i++) await engine.generate(request({ prompt: `${i}`.repeat(300) }));
    expect(evaluated(await engine.generate(request({ prompt: kept })))).toBe(1);
  });

  it('count what was evaluated', async () => {
    const before = engine.totals;
    const result = await engine.generate(request({ prompt: prompt('mn', 'z') }));
    const { promptTokens, cachedTokens, generatedTokens, requests } = engine.totals;
    expect(generatedTokens - before.generatedTokens).toBe(32);
    expect(requests - before.requests).toBe(1);
    expect(promptTokens - before.promptTokens).toBe(result.promptTokens);
    expect(cachedTokens - before.cachedTokens).toBe(result.cachedTokens);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../core/policy/llama/index.ts';
import { endless, request, testEngine } from './engines.ts';

const engine = testEngine();
afterAll(() => engine.dispose());

const GREEDY = { temperature: 0, topP: 1, minP: 0, topK: 0 };

describe('one reply', () => {
  it('is the same for the same seed, and another for another', async () => {
    const first = await engine.generate(request());
    const again = await engine.generate(request());
    const other = await engine.generate(request({ seed: 8 }));
    expect(first).toMatchObject({ stopReason: 'max-tokens', generatedTokens: 32 });
    expect(again.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  });

  it('takes the likeliest token at temperature 0, whatever the seed', async () => {
    const texts = await Promise.all(
      [1, 2].map((seed) => engine.generate(request({ sampling: GREEDY, seed }))),
    );
    expect(new Set(texts.map(({ text }) => text)).size).toBe(1);
  });

  it('comes piece by piece, and the pieces are the whole', async () => {
    const pieces: string[] = [];
    // Letters of one, two and three bytes: tokens are single bytes, so that pieces may end inside a letter.
    const { text } = await engine.generate(
      request({ grammar: 'root ::= [aλ∀] root', maxTokens: 300, sampling: { ...GREEDY, temperature: 3 } }),
      { onText: (piece) => void pieces.push(piece) },
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(text.startsWith(pieces.join(''))).toBe(true);
    expect(text).toMatch(/^[aλ∀]+\uFFFD{0,2}$/);
    expect(text).toMatch(/λ/);
    expect(pieces.join('')).not.toContain('\uFFFD');
  });

  it('ends where the caller says so while it streams', async () => {
    let heard = '';
    const result = await engine.generate(endless(), {
      onText: (piece) => {
        heard += piece;
        return heard.length >= 20 ? 'stop' : undefined;
      },
    });
    expect(result.stopReason).toBe('stopped');
    expect(result.text.startsWith(heard.slice(0, 20))).toBe(true);
    expect(result.generatedTokens).toBeLessThan(400);
  });

  it('fails with what the listener throws, and the engine goes on', async () => {
    const broken = engine.generate(endless(), {
      onText: () => {
        throw new Error('the monitor broke');
      },
    });
    await expect(broken).rejects.toThrow('the monitor broke');
    await expect(engine.generate(request())).resolves.toMatchObject({ stopReason: 'max-tokens' });
  });

  it('ends before a stop text, though it lies across pieces, and is the same each time', async () => {
    const grammar = `root ::= "${'abcdefghij'.repeat(20)}STOPklm" [a-z]*`;
    const runs = [1, 2].map(() =>
      engine.generate(request({ grammar, stop: ['STOP', 'never'], maxTokens: 400 })),
    );
    for (const result of await Promise.all(runs)) {
      expect(result).toMatchObject({ stopReason: 'stop-text', text: 'abcdefghij'.repeat(20) });
    }
  });

  it('ends with its grammar', async () => {
    const result = await engine.generate(request({ grammar: 'root ::= "by " ("omega" | "rfl")' }));
    expect(result.text).toMatch(/^by (omega|rfl)$/);
    expect(result.stopReason).toBe('end');
  });

  it('is refused where its grammar is none', async () => {
    await expect(engine.generate(request({ grammar: 'root ::= (' }))).rejects.toThrow(InvalidRequestError);
    await expect(engine.generate(request({ grammar: 'root ::= nowhere' }))).rejects.toThrow(
      InvalidRequestError,
    );
    await expect(engine.generate(request())).resolves.toBeDefined();
  });

  it.each([{ maxTokens: 0 }, { seed: -1 }, { seed: 2 ** 32 }, { prompt: [] }, { stop: [''] }])(
    'is refused where the request is out of range: %o',
    async (change) => {
      await expect(engine.generate(request(change))).rejects.toThrow(InvalidRequestError);
    },
  );
});

describe('the end of the context', () => {
  it('ends a reply that reaches it, and none of the others', async () => {
    const [long, short] = await Promise.all([engine.generate(endless()), engine.generate(request())]);
    expect(long.stopReason).toBe('context-full');
    expect(long.promptTokens + long.generatedTokens).toBe(512);
    expect(short.stopReason).toBe('max-tokens');
  });

  it('is told of a prompt that does not fit, without a reply', async () => {
    const prompt = (letters: number) => 'x'.repeat(letters);
    await expect(engine.generate(request({ prompt: prompt(512) }))).resolves.toMatchObject({
      stopReason: 'prompt-too-long',
      promptTokens: 512,
      generatedTokens: 0,
      text: '',
    });
    await expect(engine.generate(request({ prompt: prompt(511) }))).resolves.toMatchObject({
      stopReason: 'context-full',
      generatedTokens: 1,
    });
    await expect(engine.generate(request({ prompt: prompt(511), maxTokens: 1 }))).resolves.toMatchObject({
      stopReason: 'max-tokens',
    });
  });
});

describe('cancelling', () => {
  it('ends a reply in the middle, and frees its slot', async () => {
    const before = (await engine.generate(request())).text;
    for (let i = 0; i < 6; i++) {
      const controller = new AbortController();
      const reason = new Error(`enough ${i}`);
      const running = engine.generate(endless(), {
        signal: controller.signal,
        onText: () => {
          controller.abort(reason);
          return undefined;
        },
      });
      await expect(running).rejects.toBe(reason);
    }
    const after = await Promise.all([1, 2, 3, 4].map(() => engine.generate(request())));
    expect(after.map(({ text }) => text)).toEqual([before, before, before, before]);
  });

  it('takes a request out of the queue', async () => {
    const holders = new AbortController();
    const held = [1, 2, 3, 4].map(() => engine.generate(endless(), { signal: holders.signal, onText: hold }));
    const controller = new AbortController();
    const waiting = engine.generate(request(), { signal: controller.signal });
    controller.abort(new Error('not any more'));
    await expect(waiting).rejects.toThrow('not any more');
    holders.abort(new Error('done'));
    const ends = await Promise.allSettled(held);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    await expect(engine.generate(request())).resolves.toBeDefined();
  });

  it('before it began does nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    const { requests } = engine.totals;
    await expect(engine.generate(request(), { signal })).rejects.toThrow('too late');
    expect(engine.totals.requests).toBe(requests);
  });
});

const hold = (): undefined => undefined;

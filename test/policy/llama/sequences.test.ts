import { getLlama, LlamaLogLevel, type LlamaContext, type LlamaModel } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lanes, type Lane } from '../../../core/policy/llama/process/sequences.ts';
import { tinyGguf } from '../../support/tiny-gguf.ts';
import { SURE } from './engines.ts';

let model: LlamaModel;
let context: LlamaContext;
let lanes: Lanes;
const never = new AbortController().signal;

beforeAll(async () => {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
  });
  model = await llama.loadModel({ modelPath: tinyGguf(SURE) });
  context = await model.createContext({ contextSize: 512, sequences: 2, threads: 1 });
  lanes = new Lanes(context);
});
afterAll(() => model.dispose());

const tokensOf = (text: string) => model.tokenize(text);
function take(text: string): Lane {
  const lane = lanes.acquire(tokensOf(text));
  if (lane === undefined) throw new Error('no lane is free');
  return lane;
}
async function next(lane: Lane): Promise<number> {
  for await (const token of lane.sequence.evaluate(tokensOf('.'), { temperature: 0 })) return token;
  throw new Error('no token');
}

describe('the sequences of a context', () => {
  it('go on from a copied state as from their own', async () => {
    const text = 'the quick brown fox jumps over the lazy dog';
    const [first, second] = [take(text), take(text)];
    expect(lanes.acquire(tokensOf(text))).toBeUndefined();
    await first.sequence.evaluateWithoutGeneratingNewTokens(tokensOf(text));
    await lanes.adopt(second, tokensOf(`${text}, twice`), never);
    expect(second.sequence.nextTokenIndex).toBe(text.length);
    expect(second.sequence.tokenMeter.usedInputTokens).toBe(0);
    expect(await next(second)).toBe(await next(first));
    lanes.release(first);
    lanes.release(second);
  });

  it('keep of a state what they share with the next prompt, and no more', async () => {
    const lane = take('the quick brown fox jumps');
    await lanes.adopt(lane, tokensOf('the quick red fox'), never);
    expect(lane.sequence.nextTokenIndex).toBe('the quick '.length);
    lanes.release(lane);
  });

  it('are as new where llama.cpp failed on them', async () => {
    const lane = take('a');
    await lane.sequence.clearHistory();
    const before = await next(lane);
    await lane.sequence.evaluateWithoutGeneratingNewTokens(tokensOf('more'));
    await lanes.renew(lane);
    expect(lane.sequence.nextTokenIndex).toBe(0);
    expect(await next(lane)).toBe(before);
    lanes.release(lane);
  });
});

/**
 * What the inference engine costs beside node-llama-cpp itself, what a shared prompt saves, and how far generation and
 * checking overlap. `node test/bench/llama.ts [throughput|prefix|overlap]`, on a machine that does nothing else.
 */
import { getLlama, LlamaCompletion, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp';
import {
  createLlamaEngine,
  LlamaPolicy,
  samplingSchema,
  spawnInference,
  type InferenceEngine,
} from '../../core/policy/llama/index.ts';
import { prove, type ProofChecker } from '../../core/repair/index.ts';
import { statement, testChecker } from '../support/lean.ts';
import { HUNDRED_MB, TINY, tinyGguf } from '../support/tiny-gguf.ts';
import { machine, print, quantile, round } from './table.ts';

const REPEATS = 3;
/** One core for llama.cpp, the other for Lean and everything else. */
const THREADS = 1;
const SAMPLING = samplingSchema.parse({});
const PROMPT = 'theorem t : 1 + 1 = 2';
const MODELS = [
  {
    name: 'tiny (0.5 MB)',
    file: tinyGguf({ ...TINY, endless: true, sharpness: 4 }),
    tokens: 400,
    prefix: 1024,
  },
  { name: '100 MB', file: tinyGguf({ ...HUNDRED_MB, endless: true, sharpness: 4 }), tokens: 48, prefix: 256 },
];

const which = process.argv[2];
console.log(`${machine()}; CPU only, ${THREADS} thread`);
if (which === undefined || which === 'throughput') await throughput();
if (which === undefined || which === 'prefix') await prefix();
if (which === undefined || which === 'overlap') await overlap();
process.exit(0);

/** Tokens a second over all rollouts; medians, the ways taking turns. */
async function throughput(): Promise<void> {
  const rows: (string | number)[][] = [];
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: THREADS,
    logLevel: LlamaLogLevel.error,
  });
  for (const { name, file, tokens } of MODELS) {
    const model = await llama.loadModel({ modelPath: file });
    for (const rollouts of [1, 4, 16]) {
      await using engine = engineOn(file, rollouts, 1024);
      await engine.load();
      const ways: [string, () => Promise<number>][] = [
        ['evaluate', () => bare(model, rollouts, tokens)],
        ['completion', () => completion(model, rollouts, tokens)],
        ['ours', () => ours(engine, rollouts, tokens)],
        ['streamed', () => ours(engine, rollouts, tokens, () => undefined)],
      ];
      const rates = new Map<string, number[]>(ways.map(([way]) => [way, []]));
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        for (const [way, run] of ways) {
          const began = performance.now();
          const generated = await run();
          const rate = generated / ((performance.now() - began) / 1000);
          // The first warms up.
          if (repeat > 0) rates.get(way)?.push(rate);
        }
      }
      const [evaluate = NaN, complete = NaN, mine = NaN, streamed = NaN] = ways.map(([way]) =>
        quantile(rates.get(way) ?? [], 0.5),
      );
      const share = (rate: number): string => `${round((100 * rate) / evaluate)} %`;
      rows.push([
        name,
        rollouts,
        round(evaluate),
        round(complete),
        round(mine),
        share(mine),
        share(streamed),
      ]);
    }
    await model.dispose();
  }
  print(
    'Tokens a second, all rollouts together',
    ['model', 'rollouts', 'bare evaluate', 'LlamaCompletion', 'engine', 'of bare', 'streamed'],
    rows,
  );
}

/** node-llama-cpp's sequences of one context in this process: no text, no messages, no other process. */
async function bare(model: LlamaModel, rollouts: number, tokens: number): Promise<number> {
  await using context = await model.createContext({
    contextSize: 1024,
    sequences: rollouts,
    threads: THREADS,
  });
  const prompt = model.tokenize(PROMPT);
  const counts = await Promise.all(
    Array.from({ length: rollouts }, async (_, seed) => {
      let count = 0;
      for await (const token of context.getSequence().evaluate(prompt, { ...SAMPLING, seed })) {
        if (token >= 0 && ++count >= tokens) break;
      }
      return count;
    }),
  );
  return sum(counts);
}

/** node-llama-cpp's plain completion, which is what an application would call. */
async function completion(model: LlamaModel, rollouts: number, tokens: number): Promise<number> {
  await using context = await model.createContext({
    contextSize: 1024,
    sequences: rollouts,
    threads: THREADS,
  });
  const sequences = Array.from({ length: rollouts }, () => context.getSequence());
  await Promise.all(
    sequences.map((contextSequence, seed) =>
      new LlamaCompletion({ contextSequence }).generateCompletion(PROMPT, {
        ...SAMPLING,
        seed,
        maxTokens: tokens,
      }),
    ),
  );
  return sum(sequences.map(({ tokenMeter }) => tokenMeter.usedOutputTokens));
}

async function ours(
  engine: InferenceEngine,
  rollouts: number,
  tokens: number,
  onText?: () => undefined,
): Promise<number> {
  const results = await Promise.all(
    Array.from({ length: rollouts }, (_, seed) =>
      engine.generate(
        { prompt: PROMPT, sampling: SAMPLING, seed, maxTokens: tokens },
        onText === undefined ? {} : { onText },
      ),
    ),
  );
  return sum(results.map(({ generatedTokens }) => generatedTokens));
}

/** Sixteen rollouts of one prompt: what is evaluated, and how long until all have their first token. */
async function prefix(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const { name, file, prefix: length } of MODELS) {
    for (const shared of [true, false]) {
      await using engine = engineOn(file, 16, 2048);
      await engine.load();
      const began = performance.now();
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, seed) =>
          engine.generate({
            // Another first letter is another prompt.
            prompt: `${shared ? 'a' : String.fromCodePoint(0x61 + seed)}${PROMPT.repeat(100)}`.slice(
              0,
              length,
            ),
            sampling: SAMPLING,
            seed,
            maxTokens: 1,
          }),
        ),
      );
      const evaluated = sum(results.map((result) => result.promptTokens - result.cachedTokens));
      const seconds = (performance.now() - began) / 1000;
      rows.push([name, length, shared ? 'one for all' : 'one each', evaluated, round(seconds, 2)]);
    }
  }
  print(
    'Prompts of 16 rollouts',
    ['model', 'prompt tokens', 'prompts', 'evaluated tokens', 'seconds to the first tokens'],
    rows,
  );
}

/** The share of time in which no slot was busy because all replies were being checked. */
async function overlap(): Promise<void> {
  const rows: (string | number)[][] = [];
  const target = statement('theorem overlap (a b : Nat) : a * b + 1 = b * a + 2');
  await using lean = testChecker();
  await lean.warmUp();
  const checkers: [string, ProofChecker][] = [
    ['simulated, 100 ms', slow(100)],
    ['simulated, 400 ms', slow(400)],
    ['Lean', lean],
  ];
  const slots = 4;
  const file = tinyGguf({ ...HUNDRED_MB, sharpness: 0.2 });
  await using engine = engineOn(file, slots, 2048);
  await engine.load();
  const grammar = 'root ::= "by " ("simp" | "omega" | "decide" | "induction a") " -- " [a-z]{24}';
  for (const [name, checker] of checkers) {
    for (const concurrency of [slots, 2 * slots, 3 * slots]) {
      const before = engine.totals;
      const policy = new LlamaPolicy({ engine }, { grammar, seed: concurrency });
      const began = performance.now();
      const outcome = await prove(
        target,
        { policy, checker },
        { rollouts: 24, rounds: 1, concurrency, seconds: 600 },
      );
      const seconds = (performance.now() - began) / 1000;
      const waiting = engine.totals.waitingForLeanMs - before.waitingForLeanMs;
      const busy = engine.totals.busyMs - before.busyMs;
      const checked = outcome.attempts.map((attempt) => attempt.cost.milliseconds);
      rows.push([
        name,
        concurrency,
        round(quantile(checked, 0.5)),
        `${round((100 * waiting) / (waiting + busy))} %`,
        round((engine.totals.generatedTokens - before.generatedTokens) / seconds),
      ]);
    }
  }
  print(
    `Overlap: 24 rollouts on ${slots} slots, 100 MB model`,
    ['checker', 'rollouts at a time', 'check, median ms', 'model idle for Lean', 'tokens/s'],
    rows,
  );
}

function slow(milliseconds: number): ProofChecker {
  return {
    async check() {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return { verdict: { kind: 'failed', diagnostics: [], goals: [], milliseconds } };
    },
  };
}

function engineOn(modelPath: string, slots: number, contextSize: number): InferenceEngine {
  return createLlamaEngine(
    { spawn: spawnInference },
    { modelPath, gpu: 'cpu', contextSize, slots, threads: THREADS },
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * What the inference engine costs beside node-llama-cpp itself, what a shared prompt saves, and how far generation and
 * checking overlap. `node test/bench/llama.ts [throughput|prefix|overlap|all] [cpu|cuda|vulkan|metal]`, on a machine that does nothing else.
 */
import { readFileSync } from 'node:fs';
import { getLlama, LlamaCompletion, LlamaLogLevel, type LlamaContextSequence } from 'node-llama-cpp';
import {
  createLlamaEngine,
  engineSettingsSchema,
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
const ROLLOUTS = [1, 4, 16];
/** One core for llama.cpp, the other for Lean and everything else. */
const THREADS = 1;
const SAMPLING = samplingSchema.parse({});
/** One token, as throughput is measured without what shared prompts save. */
const PROMPT = 'x';
const MODELS = [
  {
    name: 'tiny (0.5 MB)',
    file: tinyGguf({ ...TINY, endless: true, sharpness: 4 }),
    tokens: 200,
    prefix: 1024,
  },
  { name: '100 MB', file: tinyGguf({ ...HUNDRED_MB, endless: true, sharpness: 4 }), tokens: 24, prefix: 256 },
];

const which = process.argv[2] ?? 'all';
const gpu = engineSettingsSchema.shape.gpu.parse(process.argv[3] ?? 'cpu');
console.log(`${machine()}; ${gpu}, ${THREADS} thread`);
if (which === 'all' || which === 'throughput') await throughput();
if (which === 'all' || which === 'prefix') await prefix();
if (which === 'all' || which === 'overlap') await overlap();
process.exit(0);

/**
 * Tokens a second over all rollouts, medians, the ways taking turns; and the processor time of a token, all processes and
 * threads together, which other work on the machine changes less.
 */
async function throughput(): Promise<void> {
  const rows: (string | number)[][] = [];
  const llama = await getLlama({
    gpu: gpu === 'cpu' ? false : gpu,
    build: 'never',
    skipDownload: true,
    maxThreads: THREADS,
    logLevel: LlamaLogLevel.error,
  });
  for (const { name, file, tokens } of MODELS) {
    const model = await llama.loadModel({ modelPath: file });
    for (const rollouts of ROLLOUTS) {
      await using engine = engineOn(file, rollouts, 1024);
      await engine.load();
      await using context = await model.createContext({
        contextSize: 1024,
        sequences: rollouts,
        threads: THREADS,
      });
      const sequences = Array.from({ length: rollouts }, () => context.getSequence());
      const ways = [
        () => bare(sequences, tokens),
        () => completion(sequences, tokens),
        () => ours(engine, rollouts, tokens),
        () => ours(engine, rollouts, tokens, () => undefined),
      ];
      const runs = ways.map((): { rate: number; cpu: number }[] => []);
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        for (const [way, run] of ways.entries()) {
          for (const sequence of sequences) await sequence.clearHistory();
          const [began, cpu] = [performance.now(), cpuMs(engine)];
          const generated = await run();
          const rate = generated / ((performance.now() - began) / 1000);
          // The first warms up.
          if (repeat > 0) runs[way]?.push({ rate, cpu: (cpuMs(engine) - cpu) / generated });
        }
      }
      const medians = runs.map((of) => ({
        rate: quantile(
          of.map(({ rate }) => rate),
          0.5,
        ),
        cpu: quantile(
          of.map(({ cpu }) => cpu),
          0.5,
        ),
      }));
      const [evaluate] = medians;
      const share = ({ rate }: { rate: number }): string =>
        `${Math.round(rate)} (${round((100 * rate) / (evaluate?.rate ?? NaN), 0)} %)`;
      rows.push([name, rollouts, ...medians.map(share), ...medians.map(({ cpu }) => round(cpu, 2))]);
    }
    await model.dispose();
  }
  const ways = ['evaluate', 'completion', 'engine', 'streamed'];
  print(
    'Tokens a second, all rollouts together (of bare evaluation); processor milliseconds a token',
    ['model', 'rollouts', ...ways, ...ways.map((way) => `ms ${way}`)],
    rows,
  );
}

/** Of this process and the engine's; the latter on Linux only. */
function cpuMs(engine: { readonly pid: number | undefined }): number {
  const { user, system } = process.cpuUsage();
  let other = 0;
  if (process.platform === 'linux' && engine.pid !== undefined) {
    const fields = readFileSync(`/proc/${engine.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Fields 14 and 15 of proc(5), in ticks of 10 ms.
    other = (Number(fields[11]) + Number(fields[12])) * 10;
  }
  return (user + system) / 1000 + other;
}

/** node-llama-cpp's sequences of one context in this process: no text, no messages, no other process. */
async function bare(sequences: readonly LlamaContextSequence[], tokens: number): Promise<number> {
  const counts = sequences.map(async (sequence, seed) => {
    let count = 0;
    const prompt = sequence.model.tokenize(PROMPT);
    for await (const token of sequence.evaluate(prompt, { ...SAMPLING, seed })) {
      if (token >= 0 && ++count >= tokens) break;
    }
    return count;
  });
  return sum(await Promise.all(counts));
}

/** node-llama-cpp's plain completion, which is what an application would call. */
async function completion(sequences: readonly LlamaContextSequence[], tokens: number): Promise<number> {
  const before = sum(sequences.map(({ tokenMeter }) => tokenMeter.usedOutputTokens));
  await Promise.all(
    sequences.map(async (contextSequence, seed) => {
      const completion = new LlamaCompletion({ contextSequence, autoDisposeSequence: false });
      await completion.generateCompletion(PROMPT, { ...SAMPLING, seed, maxTokens: tokens });
      completion.dispose();
    }),
  );
  return sum(sequences.map(({ tokenMeter }) => tokenMeter.usedOutputTokens)) - before;
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
            prompt: `${shared ? 'a' : String.fromCodePoint(0x61 + seed)}${'theorem t '.repeat(200)}`.slice(
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
  // All different: a proof that is known is not checked again.
  const grammar = 'root ::= "by " ("simp" | "omega" | "decide") "; exact h" [a-z]{24}';
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

function engineOn(
  modelPath: string,
  slots: number,
  contextSize: number,
): ReturnType<typeof createLlamaEngine> {
  return createLlamaEngine(
    { spawn: spawnInference },
    { modelPath, gpu, contextSize, slots, threads: THREADS },
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

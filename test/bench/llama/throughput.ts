import { readFileSync } from 'node:fs';
import { getLlama, LlamaCompletion, LlamaLogLevel, type LlamaContextSequence } from 'node-llama-cpp';
import type { InferenceEngine } from '../../../core/policy/llama/index.ts';
import { print, quantile, round } from '../table.ts';
import { BATCH_SIZE, engineOn, MODELS, SAMPLING, sum, THREADS, type Gpu } from './models.ts';
import { ownBench } from './own-bench.ts';

const ROLLOUTS = [1, 4, 16];
const CONTEXT_SIZE = 1024;
const TURNS = 5;
/**
 * Each way runs so long before it counts. On the tiny model most of the time is JavaScript, of the engine's process and of this
 * one, which V8 takes some thousand tokens to compile well. This process had them from earlier rows, each new engine had
 * not: after one run of warming up, the engine came to 68% of bare evaluation at 4 rollouts, and after this to all of it.
 */
const WARM_UP_MS = 4_000;
/** One token, as throughput is measured without what shared prompts save. */
const PROMPT = 'x';

const WAYS = ['evaluate', 'completion', 'engine', 'streamed'] as const;

interface Run {
  /** Tokens a second. */
  readonly rate: number;
  /** Processor milliseconds of a token, all processes and threads together. */
  readonly cpu: number;
}

/**
 * Tokens a second over all rollouts together: medians over turns in which every way runs once, and the median of each way's
 * share of bare evaluation in the same turn, as what else the machine does changes from turn to turn. The processor time of
 * a token is changed less by that.
 */
export async function throughput(gpu: Gpu): Promise<void> {
  const rows: (string | number)[][] = [];
  const notes = new Set<string>();
  const llama = await getLlama({
    gpu: gpu === 'cpu' ? false : gpu,
    build: 'never',
    skipDownload: true,
    maxThreads: THREADS,
    logLevel: LlamaLogLevel.error,
  });
  for (const benchModel of MODELS) {
    const { name, file, tokens } = benchModel;
    const own = await ownBench(benchModel, ROLLOUTS, { gpu, contextSize: CONTEXT_SIZE });
    for (const note of own.notes) notes.add(note);
    const model = await llama.loadModel({ modelPath: file });
    for (const rollouts of ROLLOUTS) {
      await using engine = engineOn(file, { gpu, slots: rollouts, contextSize: CONTEXT_SIZE });
      await engine.load();
      await using context = await model.createContext({
        contextSize: CONTEXT_SIZE,
        sequences: rollouts,
        threads: THREADS,
        batchSize: BATCH_SIZE,
      });
      const sequences = Array.from({ length: rollouts }, () => context.getSequence());
      const runs = await measure(engine, {
        evaluate: () => bare(sequences, tokens),
        completion: () => completion(sequences, tokens),
        engine: () => ours(engine, rollouts, tokens),
        streamed: () => ours(engine, rollouts, tokens, () => undefined),
      });
      const median = (way: (typeof WAYS)[number], of: (run: Run, turn: number) => number): number =>
        quantile(runs[way].map(of), 0.5);
      const rate = own.rates.get(rollouts);
      rows.push([
        name,
        rollouts,
        rate === undefined ? '–' : Math.round(rate),
        ...WAYS.map((way) => {
          const share = median(way, (run, turn) => run.rate / (runs.evaluate[turn]?.rate ?? NaN));
          return `${Math.round(median(way, (run) => run.rate))} (${Math.round(100 * share)} %)`;
        }),
        ...WAYS.map((way) =>
          round(
            median(way, (run) => run.cpu),
            2,
          ),
        ),
      ]);
    }
    await model.dispose();
  }
  print(
    'Tokens a second, all rollouts together (of bare evaluation in the same turn); processor milliseconds a token',
    ['model', 'rollouts', 'own bench', ...WAYS, ...WAYS.map((way) => `ms ${way}`)],
    rows,
  );
  console.log([...notes].join('; '));
}

type Ways<T> = Readonly<Record<(typeof WAYS)[number], T>>;

/** All ways in turns, each turn beginning with another. @param ways each returns the tokens that it made */
async function measure(
  engine: { readonly pid: number | undefined },
  ways: Ways<() => Promise<number>>,
): Promise<Ways<Run[]>> {
  const runs = { evaluate: [], completion: [], engine: [], streamed: [] } satisfies Ways<Run[]>;
  for (const way of WAYS) {
    const end = performance.now() + WARM_UP_MS;
    while (performance.now() < end) await ways[way]();
  }
  for (let turn = 0; turn < TURNS; turn++) {
    const order = [...WAYS.slice(turn % WAYS.length), ...WAYS.slice(0, turn % WAYS.length)];
    for (const way of order) {
      const [began, cpu] = [performance.now(), cpuMs(engine)];
      const generated = await ways[way]();
      const seconds = (performance.now() - began) / 1000;
      (runs[way] as Run[]).push({ rate: generated / seconds, cpu: (cpuMs(engine) - cpu) / generated });
    }
  }
  return runs;
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
    await sequence.clearHistory();
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
      await contextSequence.clearHistory();
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

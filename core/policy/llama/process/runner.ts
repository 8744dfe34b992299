import os from 'node:os';
import path from 'node:path';
import {
  getLlama,
  LlamaLogLevel,
  NoBinaryFoundError,
  readGgufFileInfo,
  type GgufFileInfo,
  type Llama,
  type LlamaContext,
  type LlamaGrammar,
  type LlamaModel,
} from 'node-llama-cpp';
import { readModelFacts } from '../../models/gguf/index.ts';
import type { Counters, GenerationOutcome } from '../protocol.ts';
import type { EngineSettings } from '../settings.ts';
import { chooseThreads } from '../threads.ts';
import type { GenerationRequest, MemoryEstimate, ModelState, RenderedPrompt } from '../types.ts';
import { describeError, RequestFailure } from './failures.ts';
import { Generation } from './generation.ts';
import { describeShortage, MemoryPlanner } from './memory.ts';
import { modelNames } from './model-names.ts';
import { Lanes } from './sequences.ts';
import { ChatTemplate } from './template.ts';

/** What llama.cpp last complained of, to be told with an error. */
const KEPT_COMPLAINTS = 4;
const KEPT_GRAMMARS = 8;

interface Loaded {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly template: ChatTemplate;
  readonly lanes: Lanes;
}

/** llama.cpp with one model. */
export class Runner {
  readonly #settings: EngineSettings;
  readonly #complaints: string[] = [];
  readonly #grammars = new Map<string, Promise<LlamaGrammar>>();
  #llama: Llama | undefined;
  #loaded: Loaded | undefined;
  #totals = { promptTokens: 0, cachedTokens: 0, generatedTokens: 0 };

  constructor(settings: EngineSettings) {
    this.#settings = settings;
  }

  /** @throws RequestFailure */
  async estimate(): Promise<MemoryEstimate> {
    const info = await this.#fileInfo();
    const planner = await MemoryPlanner.create(await this.#start(), info, this.#settings);
    return planner.estimate();
  }

  /**
   * Called once.
   * @throws RequestFailure
   */
  async load(listeners: {
    readonly onPlan: (estimate: MemoryEstimate) => void;
    readonly onProgress: (fraction: number) => void;
  }): Promise<ModelState> {
    const info = await this.#fileInfo();
    const llama = await this.#start();
    const estimate = await (await MemoryPlanner.create(llama, info, this.#settings)).estimate();
    if (!estimate.fits) throw new RequestFailure('too-large', describeShortage(estimate), estimate);
    listeners.onPlan(estimate);
    const threads = this.#threads(llama, estimate);
    llama.maxThreads = threads;
    try {
      const model = await llama.loadModel({
        modelPath: this.#settings.modelPath,
        gpuLayers: estimate.gpuLayers,
        onLoadProgress: listeners.onProgress,
        // Checked above, with margins of the user's.
        ignoreMemorySafetyChecks: true,
      });
      const context = await model.createContext({
        contextSize: estimate.contextSize,
        sequences: estimate.slots,
        batchSize: this.#settings.batchSize,
        threads,
        ignoreMemorySafetyChecks: true,
        // A smaller context than was promised would be found out in the middle of a proof.
        failedCreationRemedy: false,
      });
      const template = new ChatTemplate(model);
      this.#loaded = { model, context, template, lanes: new Lanes(context) };
      return await this.#state(llama, this.#loaded, estimate, threads);
    } catch (error) {
      if (error instanceof RequestFailure) throw error;
      throw new RequestFailure('unreadable', `the model cannot be loaded: ${this.#describe(error)}`);
    }
  }

  /** @throws RequestFailure */
  render(prompt: GenerationRequest['prompt']): RenderedPrompt {
    const { model, template } = this.#model();
    const { tokens, startsInThinking } = template.tokenize(prompt);
    return { text: model.detokenize(tokens, true), tokens: tokens.length, startsInThinking };
  }

  /** @throws RequestFailure where no model is loaded */
  generation(request: GenerationRequest): Generation {
    const { model, lanes } = this.#model();
    return new Generation({ model, lanes, batchSize: this.#settings.batchSize }, request);
  }

  /** @throws RequestFailure */
  async run(generation: Generation, request: GenerationRequest): Promise<GenerationOutcome> {
    const { tokens } = this.#model().template.tokenize(request.prompt);
    if (tokens.length === 0) throw new RequestFailure('invalid-request', 'the prompt is empty');
    const grammar = request.grammar === undefined ? undefined : await this.#grammar(request.grammar);
    const outcome = await generation.run(tokens, grammar);
    this.#totals.promptTokens += outcome.stopReason === 'prompt-too-long' ? 0 : outcome.promptTokens;
    this.#totals.cachedTokens += outcome.cachedTokens;
    this.#totals.generatedTokens += outcome.generatedTokens;
    return outcome;
  }

  /** Of what has ended; `running` adds the replies under way. */
  async counters(running: Iterable<Generation>): Promise<Counters> {
    let { generatedTokens } = this.#totals;
    for (const generation of running) generatedTokens += generation.text.tokens.length;
    const llama = this.#llama;
    const vram = llama === undefined || llama.gpu === false ? undefined : await llama.getVramState();
    return {
      ...this.#totals,
      generatedTokens,
      vram: { used: vram?.used ?? 0, total: vram?.total ?? 0 },
    };
  }

  async #start(): Promise<Llama> {
    const { gpu } = this.#settings;
    try {
      this.#llama ??= await getLlama({
        gpu: gpu === 'cpu' ? false : gpu,
        // A user's machine compiles nothing and fetches nothing.
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        // Set once it is known what runs where.
        maxThreads: 1,
        logLevel: LlamaLogLevel.error,
        logger: (_level, message) => {
          this.#complaints.push(message.trim());
          if (this.#complaints.length > KEPT_COMPLAINTS) this.#complaints.shift();
        },
      });
    } catch (error) {
      throw error instanceof NoBinaryFoundError
        ? this.#noBinary()
        : new RequestFailure('unavailable', `llama.cpp cannot be started: ${this.#describe(error)}`);
    }
    // node-llama-cpp takes the best that there is where a platform never has the one that was asked for.
    if (gpu !== 'auto' && (this.#llama.gpu || 'cpu') !== gpu) throw this.#noBinary();
    return this.#llama;
  }

  #noBinary(): RequestFailure {
    const { gpu } = this.#settings;
    const what = gpu === 'auto' ? '' : ` for ${gpu}`;
    const remedy = gpu === 'auto' ? '' : '; its driver may be missing, and `auto` takes what works';
    return new RequestFailure(
      'unavailable',
      `no prebuilt llama.cpp${what} works on this machine (${process.platform}-${process.arch})${remedy}`,
    );
  }

  async #fileInfo(): Promise<GgufFileInfo> {
    const { modelPath } = this.#settings;
    try {
      // Ours first: node-llama-cpp's reader believes what a damaged file says of its own lengths, and reads for ever.
      await readModelFacts(modelPath);
      return await readGgufFileInfo(modelPath, { sourceType: 'filesystem', logWarnings: false });
    } catch (error) {
      throw new RequestFailure('unreadable', describeError(error));
    }
  }

  #threads(llama: Llama, { gpuLayers, layers }: MemoryEstimate): number {
    const { threads, reservedCores } = this.#settings;
    if (threads !== 'auto') return threads;
    return chooseThreads({
      cores: os.availableParallelism(),
      mathCores: llama.cpuMathCores,
      reservedCores,
      fullyOnGpu: layers > 0 && gpuLayers >= layers,
    });
  }

  async #state(
    llama: Llama,
    { model, context, template }: Loaded,
    { gpu, gpuLayers, layers, slots }: MemoryEstimate,
    threads: number,
  ): Promise<ModelState> {
    return {
      ...modelNames(model.fileInfo),
      fileName: path.basename(this.#settings.modelPath),
      template: template.kind,
      contextSize: context.contextSize,
      trainContextSize: model.trainContextSize,
      slots,
      gpu,
      devices: gpu === 'cpu' ? [] : await llama.getGpuDeviceNames(),
      gpuLayers,
      layers,
      threads,
      vramBytes: model.memoryUsage.vram + context.memoryUsage.vram,
      ramBytes: model.memoryUsage.ram + context.memoryUsage.ram,
    };
  }

  #model(): Loaded {
    if (this.#loaded === undefined) throw new RequestFailure('internal', 'no model is loaded');
    return this.#loaded;
  }

  async #grammar(text: string): Promise<LlamaGrammar> {
    const { model } = this.#model();
    let grammar = this.#grammars.get(text);
    if (grammar === undefined) {
      grammar = model.llama.createGrammar({ grammar: text });
      const [oldest] = this.#grammars.keys();
      if (this.#grammars.size >= KEPT_GRAMMARS && oldest !== undefined) this.#grammars.delete(oldest);
      this.#grammars.set(text, grammar);
    }
    try {
      return await grammar;
    } catch (error) {
      this.#grammars.delete(text);
      throw new RequestFailure('invalid-request', `the grammar is no GBNF: ${this.#describe(error)}`);
    }
  }

  #describe(error: unknown): string {
    return [describeError(error), ...this.#complaints].join('; ');
  }
}

import os from 'node:os';
import { GgufInsights, type GgufFileInfo, type Llama } from 'node-llama-cpp';
import type { EngineSettings } from '../settings.ts';
import type { MemoryEstimate, MemorySuggestion } from '../types.ts';

/** What `auto` tries, in tokens: OProver's replies take up to 32,000 beside their prompt. */
const CONTEXT_SIZES = [40_960, 32_768, 24_576, 16_384, 12_288, 8_192, 6_144, 4_096, 2_048];
/** Where not all layers fit on the GPU, `auto` gives layers more than it gives a context beyond this. */
const PARTIAL_OFFLOAD_CONTEXT = 8_192;
/** No smaller context is suggested: a statement and a short proof need about this. */
const LEAST_CONTEXT = 1_024;

/** What is wanted, with nothing left to be chosen. */
interface Plan {
  readonly gpuLayers: number;
  readonly contextSize: number;
  readonly slots: number;
}

interface Needs {
  readonly vram: number;
  readonly ram: number;
}

/** Finds out what fits before anything is loaded. Sizes come from llama.cpp's own dry run of model and context. */
export class MemoryPlanner {
  readonly #llama: Llama;
  readonly #insights: GgufInsights;
  readonly #settings: EngineSettings;
  readonly #known = new Map<string, Promise<Needs>>();

  private constructor(llama: Llama, insights: GgufInsights, settings: EngineSettings) {
    this.#llama = llama;
    this.#insights = insights;
    this.#settings = settings;
  }

  static async create(llama: Llama, info: GgufFileInfo, settings: EngineSettings): Promise<MemoryPlanner> {
    return new MemoryPlanner(llama, await GgufInsights.from(info, llama), settings);
  }

  async estimate(): Promise<MemoryEstimate> {
    const free = await this.#free();
    const plan = await this.#plan(free);
    const needs = await this.#needs(plan);
    const fits = within(needs, free);
    return {
      fits,
      gpu: this.#llama.gpu === false ? 'cpu' : this.#llama.gpu,
      gpuLayers: plan.gpuLayers,
      layers: this.#layers,
      contextSize: plan.contextSize,
      slots: plan.slots,
      vram: { needed: needs.vram, free: free.vram, total: free.vramTotal },
      ram: { needed: needs.ram, free: free.ram, total: os.totalmem() },
      suggestions: fits ? [] : await this.#suggestions(plan, free),
    };
  }

  get #layers(): number {
    return this.#insights.totalLayers;
  }

  get #trained(): number {
    return this.#insights.trainContextSize ?? Infinity;
  }

  /** What may be filled: free memory less the margins, within the limits. */
  async #free(): Promise<Needs & { readonly vramTotal: number }> {
    const { vramMargin, ramMargin, vramLimit = Infinity, ramLimit = Infinity } = this.#settings;
    const vram =
      this.#llama.gpu === false ? { free: 0, total: 0, unifiedSize: 0 } : await this.#llama.getVramState();
    const ram = await this.#llama.getRamState();
    return {
      vram: Math.max(0, Math.min(vram.free - vramMargin, vramLimit)),
      ram: Math.max(0, Math.min(ram.free - ramMargin, ramLimit)),
      vramTotal: vram.total,
    };
  }

  async #plan(free: Needs): Promise<Plan> {
    const { slots, contextSize } = this.#settings;
    if (contextSize !== 'auto') {
      const size = Math.min(contextSize, this.#trained);
      return { slots, contextSize: size, gpuLayers: await this.#gpuLayers(size, slots, free) };
    }
    const sizes = CONTEXT_SIZES.filter((size) => size <= this.#trained);
    if (sizes.length === 0 || (this.#trained < (sizes[0] ?? 0) * 2 && !sizes.includes(this.#trained)))
      sizes.unshift(Math.min(this.#trained, CONTEXT_SIZES[0] ?? this.#trained));
    let partial: Plan | undefined;
    for (const size of sizes) {
      const plan = { slots, contextSize: size, gpuLayers: await this.#gpuLayers(size, slots, free) };
      if (!within(await this.#needs(plan), free)) continue;
      if (this.#llama.gpu === false || plan.gpuLayers === this.#layers) return plan;
      if (size <= PARTIAL_OFFLOAD_CONTEXT) partial ??= plan;
    }
    const least = sizes.at(-1) ?? LEAST_CONTEXT;
    return partial ?? { slots, contextSize: least, gpuLayers: await this.#gpuLayers(least, slots, free) };
  }

  /** As asked for; or as many as fit, found by halving, since each takes more. */
  async #gpuLayers(contextSize: number, slots: number, free: Needs): Promise<number> {
    const { gpuLayers } = this.#settings;
    if (this.#llama.gpu === false) return 0;
    if (gpuLayers !== 'auto') return Math.min(gpuLayers, this.#layers);
    let [fits, tooMany] = [0, this.#layers + 1];
    let next = this.#layers;
    while (tooMany - fits > 1) {
      const needs = await this.#needs({ gpuLayers: next, contextSize, slots });
      if (needs.vram <= free.vram) fits = next;
      else tooMany = next;
      next = (fits + tooMany) >> 1;
    }
    return fits;
  }

  #needs({ gpuLayers, contextSize, slots }: Plan): Promise<Needs> {
    const key = `${gpuLayers} ${contextSize} ${slots}`;
    let needs = this.#known.get(key);
    if (needs === undefined) {
      needs = this.#estimate({ gpuLayers, contextSize, slots });
      this.#known.set(key, needs);
    }
    return needs;
  }

  async #estimate({ gpuLayers, contextSize, slots }: Plan): Promise<Needs> {
    const model = await this.#insights.estimateModelResourceRequirementsV2({ gpuLayers });
    const context = await this.#insights.estimateContextResourceRequirementsV2({
      contextSize,
      sequences: slots,
      modelGpuLayers: gpuLayers,
      batchSize: this.#settings.batchSize,
    });
    return { vram: model.gpuVram + context.gpuVram, ram: model.cpuRam + context.cpuRam };
  }

  async #suggestions(plan: Plan, free: Needs): Promise<MemorySuggestion[]> {
    const found: MemorySuggestion[] = [];
    const fits = async (change: Partial<Plan>): Promise<boolean> =>
      within(await this.#needs({ ...plan, ...change }), free);
    for (let size = halved(plan.contextSize); size >= LEAST_CONTEXT; size = halved(size)) {
      if (!(await fits({ contextSize: size }))) continue;
      found.push({ kind: 'context-size', contextSize: size });
      break;
    }
    for (let slots = plan.slots >> 1; slots >= 1; slots >>= 1) {
      if (!(await fits({ slots }))) continue;
      found.push({ kind: 'slots', slots });
      break;
    }
    for (let layers = plan.gpuLayers - 1; layers >= 0; layers--) {
      if (!(await fits({ gpuLayers: layers }))) continue;
      found.push({ kind: 'gpu-layers', gpuLayers: layers });
      break;
    }
    if (found.length > 0) return found;
    const least = await this.#needs({ ...plan, contextSize: LEAST_CONTEXT, slots: 1 });
    const overhead = least.vram + least.ram - this.#insights.modelSize;
    const bytes = Math.floor(free.vram + free.ram - Math.max(0, overhead));
    return bytes > 0 ? [{ kind: 'smaller-file', bytes }] : [];
  }
}

const within = (needs: Needs, free: Needs): boolean => needs.vram <= free.vram && needs.ram <= free.ram;

/** In whole steps of 256, as llama.cpp rounds. */
const halved = (size: number): number => Math.floor(size / 512) * 256;

/** In words, for an error. */
export function describeShortage(estimate: MemoryEstimate): string {
  const { vram, ram } = estimate;
  const short = [
    ...(vram.needed > vram.free
      ? [`${gigabytes(vram.needed)} of GPU memory, of which ${gigabytes(vram.free)} may be used`]
      : []),
    ...(ram.needed > ram.free
      ? [`${gigabytes(ram.needed)} of memory, of which ${gigabytes(ram.free)} may be used`]
      : []),
  ];
  const remedies = estimate.suggestions.map((suggestion) => {
    switch (suggestion.kind) {
      case 'context-size':
        return `a context of ${suggestion.contextSize} tokens instead of ${estimate.contextSize}`;
      case 'slots':
        return `${suggestion.slots} rollouts at a time instead of ${estimate.slots}`;
      case 'gpu-layers':
        return `${suggestion.gpuLayers} layers on the GPU instead of ${estimate.gpuLayers}`;
      case 'smaller-file':
        return `a model file (a smaller quantisation, say) of at most ${gigabytes(suggestion.bytes)}`;
    }
  });
  const advice = remedies.length === 0 ? '' : `; what would help: ${remedies.join(', or ')}`;
  return `the model with its context needs ${short.join(' and ')}${advice}`;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

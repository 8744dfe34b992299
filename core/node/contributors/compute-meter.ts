import type { InferenceEngine } from '../../policy/llama/index.ts';
import { localDay } from '../local-day.ts';
import { BusyTime } from './busy-time.ts';
import type { ComputeKind, ComputeLog } from './compute-log.ts';

export interface ComputeMeterComponents {
  readonly log: ComputeLog;
  /** Checks that Lean runs at one time. */
  readonly leanJobs: number;
  /** Milliseconds since 1970, for the day. */
  readonly now: () => number;
  /** There is more than before, and it is on disk. Must not throw. */
  readonly onSaved: () => void;
  readonly onFault: (error: unknown) => void;
}

type MeteredEngine = Pick<InferenceEngine, 'subscribe' | 'totals'>;

/** What a crash may lose. */
const SAVE_MS = 60_000;

/** Measures what this node's processes spend on statements: the model's, by where it runs, and Lean's. */
export class ComputeMeter {
  readonly #components: ComputeMeterComponents;
  readonly #lean: BusyTime;
  readonly #timer: NodeJS.Timeout;

  constructor(components: ComputeMeterComponents) {
    this.#components = components;
    this.#lean = new BusyTime(components.leanJobs, (milliseconds) => this.#add('lean', milliseconds));
    this.#timer = setInterval(() => void this.save(), SAVE_MS);
    this.#timer.unref();
  }

  get lean(): Pick<BusyTime, 'during'> {
    return this.#lean;
  }

  get log(): Pick<ComputeLog, 'total' | 'days'> {
    this.#lean.settle();
    return this.#components.log;
  }

  /**
   * Follows an engine for as long as it lives. What counts is the time in which at least one of its rollouts was being
   * generated, loading included: twice as many rollouts at one time take no more of the card.
   */
  readonly follow = (engine: MeteredEngine): void => {
    let counted = 0;
    let kind: ComputeKind | undefined;
    engine.subscribe((event) => {
      if (event.type === 'inference:estimated') kind = kindOf(event.estimate);
      if (event.type === 'inference:ready') kind = kindOf(event.model);
      // Until it is known where it runs, its time waits.
      if (kind === undefined) return;
      const { busyMs } = engine.totals;
      this.#add(kind, busyMs - counted);
      counted = busyMs;
    });
  };

  /** Never rejects. */
  async save(): Promise<void> {
    const { log, onSaved, onFault } = this.#components;
    this.#lean.settle();
    try {
      if (await log.save()) onSaved();
    } catch (error) {
      onFault(error);
    }
  }

  /** Once what is measured has ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
  }

  #add(kind: ComputeKind, milliseconds: number): void {
    this.#components.log.add(kind, localDay(this.#components.now()), milliseconds);
  }
}

/** A card that holds none of the layers does next to nothing. */
const kindOf = ({ gpu, gpuLayers }: { readonly gpu: string; readonly gpuLayers: number }): ComputeKind =>
  gpu !== 'cpu' && gpuLayers > 0 ? 'gpu' : 'cpu';

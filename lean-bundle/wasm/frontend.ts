import { emptyLog, type ElaboratedSource, elaborateSource } from './commands.ts';
import type { LeanObjects, Ref } from './objects.ts';

/** States after a preamble that are kept; the least recently used is given up first. */
const KEPT_STATES = 8;

export interface FrontendRequest {
  /** The environment to start from, borrowed. */
  readonly environment: Ref;
  /** Tells the environment and the options apart from others. */
  readonly key: string;
  readonly options: () => Ref;
  readonly source: string;
  /** UTF-16 units at the start of the source that other sources may begin with too; they end where a command does. */
  readonly preamble: number;
  /** Elaborate nothing that could run its author's code. */
  readonly inert: boolean;
}

/** Runs Lean's own front end over sources, and remembers where a preamble has led to. */
export class Frontend {
  readonly #objects: LeanObjects;
  /** Owned `Command.State`s; undefined for preambles with errors. */
  readonly #states = new Map<string, Ref | undefined>();

  constructor(objects: LeanObjects) {
    this.#objects = objects;
  }

  /** @throws RunsCodeError */
  run(request: FrontendRequest): ElaboratedSource {
    const objects = this.#objects;
    const { source, preamble, inert } = request;
    const first = preamble === 0 || inert ? undefined : this.#after(request, source.slice(0, preamble));
    if (first === undefined) return elaborateSource(objects, source, 0, () => this.#initial(request), inert);
    try {
      const position = Buffer.byteLength(source.slice(0, preamble));
      return elaborateSource(objects, source, position, () => objects.retain(first));
    } finally {
      objects.release(first);
    }
  }

  /** The state after a preamble, for the caller to own; undefined where the preamble has errors. */
  #after(request: FrontendRequest, preamble: string): Ref | undefined {
    const objects = this.#objects;
    const key = `${request.key}\n${preamble}`;
    const state = this.#states.has(key) ? this.#states.get(key) : this.#elaborate(request, preamble);
    this.#states.delete(key);
    this.#states.set(key, state);
    const oldest = this.#states.entries().next();
    if (this.#states.size > KEPT_STATES && !oldest.done) {
      const [forgotten, ref] = oldest.value;
      this.#states.delete(forgotten);
      if (ref !== undefined) objects.release(ref);
    }
    return state === undefined ? undefined : objects.retain(state);
  }

  #elaborate(request: FrontendRequest, preamble: string): Ref | undefined {
    const objects = this.#objects;
    const result = elaborateSource(objects, preamble, 0, () => this.#initial(request));
    const failed = result.messages.some(
      (log) => objects.api.l_Lean_MessageLog_hasErrors(objects.retain(log)) !== 0,
    );
    const state = failed ? undefined : objects.retain(result.state);
    result.dispose();
    return state;
  }

  #initial({ environment, options }: FrontendRequest): Ref {
    const objects = this.#objects;
    return objects.api.l_Lean_Elab_Command_mkState(objects.retain(environment), emptyLog(objects), options());
  }
}

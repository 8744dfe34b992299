import type { LeanObjects, Ref } from './objects.ts';

/** States after a preamble that are kept; the least recently used is given up first. */
const KEPT_STATES = 8;
/** `Frontend.State`'s and `Command.State`'s fields. */
const FRONTEND = { commandState: 0 } as const;
const COMMAND = { environment: 0, messages: 1 } as const;

export interface FrontendRequest {
  /** The environment to start from, borrowed. */
  readonly environment: Ref;
  /** Tells the environment and the options apart from others. */
  readonly key: string;
  readonly options: () => Ref;
  readonly source: string;
  /** UTF-16 units at the start of the source that other sources may begin with too; they end where a command does. */
  readonly preamble: number;
}

export interface FrontendResult {
  /** Both are borrowed and last until the result is disposed of. */
  readonly environment: Ref;
  readonly messages: Ref;
  dispose(): void;
}

/** Runs Lean's own front end over sources, and remembers where a preamble has led to. */
export class Frontend {
  readonly #objects: LeanObjects;
  /** Owned `Command.State`s; undefined for preambles with errors. */
  readonly #states = new Map<string, Ref | undefined>();

  constructor(objects: LeanObjects) {
    this.#objects = objects;
  }

  run(request: FrontendRequest): FrontendResult {
    const { source, preamble } = request;
    const state = preamble === 0 ? undefined : this.#after(request, source.slice(0, preamble));
    if (state !== undefined) {
      return this.#process(source, Buffer.byteLength(source.slice(0, preamble)), state);
    }
    return this.#process(source, 0, this.#initial(request));
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
    const result = this.#process(preamble, 0, this.#initial(request));
    const failed = objects.api.l_Lean_MessageLog_hasErrors(objects.retain(result.messages)) !== 0;
    const state = failed ? undefined : objects.retain(result.state);
    result.dispose();
    return state;
  }

  #initial({ environment, options }: FrontendRequest): Ref {
    const objects = this.#objects;
    const log = objects.retain(objects.u32(objects.api.l_Lean_MessageLog_empty.value));
    return objects.api.l_Lean_Elab_Command_mkState(objects.retain(environment), log, options());
  }

  /** @param position in bytes @param state owned */
  #process(source: string, position: number, state: Ref): FrontendResult & { readonly state: Ref } {
    const objects = this.#objects;
    const { api } = objects;
    const text = objects.string(source);
    const end = objects.nat(Buffer.byteLength(source));
    const fileMap = api.l_Lean_FileMap_ofString(objects.retain(text));
    const input = objects.make(0, [text, objects.string('<input>'), fileMap, end]);
    const parser = objects.make(0, [objects.nat(position)], [0]);
    const result = objects.io(api.l_Lean_Elab_IO_processCommands(input, parser, state));
    const after = objects.field(result, FRONTEND.commandState);
    return {
      state: after,
      environment: objects.field(after, COMMAND.environment),
      messages: objects.field(after, COMMAND.messages),
      dispose: () => objects.release(result),
    };
  }
}

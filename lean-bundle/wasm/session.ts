import type {
  ElaborateRequest,
  ElaborateResult,
  Imports,
  NameParts,
} from '../../core/lean/protocol/index.ts';
import { leaveOpen } from '../../core/lean/judge/holes.ts';
import { RunsCodeError, type ElaboratedSource } from './commands.ts';
import { exportConstant } from './exporter.ts';
import { Frontend } from './frontend.ts';
import { CONSTANT_INFO, CONSTANT_KIND } from './layout.ts';
import { collectMessages } from './messages.ts';
import { BOX_ZERO, box, LeanIOError, LeanObjects, type Ref } from './objects.ts';
import type { LeanRuntime } from './runtime.ts';

/**
 * Put before every source: this build of Lean cannot compile many definitions (the libraries' private halves are not
 * there), and checking needs no compiled code. The section has a name so that a stray `end` is still an error.
 */
const PRELUDE = 'noncomputable section proofswarm ';

/** `OLeanLevel.private`: without it theorems could not be told from axioms. */
const OLEAN_LEVEL_PRIVATE = 2;
/** An empty `TreeMap` is the second constructor. */
const EMPTY_TREE_MAP = box(1);

const RUNS_CODE = {
  omitted: 0,
  failed: true,
  exported: { kind: 'runs-code' },
} as const;

/** A module that the libraries do not have. */
export class UnknownModuleError extends Error {
  override readonly name = 'UnknownModuleError';
}

/** What a constant of the libraries is, axioms told from theorems and definitions that are listed without their bodies. */
export type LibraryConstant = 'axiom' | 'other' | undefined;

/** An environment made of library modules alone, never changed. */
export class LibraryEnvironment {
  readonly ref: Ref;
  readonly #objects: LeanObjects;
  /** Name → what it is; kept, as the same few thousand names come up again and again. */
  readonly #known = new Map<string, LibraryConstant>();

  constructor(objects: LeanObjects, ref: Ref) {
    this.#objects = objects;
    this.ref = ref;
  }

  /** @param key anything that tells the name apart from others */
  lookUp(key: string, name: Ref): LibraryConstant {
    if (this.#known.has(key)) return this.#known.get(key);
    const constant = this.#find(name);
    // Bounded: a stranger's made-up names must not fill the memory.
    if (this.#known.size < 200_000) this.#known.set(key, constant);
    return constant;
  }

  #find(name: Ref): LibraryConstant {
    const objects = this.#objects;
    const { api } = objects;
    const found = api.l_Lean_Environment_find_x3f(objects.retain(this.ref), objects.retain(name), 0);
    if (objects.isScalar(found)) return undefined;
    const isAxiom = objects.tag(objects.field(found, 0)) === CONSTANT_INFO.axiom;
    objects.release(found);
    if (!isAxiom) return 'other';
    const original = api.l_Lean_getOriginalConstKind_x3f(objects.retain(this.ref), objects.retain(name));
    if (objects.isScalar(original)) return 'axiom';
    const kind = objects.unbox(objects.field(original, 0));
    objects.release(original);
    return kind === CONSTANT_KIND.axiom ? 'axiom' : 'other';
  }
}

/** Lean in this process, with the library environments that were asked for. */
export class LeanSession {
  readonly objects: LeanObjects;
  readonly #frontend: Frontend;
  readonly #environments = new Map<string, LibraryEnvironment>();

  private constructor(runtime: LeanRuntime) {
    this.objects = new LeanObjects(runtime);
    this.#frontend = new Frontend(this.objects);
  }

  /** Of a module that was just started: runs Lean's initialisers. */
  static initialise(runtime: LeanRuntime): LeanSession {
    const { api } = runtime;
    api.lean_initialize();
    const session = new LeanSession(runtime);
    api.l_Lean_initSearchPath(session.objects.string('/lean'), BOX_ZERO);
    api.lean_enable_initializer_execution();
    api.lean_io_mark_end_initialization();
    api.lean_init_task_manager_using(1);
    return session;
  }

  /** Of a module whose memory is that of a session which had loaded these libraries, and nothing else. */
  static resume(
    runtime: LeanRuntime,
    { imports, environment }: { readonly imports: Imports; readonly environment: Ref },
  ): LeanSession {
    const session = new LeanSession(runtime);
    session.#environments.set(imports.join(' '), new LibraryEnvironment(session.objects, environment));
    return session;
  }

  /**
   * The environment of some library modules, loaded at first use and kept.
   * @throws UnknownModuleError where there is no such module
   */
  environment(imports: Imports): LibraryEnvironment {
    const key = imports.join(' ');
    let environment = this.#environments.get(key);
    if (environment === undefined) {
      environment = new LibraryEnvironment(this.objects, this.#import(imports));
      this.#environments.set(key, environment);
    }
    return environment;
  }

  #import(imports: Imports): Ref {
    const { objects } = this;
    // structure Import: module; importAll, isExported, isMeta
    const refs = imports.map((module) => objects.make(0, [objects.name(module.split('.'))], [0, 1, 0]));
    try {
      return objects.io(
        objects.api.l_Lean_importModules(
          objects.array(refs),
          BOX_ZERO,
          0,
          objects.array([]),
          1,
          1,
          OLEAN_LEVEL_PRIVATE,
          EMPTY_TREE_MAP,
        ),
      );
    } catch (error) {
      if (error instanceof LeanIOError) throw new UnknownModuleError(error.message);
      throw error;
    }
  }

  /** Elaborates a source over library modules and, where asked and where it has no error, exports a theorem of it. */
  elaborate(request: ElaborateRequest): ElaborateResult {
    const { objects } = this;
    const base = this.environment(request.imports);
    const result = this.#run(request, base);
    if (result === undefined) return { ...RUNS_CODE, diagnostics: [] };
    try {
      const messages = collectMessages(objects, result.messages, PRELUDE.length);
      if (messages.failed || request.target === undefined) return messages;
      return {
        ...messages,
        exported: this.#export({ ...request, target: request.target }, result.environment, base),
      };
    } finally {
      result.dispose();
    }
  }

  /** @returns undefined where it could run its author's code and was not to */
  #run(request: ElaborateRequest, base: LibraryEnvironment): ElaboratedSource | undefined {
    try {
      return this.#frontend.run({
        environment: base.ref,
        key: JSON.stringify([request.imports, request.maxHeartbeats, request.part === 'goal']),
        options: () => this.#options(request),
        source: PRELUDE + request.source,
        preamble: request.preamble === undefined ? 0 : PRELUDE.length + request.preamble,
        inert: request.inert ?? false,
      });
    } catch (error) {
      if (error instanceof RunsCodeError) return undefined;
      throw error;
    }
  }

  #export(
    { target, part = 'proof', mark, open }: ElaborateRequest & { target: NameParts },
    environment: Ref,
    base: LibraryEnvironment,
  ): NonNullable<ElaborateResult['exported']> {
    const { objects } = this;
    const name = objects.name(target);
    const isLibrary = (key: string, ref: Ref): boolean => base.lookUp(key, ref) !== undefined;
    const exported = exportConstant(objects, { environment, isLibrary, target: name, part, mark });
    objects.release(name);
    return open === undefined ? exported : leaveOpen(exported, open);
  }

  #options({ maxHeartbeats, part }: ElaborateRequest): Ref {
    const { objects } = this;
    const { api } = objects;
    let options = BOX_ZERO;
    // The judge's kernel checks every declaration of a submission; checking them here too would be paid twice.
    if (part !== 'goal')
      options = api.l_Lean_KVMap_setBool(options, objects.name(['debug', 'skipKernelTC']), 1);
    if (maxHeartbeats !== undefined) {
      options = api.l_Lean_KVMap_setNat(options, objects.name(['maxHeartbeats']), objects.nat(maxHeartbeats));
    }
    return options;
  }
}

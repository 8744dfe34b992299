import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import type { LeanApi } from './api.ts';
import { LeanBundleError } from './errors.ts';
import { loadModule, loadModuleForTraining } from './machine-code.ts';
import type { PreparedLean } from './prepare.ts';
import { LinearStack } from './stack.ts';

/** What is used of `WebAssembly.Memory`; its buffer is replaced by a longer one when it grows. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** @param pages of 64 KiB */
  grow(pages: number): number;
}

/** Lean, started in this process. There is no way to stop it but to end the process. */
export interface LeanRuntime {
  readonly api: LeanApi;
  readonly memory: WasmMemory;
  readonly module: WebAssembly.Module;
  readonly stack: LinearStack;
  /** Slots of the module's table. */
  readonly tableLength: number;
}

/** What is used of Emscripten's module object and file system. */
interface EmscriptenModule {
  callMain(args: readonly string[]): number;
  leanExports: LeanApi & { readonly __indirect_function_table: WebAssembly.Table };
  leanMemory: WasmMemory;
  FS: {
    mkdirTree(directory: string): void;
    mount(type: unknown, options: { root: string }, mountPoint: string): unknown;
    ErrnoError: new (errno: number) => Error;
    filesystems: { NODEFS: { node_ops: Record<string, unknown>; stream_ops: Record<string, unknown> } };
  };
  ENV: Record<string, string>;
}

type Glue = (
  module: object,
  require: NodeJS.Require,
  moduleObject: { exports: unknown },
  exports: unknown,
  fileName: string,
  directoryName: string,
) => void;

const EROFS = 69;
const ACCESS_MODE = 3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;

/**
 * Starts Lean's module in this process and waits until C's runtime is initialised; Lean's own is not yet. The process gets one
 * more thread, which Lean uses for its tasks.
 * @throws LeanBundleError where the module does not start
 */
export async function startLean(
  prepared: PreparedLean,
  { train = false }: { train?: boolean } = {},
): Promise<LeanRuntime> {
  const { emscripten, module, stack } = await startModule(
    prepared,
    await (train ? loadModuleForTraining : loadModule)(prepared.directory),
    () => {},
  );
  const { leanExports: api, leanMemory: memory } = emscripten;
  return { api, memory, module, stack, tableLength: api.__indirect_function_table.length };
}

/**
 * Runs Lean's own command line in this process, once: `lean ARGS`, with a host directory mounted read-only as
 * `/source`. Slow to start and good for one run; the benches and the tests of the native back end use it.
 * @param print gets each line of standard output
 * @returns the exit code
 */
export async function runLeanCommand(
  prepared: PreparedLean,
  args: readonly string[],
  directory: string,
  print: (line: string) => void,
): Promise<number> {
  const { emscripten } = await startModule(prepared, await loadModule(prepared.directory), print, (FS) => {
    FS.mkdirTree('/source');
    FS.mount(FS.filesystems.NODEFS, { root: directory }, '/source');
  });
  return emscripten.callMain(args);
}

async function startModule(
  { directory }: PreparedLean,
  compiled: WebAssembly.Module,
  print: (line: string) => void,
  mountMore: (FS: EmscriptenModule['FS']) => void = () => {},
): Promise<{ emscripten: EmscriptenModule; module: WebAssembly.Module; stack: LinearStack }> {
  const glue = path.join(directory, 'lean.cjs');
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const module = {
    instantiateWasm: (
      imports: Record<string, Record<string, never>>,
      receive: (...it: unknown[]) => void,
    ) => {
      WebAssembly.instantiate(compiled, imports).then((instance) => receive(instance, compiled), reject);
      return {};
    },
    noInitialRun: true,
    noExitRuntime: true,
    thisProgram: '/lean/bin/lean',
    mainScriptUrlOrBlob: glue,
    locateFile: (file: string) => path.join(directory, file),
    // No input, and no output that anything would read: what a submission prints comes back as Lean messages.
    stdin: () => null,
    print,
    printErr: () => {},
    onAbort: (what: unknown) => reject(new LeanBundleError('start', `Lean aborted: ${String(what)}`)),
    preRun: [
      (): void => {
        const { FS, ENV } = module as unknown as EmscriptenModule;
        FS.mkdirTree('/lean/lib/lean');
        FS.mkdirTree('/lean/bin');
        mountReadOnly(FS, path.join(directory, 'lib'), '/lean/lib/lean');
        mountMore(FS);
        ENV['LEAN_SYSROOT'] = '/lean';
        // The user's language would come here, and with its length the place of all that is allocated after it.
        ENV['LANG'] = 'C.UTF-8';
      },
    ],
    // Left to a later turn: what is thrown here would be swallowed by the glue.
    onRuntimeInitialized: () => setImmediate(() => resolve(undefined)),
  };
  const script = new vm.Script(
    `(function(Module,require,module,exports,__filename,__dirname){${readFileSync(glue, 'utf8')}\n})`,
    { filename: glue },
  );
  const moduleObject = { exports: {} };
  (script.runInThisContext() as Glue)(
    module,
    createRequire(glue),
    moduleObject,
    moduleObject.exports,
    glue,
    directory,
  );
  await promise;
  const emscripten = module as unknown as EmscriptenModule;
  const stack = LinearStack.replace(emscripten.leanExports, emscripten.leanMemory);
  return { emscripten, module: compiled, stack };
}

/** Mounts a host directory so that nothing run by Lean can change it: NODEFS itself would let `#eval` write there. */
function mountReadOnly(FS: EmscriptenModule['FS'], root: string, mountPoint: string): void {
  const { NODEFS } = FS.filesystems;
  const refuse = (): never => {
    throw new FS.ErrnoError(EROFS);
  };
  for (const operation of ['setattr', 'mknod', 'rename', 'unlink', 'rmdir', 'symlink', 'link']) {
    NODEFS.node_ops[operation] = refuse;
  }
  for (const operation of ['write', 'msync', 'allocate']) NODEFS.stream_ops[operation] = refuse;
  const open = NODEFS.stream_ops['open'] as (stream: { flags: number }) => void;
  NODEFS.stream_ops['open'] = (stream: { flags: number }): void => {
    if ((stream.flags & ACCESS_MODE) !== 0 || (stream.flags & (O_CREAT | O_TRUNC)) !== 0) refuse();
    open(stream);
  };
  FS.mount(NODEFS, { root }, mountPoint);
}

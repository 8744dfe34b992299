import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LeanUnavailableError } from '../errors.ts';
import type { WorkerReply } from '../worker.ts';
import { withLimits } from './limits.ts';
import { LineSplitter } from './lines.ts';
import { runProcess, type Command, type ProcessEnd } from './process.ts';
import type { SandboxState } from './sandbox.ts';
import { Slots, type Turn } from './slots.ts';

/** A Lean installation, as whoever found it describes it. */
export interface NativeToolchain {
  /** The `lean` executable itself, not a proxy that chooses one. */
  readonly lean: string;
  /** Directories that it needs to read: its own and those of the libraries. Absolute, without links. */
  readonly directories: readonly string[];
  /** Where modules beyond the toolchain's own are looked for, such as Mathlib's. */
  readonly leanPath: readonly string[];
}

export interface RunnerComponents {
  readonly toolchain: NativeToolchain;
  readonly sandbox: SandboxState;
}

export interface RunnerInit {
  /** Lean processes at one time. */
  readonly jobs: number;
  /** Further processes for this node's own work, while peers' keep those busy. */
  readonly reserve?: number;
  /** A process that holds more private memory ends. */
  readonly memoryBytes: number;
}

export interface ProgramRun extends Turn {
  /** One of our programs in Lean. */
  readonly program: string;
  /** Files for it to read, by name; it gets their paths in this order, then the further arguments. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

const MB = 1e6;
/** The largest export that is taken, at some 60 bytes an entry. */
const MAX_OUTPUT_BYTES = 300 * MB;
const MAX_LINE_CHARACTERS = 20_000_000;
/** Our programs write none; what a source has Lean write where there is no sandbox stays below this. */
const MAX_FILE_BYTES = 64 * 2 ** 20;
/** Lean elaborates on several threads, whose time adds up. */
const CPU_PER_WALL = 2;
const CPU_EXTRA_SECONDS = 10;
const SIGXCPU_EXIT = 128 + 24;
const SIGKILL_EXIT = 128 + 9;
const MEMORY_WORDS = /out of memory|excessive memory|memory limit|bad_alloc/i;
const UNKNOWN_MODULE = /unknown module prefix|object file '.*' of module \S+ does not exist/;

/** Runs our programs in Lean by `lean --run`, each in a process, a directory and (where there is one) a sandbox of its own. */
export class LeanRunner {
  readonly #components: RunnerComponents;
  readonly #init: RunnerInit;
  readonly #slots: Slots;
  readonly #closed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(components: RunnerComponents, init: RunnerInit) {
    this.#components = components;
    this.#init = init;
    this.#slots = new Slots(init.jobs, init.reserve);
  }

  get sandbox(): SandboxState {
    return this.#components.sandbox;
  }

  /**
   * @param onLine gets standard output line by line; if it throws, the process is killed
   * @returns undefined where the program ended well, else what the matter was
   * @throws LeanUnavailableError where Lean cannot be started; the signal's reason where it is aborted; what onLine throws
   */
  async run(
    run: ProgramRun,
    onLine: (line: string) => void,
  ): Promise<Exclude<WorkerReply, { kind: 'answered' }> | undefined> {
    if (this.#closed.signal.aborted) throw new LeanUnavailableError('the native Lean is closed');
    const signal = AbortSignal.any([this.#closed.signal, ...(run.signal ? [run.signal] : [])]);
    const work = this.#slots.run(() => this.#start({ ...run, signal }, onLine), { ...run, signal });
    this.#running.add(work);
    try {
      return describeEnd(await work, run.timeoutMs);
    } finally {
      this.#running.delete(work);
    }
  }

  async dispose(): Promise<void> {
    this.#closed.abort(new LeanUnavailableError('the native Lean is closed'));
    await Promise.allSettled(this.#running);
  }

  async #start(run: ProgramRun, onLine: (line: string) => void): Promise<ProcessEnd> {
    const scratch = await mkdtemp(path.join(tmpdir(), 'proofswarm-lean-'));
    try {
      const files = Object.entries(run.files).map(
        ([name, text]) => [path.join(scratch, name), text] as const,
      );
      await Promise.all(files.map(([file, text]) => writeFile(file, text)));
      const command = this.#command(run, scratch, [...files.map(([file]) => file), ...run.args]);
      const lines = new LineSplitter(MAX_LINE_CHARACTERS, onLine);
      const limits = { timeoutMs: run.timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES, signal: run.signal };
      return await runProcess(command, limits, (chunk) => lines.push(chunk));
    } finally {
      await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  #command(run: ProgramRun, scratch: string, args: readonly string[]): Command {
    const { toolchain, sandbox } = this.#components;
    const { memoryBytes } = this.#init;
    const command = {
      file: toolchain.lean,
      args: ['-M', String(Math.ceil(memoryBytes / MB)), '--run', run.program, ...args],
      cwd: scratch,
      env: {
        LANG: 'C.UTF-8',
        ...(toolchain.leanPath.length > 0 ? { LEAN_PATH: toolchain.leanPath.join(path.delimiter) } : {}),
        // Windows needs its system directory to start anything.
        ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {}),
      },
    };
    const limits = {
      memoryBytes,
      cpuSeconds: (run.timeoutMs / 1000) * CPU_PER_WALL + CPU_EXTRA_SECONDS,
    };
    if (sandbox.kind === 'unavailable') return withLimits(command, { ...limits, fileBytes: MAX_FILE_BYTES });
    const readable = [...toolchain.directories, ...toolchain.leanPath, path.dirname(run.program), scratch];
    return sandbox.sandbox.confine(command, { readable, ...limits });
  }
}

function describeEnd(
  end: ProcessEnd,
  timeoutMs: number,
): Exclude<WorkerReply, { kind: 'answered' }> | undefined {
  switch (end.kind) {
    case 'exited': {
      if (end.code === 0) return undefined;
      const detail = end.errorTail.trim().slice(-1000);
      if (end.code === SIGXCPU_EXIT) return { kind: 'exhausted', resource: 'time', detail: 'processor time' };
      if (end.code === SIGKILL_EXIT || MEMORY_WORDS.test(detail)) {
        return { kind: 'exhausted', resource: 'memory', detail: detail === '' ? 'killed' : detail };
      }
      if (UNKNOWN_MODULE.test(detail)) return { kind: 'refused', reason: 'unknown-module', detail };
      return { kind: 'crashed', detail: `Lean ended with exit code ${end.code}: ${detail}` };
    }
    case 'killed':
      return end.signal === 'SIGXCPU'
        ? { kind: 'exhausted', resource: 'time', detail: 'processor time' }
        : { kind: 'crashed', detail: `Lean was ended by ${end.signal}` };
    case 'timeout':
      return { kind: 'exhausted', resource: 'time', detail: `no answer within ${timeoutMs / 1000} s` };
    case 'too-much-output':
      return { kind: 'exhausted', resource: 'memory', detail: 'too much output' };
    case 'not-started':
      throw new LeanUnavailableError(`Lean could not be started: ${end.detail}`);
  }
}

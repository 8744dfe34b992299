import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LeanBackEnd } from '../back-end.ts';
import { LeanUnavailableError } from '../errors.ts';
import { ALLOWED_AXIOMS } from '../judge/axioms.ts';
import type { JudgeResult, WorkerRequest } from '../protocol/index.ts';
import type { RunOptions } from '../pool.ts';
import type { WorkerReply } from '../worker.ts';
import { withLimits } from './limits.ts';
import { LineSplitter } from './lines.ts';
import { prepareApart } from './prepare-apart.ts';
import { runProcess } from './process.ts';

import { Slots } from './slots.ts';

export interface ComparatorInit {
  /** The toolchain's `lake`, of Lean 4.35 or newer. */
  readonly lake: string;
  /** Where `lake` finds `bwrap`, `git` and `env`: a PATH. */
  readonly searchPath: string;
  readonly memoryBytes: number;
  /** Judges where a statement leaves definitions open. */
  readonly replay: LeanBackEnd;
}

const CPU_PER_WALL = 4;
const MAX_LINE_CHARACTERS = 10_000;
const MAX_OUTPUT_BYTES = 10e6;
/** What Lake builds of two short sources is far below this. */
const MAX_FILE_BYTES = 256e6;

const LAKEFILE = `name = "judge"

[[lean_lib]]
name = "Challenge"

[[lean_lib]]
name = "Solution"
`;

/** Without it Lake would write one, which its sandbox does not let it. */
const MANIFEST = {
  version: '1.1.0',
  packagesDir: '.lake/packages',
  packages: [],
  name: 'judge',
  lakeDir: '.lake',
};

/**
 * Judges by `lake comparator`, which comes with Lean from 4.35 on: it builds and exports both sources in its own sandbox
 * (bubblewrap), compares them and replays the submission by the kernel, and loads no `.olean` file made of either. Only its
 * exit status counts, as the sources can print. For the toolchain's own libraries; Mathlib's are judged by NativeReplay.
 */
export class Comparator implements LeanBackEnd {
  readonly #init: ComparatorInit;
  readonly #slots = new Slots(1, 1);
  readonly #closed = new AbortController();

  constructor(init: ComparatorInit) {
    this.#init = init;
  }

  async run(request: WorkerRequest, options: RunOptions): Promise<WorkerReply> {
    const { timeoutMs, signal, sources } = options;
    if (request.op !== 'judge' || sources === undefined)
      throw new TypeError('the comparator needs both sources');
    const turn = { ...options, signal: AbortSignal.any([this.#closed.signal, ...(signal ? [signal] : [])]) };
    // Says what differs in our own words; the comparator is asked all the same where nothing does.
    const prepared = await this.#slots.run(() => prepareApart(request, turn), turn);
    if (prepared.kind === 'rejected') return { kind: 'answered', result: prepared };
    if (prepared.kind !== 'prepared') return prepared;
    // The comparator's configuration has no word for definitions that the submission gives.
    if (prepared.open) return this.#init.replay.run(request, options);
    const left = Math.max(1, timeoutMs - prepared.milliseconds);
    const { code, last } = await this.#slots.run(() => this.#compare(sources, left, turn.signal), turn);
    switch (code) {
      case 0:
        // That there are no others the comparator has made sure.
        return { kind: 'answered', result: { kind: 'accepted', axioms: [...prepared.axioms] } };
      case 1:
        return { kind: 'answered', result: refused(last) };
      case 'timeout':
        return { kind: 'exhausted', resource: 'time', detail: `no answer within ${timeoutMs / 1000} s` };
      default:
        return { kind: 'crashed', detail: `lake comparator could not judge (${code}): ${last}` };
    }
  }

  /** Nothing is kept warm. */
  async warmUp(): Promise<void> {}

  async dispose(): Promise<void> {
    this.#closed.abort(new LeanUnavailableError('the native Lean is closed'));
    // One runs at a time: when this one's turn comes, none does.
    await Promise.all([this.#slots.run(() => Promise.resolve()), this.#init.replay.dispose()]);
  }

  async #compare(
    sources: NonNullable<RunOptions['sources']>,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ code: number | string; last: string }> {
    const project = await mkdtemp(path.join(tmpdir(), 'proofswarm-comparator-'));
    try {
      const config = {
        challenge_module: 'Challenge',
        solution_module: 'Solution',
        theorem_names: [sources.theorem],
        permitted_axioms: ALLOWED_AXIOMS,
      };
      const files = {
        'lakefile.toml': LAKEFILE,
        'lake-manifest.json': JSON.stringify(MANIFEST),
        'comparator.json': JSON.stringify(config),
        'Challenge.lean': sources.challenge,
        'Solution.lean': sources.submission,
      };
      await Promise.all(
        Object.entries(files).map(([name, text]) => writeFile(path.join(project, name), text)),
      );
      const { lake, searchPath, memoryBytes } = this.#init;
      const command = withLimits(
        {
          file: lake,
          args: ['comparator', '--config', 'comparator.json'],
          cwd: project,
          env: { PATH: searchPath, HOME: project, LANG: 'C.UTF-8' },
        },
        { memoryBytes, cpuSeconds: (timeoutMs / 1000) * CPU_PER_WALL, fileBytes: MAX_FILE_BYTES },
      );
      let last = '';
      const lines = new LineSplitter(MAX_LINE_CHARACTERS, (line) => {
        if (line.trim() !== '') last = line;
      });
      const limits = { timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES, signal };
      const end = await runProcess(command, limits, (chunk) => lines.push(chunk));
      if (end.kind === 'not-started')
        throw new LeanUnavailableError(`lake could not be started: ${end.detail}`);
      const detail = 'errorTail' in end ? (end.errorTail.trim().split('\n').at(-1) ?? '') : '';
      return { code: end.kind === 'exited' ? end.code : end.kind, last: detail === '' ? last : detail };
    } finally {
      await rm(project, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

function refused(detail: string): JudgeResult {
  return {
    kind: 'rejected',
    reason: 'kernel-refused',
    detail: `lake comparator did not accept it: ${detail}`.slice(0, 2000),
  };
}

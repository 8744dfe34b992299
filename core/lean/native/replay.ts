import { z } from 'zod';
import type { LeanBackEnd } from '../back-end.ts';
import { LeanUnavailableError } from '../errors.ts';
import { ALLOWED_AXIOM_KEYS } from '../judge/axioms.ts';
import { NAME, nameKey } from '../judge/export.ts';
import type { JudgeResult, WorkerRequest } from '../protocol/index.ts';
import type { RunOptions } from '../pool.ts';
import type { WorkerReply } from '../worker.ts';
import { prepareApart } from './prepare-apart.ts';
import { rejected } from './prepare.ts';
import type { LeanRunner } from './runner.ts';
import { Slots } from './slots.ts';

const nameSchema = z.array(z.union([z.string(), z.int().min(0)]));
const resultSchema = z.union([
  z.strictObject({ accepted: z.strictObject({ axioms: z.array(nameSchema) }) }),
  z.strictObject({ refused: z.strictObject({ name: z.string(), error: z.string() }) }),
]);

function keyOf(parts: readonly (string | number)[]): string {
  return parts.reduce<string>(
    (prefix, part) => nameKey(prefix, typeof part === 'string' ? NAME.text : NAME.number, String(part)),
    '',
  );
}

/**
 * Judges by the kernel of a native Lean, in a process that runs no one's code: this program compares the statements and
 * writes the declarations out anew; Replay.lean adds them to the libraries' environment, the theorem with the statement's
 * own type. No `.olean` file is loaded but the libraries'.
 */
export class NativeReplay implements LeanBackEnd {
  readonly #runner: LeanRunner;
  readonly #program: string;
  /** One after the other, as the kernel takes them. */
  readonly #slots = new Slots(1, 1);
  readonly #closed = new AbortController();

  /** @param program Replay.lean, in lean-bundle */
  constructor(runner: LeanRunner, program: string) {
    this.#runner = runner;
    this.#program = program;
  }

  async run(request: WorkerRequest, options: RunOptions): Promise<WorkerReply> {
    if (request.op !== 'judge') throw new TypeError(`a judge does not ${request.op}`);
    const { timeoutMs, signal } = options;
    const turn = { ...options, signal: AbortSignal.any([this.#closed.signal, ...(signal ? [signal] : [])]) };
    const prepared = await this.#slots.run(() => prepareApart(request, turn), turn);
    if (prepared.kind === 'rejected') return { kind: 'answered', result: prepared };
    if (prepared.kind !== 'prepared') return prepared;
    let last = '';
    const problem = await this.#runner.run(
      {
        ...turn,
        program: this.#program,
        files: { 'declarations.ndjson': prepared.declarations },
        args: request.imports,
        timeoutMs: Math.max(1, timeoutMs - prepared.milliseconds),
      },
      (line) => (last = line),
    );
    if (problem !== undefined) return problem;
    return { kind: 'answered', result: asResult(last) };
  }

  /** Nothing is kept warm. */
  async warmUp(): Promise<void> {}

  async dispose(): Promise<void> {
    this.#closed.abort(new LeanUnavailableError('the native Lean is closed'));
    // One thread runs at a time: when this one's turn comes, none does.
    await Promise.all([this.#slots.run(() => Promise.resolve()), this.#runner.dispose()]);
  }
}

function asResult(line: string): JudgeResult {
  const result = resultSchema.parse(JSON.parse(line));
  if ('refused' in result) {
    const { name, error } = result.refused;
    return rejected('kernel-refused', `the kernel refused ${name}: ${error}`.slice(0, 2000));
  }
  const { axioms } = result.accepted;
  const forbidden = axioms
    .filter((name) => !ALLOWED_AXIOM_KEYS.has(keyOf(name)))
    .map((name) => name.join('.'));
  return forbidden.length > 0
    ? rejected('forbidden-axiom', `the proof rests on ${forbidden.slice(0, 5).join(', ')}`)
    : { kind: 'accepted', axioms: axioms.map((name) => name.join('.')).toSorted() };
}

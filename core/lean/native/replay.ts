import { z } from 'zod';
import type { LeanBackEnd } from '../back-end.ts';
import { compareTheorem } from '../judge/compare.ts';
import { declarationsByKey } from '../judge/constants.ts';
import { axiomInFilling } from '../judge/holes.ts';
import { ExportReader, MalformedExportError, NAME, nameKey, type Declaration } from '../judge/export.ts';
import { replayOrder } from '../judge/replay-order.ts';
import type { JudgeRequest, JudgeResult, WorkerRequest } from '../protocol/index.ts';
import type { RunOptions } from '../pool.ts';
import type { WorkerReply } from '../worker.ts';
import { NdjsonWriter } from './ndjson-writer.ts';
import type { LeanRunner } from './runner.ts';

type Rejection = Extract<JudgeResult, { kind: 'rejected' }>;
type Goal = Extract<Declaration, { kind: 'goal' }>;

export interface PreparedReplay {
  readonly kind: 'prepared';
  /** What the kernel has to add, in order. */
  readonly lines: readonly string[];
  readonly statement: ExportReader;
  readonly submission: ExportReader;
}

const nameSchema = z.array(z.union([z.string(), z.int().min(0)]));
const resultSchema = z.union([
  z.strictObject({ accepted: z.strictObject({ axioms: z.array(nameSchema) }) }),
  z.strictObject({ refused: z.strictObject({ name: z.string(), error: z.string() }) }),
]);

/** The axioms of ordinary mathematics in Lean, by key: anything else is refused, whatever it is called. */
const ALLOWED_AXIOMS: ReadonlySet<string> = new Set(
  [['propext'], ['Classical', 'choice'], ['Quot', 'sound']].map(keyOf),
);

/**
 * Judges by the kernel of a native Lean, in a process that runs no one's code: this program compares the statements and
 * writes the declarations out anew; Replay.lean adds them to the libraries' environment, the theorem with the statement's
 * own type. No `.olean` file is loaded but the libraries'.
 */
export class NativeReplay implements LeanBackEnd {
  readonly #runner: LeanRunner;
  readonly #program: string;

  /** @param program Replay.lean, in lean-bundle */
  constructor(runner: LeanRunner, program: string) {
    this.#runner = runner;
    this.#program = program;
  }

  async run(request: WorkerRequest, { timeoutMs, signal }: RunOptions): Promise<WorkerReply> {
    if (request.op !== 'judge') throw new TypeError(`a judge does not ${request.op}`);
    const prepared = prepareReplay(request);
    if (prepared.kind === 'rejected') return { kind: 'answered', result: prepared };
    let last = '';
    const problem = await this.#runner.run(
      {
        program: this.#program,
        files: { 'declarations.ndjson': `${prepared.lines.join('\n')}\n` },
        args: request.imports,
        timeoutMs,
        signal,
      },
      (line) => (last = line),
    );
    if (problem !== undefined) return problem;
    return { kind: 'answered', result: asResult(last) };
  }

  /** Nothing is kept warm. */
  async warmUp(): Promise<void> {}

  dispose(): Promise<void> {
    return this.#runner.dispose();
  }
}

/**
 * Compares a submission's export with the statement's, and writes down what the kernel has to add: the statement's
 * definitions, the submission's helpers, and the theorem with the statement's type and the submission's proof.
 */
export function prepareReplay(
  request: Pick<JudgeRequest, 'statement' | 'submission' | 'challenge'>,
): Rejection | PreparedReplay {
  try {
    const statement = new ExportReader(request.statement);
    const submission = new ExportReader(request.submission);
    const difference = compareTheorem(statement, submission, request.challenge);
    if (difference !== undefined) return rejected(difference.reason, difference.detail);
    return writeReplay(statement, submission);
  } catch (error) {
    if (error instanceof MalformedExportError) return rejected('malformed-export', error.message);
    throw error;
  }
}

function writeReplay(statement: ExportReader, submission: ExportReader): Rejection | PreparedReplay {
  const goal = statement.data.declarations.at(-1);
  if (goal?.kind !== 'goal') return rejected('malformed-export', 'a statement without its goal');
  const target = statement.nameKey(goal.name);
  const proof = declarationsByKey(submission).get(target);
  if (proof?.kind !== 'theorem') return rejected('theorem-missing', 'the export does not hold the theorem');
  const additions = replayOrder(statement, submission, target);
  const axiom = axiomInFilling(statement, additions);
  if (axiom !== undefined) return rejected('forbidden-axiom', axiom);
  const writer = new NdjsonWriter();
  for (const { reader, declaration } of additions) {
    if (declaration.kind === 'axiom')
      return rejected('forbidden-axiom', `the proof rests on ${reader.nameText(declaration.name)}`);
    writer.declaration(reader, declaration);
  }
  writer.theorem(
    { reader: statement, goal: goal satisfies Goal },
    { reader: submission, value: proof.value },
  );
  return { kind: 'prepared', lines: writer.lines, statement, submission };
}

function asResult(line: string): JudgeResult {
  const result = resultSchema.parse(JSON.parse(line));
  if ('refused' in result) {
    const { name, error } = result.refused;
    return rejected('kernel-refused', `the kernel refused ${name}: ${error}`.slice(0, 2000));
  }
  const { axioms } = result.accepted;
  const forbidden = axioms.filter((name) => !ALLOWED_AXIOMS.has(keyOf(name))).map((name) => name.join('.'));
  return forbidden.length > 0
    ? rejected('forbidden-axiom', `the proof rests on ${forbidden.slice(0, 5).join(', ')}`)
    : { kind: 'accepted', axioms: axioms.map((name) => name.join('.')).toSorted() };
}

function keyOf(parts: readonly (string | number)[]): string {
  return parts.reduce<string>(
    (prefix, part) => nameKey(prefix, typeof part === 'string' ? NAME.text : NAME.number, String(part)),
    '',
  );
}

function rejected(reason: Rejection['reason'], detail: string): Rejection {
  return { kind: 'rejected', reason, detail };
}

import { compareTheorem } from '../judge/compare.ts';
import { NATIVE_EVALUATION_KEYS, ALLOWED_AXIOMS } from '../judge/axioms.ts';
import { ConstantFinder, declarationsByKey, rootsOf } from '../judge/constants.ts';
import { ExportReader, MalformedExportError } from '../judge/export.ts';
import { axiomInFilling } from '../judge/holes.ts';
import { withoutClashes } from '../judge/rename.ts';
import { replayOrder } from '../judge/replay-order.ts';
import type { JudgeRequest, JudgeResult } from '../protocol/index.ts';
import { NdjsonWriter } from './ndjson-writer.ts';

export type Rejection = Extract<JudgeResult, { kind: 'rejected' }>;

/** What crosses to and from the thread: plain data only. */
export type ReplayRequest = Pick<JudgeRequest, 'statement' | 'submission' | 'challenge'>;

export interface PreparedReplay {
  readonly kind: 'prepared';
  /** What the kernel has to add, in order: one JSON text a line. */
  readonly declarations: string;
  /** Whether the statement leaves definitions to the submission. */
  readonly open: boolean;
  /** Names of constants that the submission's export speaks of and that are axioms of ordinary mathematics, sorted. */
  readonly axioms: readonly string[];
}

/**
 * Compares a submission's export with the statement's, and writes down what the kernel has to add: the statement's
 * definitions, the submission's helpers, and the theorem with the statement's type and the submission's proof.
 */
export function prepareReplay(request: ReplayRequest): Rejection | PreparedReplay {
  try {
    const statement = new ExportReader(request.statement);
    const submission = new ExportReader(request.submission);
    const { difference, clashes } = compareTheorem(statement, submission, request.challenge);
    if (difference !== undefined) return rejected(difference.reason, difference.detail);
    return writeReplay(statement, withoutClashes(statement, submission, clashes));
  } catch (error) {
    if (error instanceof MalformedExportError) return rejected('malformed-export', error.message);
    throw error;
  }
}

function writeReplay(statement: ExportReader, submission: ExportReader): Rejection | PreparedReplay {
  const { declarations } = statement.data;
  const goal = declarations.at(-1);
  if (goal?.kind !== 'goal') return rejected('malformed-export', 'a statement without its goal');
  const target = statement.nameKey(goal.name);
  const proof = declarationsByKey(submission).get(target);
  if (proof?.kind !== 'theorem') return rejected('theorem-missing', 'the export does not hold the theorem');
  const evaluated = nativeEvaluation([statement, submission]);
  if (evaluated !== undefined) return rejected('forbidden-axiom', `the proof rests on ${evaluated}`);
  const additions = replayOrder(statement, submission, target);
  const axiom = axiomInFilling(statement, additions);
  if (axiom !== undefined) return rejected('forbidden-axiom', axiom);
  const writer = new NdjsonWriter();
  for (const { reader, declaration } of additions) {
    if (declaration.kind === 'axiom')
      return rejected('forbidden-axiom', `the proof rests on ${reader.nameText(declaration.name)}`);
    writer.declaration(reader, declaration);
  }
  writer.theorem({ reader: statement, goal }, { reader: submission, value: proof.value });
  const names = Array.from({ length: submission.nameCount }, (_, i) => submission.nameText(i));
  return {
    kind: 'prepared',
    declarations: `${writer.lines.join('\n')}\n`,
    open: declarations.some(({ kind }) => kind === 'hole'),
    axioms: ALLOWED_AXIOMS.filter((axiom) => names.includes(axiom)),
  };
}

/** A constant that the kernel evaluates by running compiled code, where the exports refer to one: no axiom tells of it. */
function nativeEvaluation(readers: readonly ExportReader[]): string | undefined {
  for (const reader of readers) {
    const used = new ConstantFinder(reader).of(reader.data.declarations.flatMap(rootsOf));
    for (const name of used)
      if (NATIVE_EVALUATION_KEYS.has(reader.nameKey(name))) return reader.nameText(name);
  }
  return undefined;
}

export function rejected(reason: Rejection['reason'], detail: string): Rejection {
  return { kind: 'rejected', reason, detail };
}

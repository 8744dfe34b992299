import { ALLOWED_AXIOM_KEYS, NATIVE_EVALUATION_KEYS } from '../../core/lean/judge/axioms.ts';
import { compareTheorem, type Difference } from '../../core/lean/judge/compare.ts';
import { ConstantFinder, declarationsByKey, rootsOf } from '../../core/lean/judge/constants.ts';
import { axiomInFilling } from '../../core/lean/judge/holes.ts';
import { ExportReader, MalformedExportError } from '../../core/lean/judge/export.ts';
import { withoutClashes } from '../../core/lean/judge/rename.ts';
import { replayOrder } from '../../core/lean/judge/replay-order.ts';
import type { JudgeRequest, JudgeResult } from '../../core/lean/protocol/index.ts';
import { ExpressionReader } from './expression-reader.ts';
import { BOX_ZERO, type LeanObjects, type Ref } from './objects.ts';
import type { LeanSession, LibraryEnvironment } from './session.ts';

/** `Kernel.Exception`'s constructors, in order. */
const KERNEL_ERRORS = [
  'an unknown constant',
  'a name that is already declared',
  'a value that does not have the declared type',
  'metavariables',
  'free variables',
  'an application of something that is no function',
  'something used as a type that is none',
  'a let whose value does not have its type',
  'an ill-typed expression',
  'an application to an argument of another type',
  'an invalid projection',
  'a theorem whose type is no proposition',
  'an ill-formed declaration',
  'a time limit',
  'a memory limit',
  'too deep a recursion',
  'an interruption',
] as const;

/**
 * Decides whether a submission's export proves a statement. Only data comes in: the types are compared, then the kernel
 * of this process, which runs no one's code, adds the statement's definitions, the submission's helpers, and the theorem
 * with the statement's own type and the submission's proof to a clean library environment.
 */
export function judge(session: LeanSession, request: JudgeRequest): JudgeResult {
  let statement: ExportReader;
  let submission: ExportReader;
  let difference: Difference | undefined;
  try {
    statement = new ExportReader(request.statement);
    submission = new ExportReader(request.submission);
    const comparison = compareTheorem(statement, submission, request.challenge);
    difference = comparison.difference;
    submission = withoutClashes(statement, submission, comparison.clashes);
  } catch (error) {
    if (error instanceof MalformedExportError) return rejected('malformed-export', error.message);
    throw error;
  }
  if (difference !== undefined) return rejected(difference.reason, difference.detail);
  const base = session.environment(request.imports);
  const replay = new Replay(session.objects, base);
  try {
    return replay.run(statement, submission);
  } finally {
    replay.dispose();
  }
}

function rejected(reason: Extract<JudgeResult, { kind: 'rejected' }>['reason'], detail: string): JudgeResult {
  return { kind: 'rejected', reason, detail };
}

/** A declaration that the kernel refused. */
class KernelRefusal extends Error {}

class Replay {
  readonly #objects: LeanObjects;
  readonly #base: LibraryEnvironment;
  #environment: Ref;

  constructor(objects: LeanObjects, base: LibraryEnvironment) {
    this.#objects = objects;
    this.#base = base;
    this.#environment = objects.api.lean_elab_environment_to_kernel_env(objects.retain(base.ref));
  }

  dispose(): void {
    this.#objects.release(this.#environment);
  }

  run(statement: ExportReader, submission: ExportReader): JudgeResult {
    const goal = statement.data.declarations.at(-1);
    if (goal?.kind !== 'goal') return rejected('malformed-export', 'a statement without its goal');
    const ours = new ExpressionReader(this.#objects, statement);
    const theirs = new ExpressionReader(this.#objects, submission);
    try {
      const uses = this.#axiomsOf([
        [statement, ours],
        [submission, theirs],
      ]);
      if (uses.forbidden.length > 0) {
        return rejected('forbidden-axiom', `the proof rests on ${uses.forbidden.slice(0, 5).join(', ')}`);
      }
      const target = statement.nameKey(goal.name);
      const theorem = declarationsByKey(submission).get(target);
      if (theorem?.kind !== 'theorem')
        return rejected('theorem-missing', 'the export does not hold the theorem');
      const additions = replayOrder(statement, submission, target);
      const axiom = axiomInFilling(statement, additions);
      if (axiom !== undefined) return rejected('forbidden-axiom', axiom);
      for (const { reader, declaration } of additions) {
        const refs = reader === statement ? ours : theirs;
        const first = reader.declaredNames(declaration)[0] ?? 0;
        this.#add(refs.declaration(declaration), reader.nameText(first));
      }
      const constant = ours.constantVal(goal.name, goal.levelParams, ours.expr(goal.type));
      this.#add(theirs.theorem(theorem.name, constant, theorem.value), statement.nameText(goal.name));
      return { kind: 'accepted', axioms: uses.allowed.toSorted() };
    } catch (error) {
      if (error instanceof KernelRefusal) return rejected('kernel-refused', error.message);
      if (error instanceof MalformedExportError) return rejected('malformed-export', error.message);
      throw error;
    } finally {
      ours.dispose();
      theirs.dispose();
    }
  }

  /** Adds a declaration by the kernel; takes ownership of it. */
  #add(declaration: Ref, name: string): void {
    const objects = this.#objects;
    const result = objects.api.lean_add_decl(this.#environment, 0, declaration, BOX_ZERO);
    objects.release(declaration);
    this.#environment = BOX_ZERO;
    const accepted = objects.tag(result) === 1;
    const value = objects.field(result, 0);
    if (accepted) this.#environment = objects.retain(value);
    const error = objects.isScalar(value) ? objects.unbox(value) : objects.tag(value);
    objects.release(result);
    if (!accepted)
      throw new KernelRefusal(`the kernel refused ${name}: ${KERNEL_ERRORS[error] ?? 'an unknown error'}`);
  }

  /**
   * The axioms that the exports refer to or declare; a declared one is never allowed, as the allowed ones are all in the
   * libraries. Constants that nothing declares are left to the kernel.
   */
  #axiomsOf(exports: readonly (readonly [ExportReader, ExpressionReader])[]): {
    allowed: string[];
    forbidden: string[];
  } {
    const allowed = new Set<string>();
    const forbidden = new Set<string>();
    for (const [reader, refs] of exports) {
      for (const declaration of reader.data.declarations) {
        if (declaration.kind === 'axiom') forbidden.add(reader.nameText(declaration.name));
      }
      for (const name of new ConstantFinder(reader).of(reader.data.declarations.flatMap(rootsOf))) {
        const ref = refs.name(name);
        const key = reader.nameKey(name);
        if (NATIVE_EVALUATION_KEYS.has(key) || this.#base.lookUp(key, ref) === 'axiom') {
          (ALLOWED_AXIOM_KEYS.has(key) ? allowed : forbidden).add(reader.nameText(name));
        }
        this.#objects.release(ref);
      }
    }
    return { allowed: [...allowed], forbidden: [...forbidden] };
  }
}

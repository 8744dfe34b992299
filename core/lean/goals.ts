import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { statementId, submissionSource, type Diagnostic, type Statement } from '../record/index.ts';
import { UnjudgeableError } from './errors.ts';
import { isInert } from './inert/text.ts';
import { KeptGoals } from './kept-goals.ts';
import type { LeanBackEnd } from './back-end.ts';
import { elaborateResultSchema, type ElaborateRequest } from './protocol/index.ts';
import { signatureRequest, signatureOf } from './signature.ts';
import { nameParts, splitImports, type Source } from './source.ts';
import type { WorkerReply } from './worker.ts';

/** Modules of the toolchain's own libraries. */
export const LIBRARY_MODULE = /^(Init|Std|Lean)(\.[^\s.]+)*$/;

/** What a statement means: its theorem and the definitions it needs, as elaborated in a clean worker. */
export interface Goal {
  readonly imports: readonly string[];
  /** A `DeclarationExport` that ends with the goal. */
  readonly data: unknown;
  /** The theorem's signature as Lean prints it, asked for when a submission states something else. */
  signature?: Promise<string | undefined> | undefined;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly origin?: 'own' | 'peer';
  readonly peer?: string;
}

/** As much of an export as is looked at here: the judge reads all of it. */
const exportOutlineSchema = z.object({ declarations: z.array(z.unknown()) });
const goalSchema = z.object({ kind: z.literal('goal') });

/** Elaborates each statement once and remembers what it means. */
export class Goals {
  readonly #pool: LeanBackEnd;
  readonly #modules: RegExp;
  /** Modules that a stranger's statement may import. */
  readonly #inert: RegExp | undefined;
  /** By the id of the content: a statement's own `id` may be what a stranger says. */
  readonly #goals = { own: new KeptGoals<Goal>(), peer: new KeptGoals<Goal>() };

  constructor(pool: LeanBackEnd, modules: RegExp) {
    this.#pool = pool;
    this.#modules = modules;
    // In a process that is shared, code of other modules could outlive what asked for it.
    this.#inert = pool.processPerSource === true ? modules : undefined;
  }

  /**
   * @param open full names of definitions in the header that are left to the submission
   * @throws UnjudgeableError where the statement does not elaborate or takes too long
   */
  async get(statement: Statement, limits: Limits, open: readonly string[] = []): Promise<Goal> {
    const id = [statementId(statement), ...open].join(' ');
    // What was elaborated for a peer, in a worker that others' sources have been in, is not taken for this user's.
    const { own, peer } = this.#goals;
    const kept = limits.origin === 'peer' ? peer : own;
    const known = own.get(id) ?? kept.get(id);
    if (known !== undefined) return known;
    const goal = await this.#elaborate(statement, limits, open);
    kept.set(id, goal);
    return goal;
  }

  /**
   * The theorem's name and type as Lean prints them, in a clean worker; undefined where that fails. One request serves all who
   * ask meanwhile, and none of them cancels it for the others.
   */
  async signature(
    statement: Statement,
    limits: Limits,
    open: readonly string[] = [],
  ): Promise<string | undefined> {
    const goal = await this.get(statement, limits, open);
    if (goal.signature !== undefined) return goal.signature;
    const asked = this.#signature(statement, { ...limits, signal: undefined });
    goal.signature = asked;
    // What failed is asked again by whoever needs it next.
    void asked.then((found) => {
      if (found === undefined) goal.signature = undefined;
    });
    return asked;
  }

  async #signature(statement: Statement, limits: Limits): Promise<string | undefined> {
    const source = splitStatement(statement, 'sorry');
    const request = signatureRequest(source.imports, source.body, nameParts(statement.name));
    try {
      return signatureOf(request, await this.#ask(request, source, limits));
    } catch {
      // It is a courtesy: what was found out does not depend on it.
      return undefined;
    }
  }

  /**
   * Statements are elaborated by workers that have never seen a submission. One whose text may run code gets a worker of its own,
   * which is thrown away: what that code leaves behind could change what later statements are taken to mean. Where the text looks as
   * if it runs none, Lean's reading of it decides, command by command.
   */
  async #ask(request: ElaborateRequest, { imports, body }: Source, limits: Limits): Promise<WorkerReply> {
    if (isInert(imports, body, this.#inert)) {
      const reply = await this.#pool.run({ ...request, inert: true }, { ...limits, clean: true });
      if (limits.origin === 'peer' || !mayRunCode(reply)) return reply;
    }
    return this.#pool.run(request, { ...limits, clean: true, retire: true });
  }

  async #elaborate(statement: Statement, limits: Limits, open: readonly string[]): Promise<Goal> {
    const mark = String(randomInt(2 ** 40, 2 ** 47));
    const source = splitStatement(statement, markedSorry(mark));
    const { imports, body } = source;
    // Code could make the worker say that the statement means something else than its text.
    if (limits.origin === 'peer' && !isInert(imports, body, this.#inert)) throw runsCode(statement);
    const foreign = imports.find((module) => !this.#modules.test(module));
    if (foreign !== undefined)
      throw new UnjudgeableError('environment', `the environment has no module ${foreign}`);
    const reply = await this.#ask(
      {
        op: 'elaborate',
        imports: ['Init', ...imports],
        source: body,
        target: nameParts(statement.name),
        part: 'goal',
        mark,
        ...(open.length === 0 ? {} : { open: open.map(nameParts) }),
      },
      source,
      limits,
    );
    const fail = (detail: string, reason: UnjudgeableError['reason'] = 'statement'): never => {
      throw new UnjudgeableError(reason, `${statement.name} does not elaborate: ${detail}`);
    };
    if (reply.kind !== 'answered') return fail(reply.detail, 'resources');
    const { data: result } = elaborateResultSchema.safeParse(reply.result);
    if (result === undefined) return fail('unintelligible result');
    const error = result.diagnostics.find((d) => d.severity === 'error');
    if (error !== undefined || result.failed) {
      const at = error === undefined ? '' : `line ${error.position.line}, column ${error.position.column}: `;
      return fail(`${at}${error?.message ?? 'an error'}`);
    }
    switch (result.exported?.kind) {
      case 'exported': {
        const own = ownSorry(statement, result.diagnostics, open.length > 0);
        if (own !== undefined || !result.exported.marked) {
          return fail(own ?? `${statement.name} is not what its text states`);
        }
        return this.#asGoal(statement, imports, result.exported.data);
      }
      case 'runs-code':
        throw runsCode(statement);
      case 'missing':
        return fail(`it declares no ${statement.name}`);
      case 'unsafe':
        return fail(`it uses ${result.exported.name}, which is unsafe or partial`);
      case 'unfinished':
        return fail(`${BESIDE} it and the definitions left open`);
      case 'too-large':
        return fail(result.exported.detail);
      case undefined:
        return fail('nothing was exported');
    }
  }

  #asGoal(statement: Statement, imports: readonly string[], data: unknown): Goal {
    const last = exportOutlineSchema.safeParse(data).data?.declarations.at(-1);
    if (!goalSchema.safeParse(last).success) {
      throw new UnjudgeableError('statement', `${statement.name} is no theorem`);
    }
    return { imports, data };
  }
}

function splitStatement(statement: Statement, proof: string): Source {
  const split = splitImports(submissionSource(statement, proof));
  if (split.kind === 'unsupported') throw new UnjudgeableError('statement', split.detail);
  return split;
}

function mayRunCode(reply: WorkerReply): boolean {
  if (reply.kind !== 'answered') return false;
  return elaborateResultSchema.safeParse(reply.result).data?.exported?.kind === 'runs-code';
}

function runsCode(statement: Statement): UnjudgeableError {
  return new UnjudgeableError(
    'statement',
    `${statement.name} may run code when it is elaborated, which only this user's own statements may`,
  );
}

/** A proof by `sorry` that is known again by a number that no header can foresee. */
const markedSorry = (mark: string): string => `(fun (_ : _root_.Nat) => sorry) (nat_lit ${mark})`;

const BESIDE = 'something rests on sorry beside';

/**
 * Exactly one declaration may rest on `sorry`, and it must stand where the text does. (That it is the one of the
 * statement's name, and not an easier one that the header declares, is told by its mark.)
 * @param inHeader whether definitions of the header may too; what the theorem uses is looked at afterwards
 * @returns what is wrong, or undefined
 */
function ownSorry(
  statement: Statement,
  diagnostics: readonly Diagnostic[],
  inHeader: boolean,
): string | undefined {
  const firstLine = statement.header === '' ? 1 : statement.header.split('\n').length + 2;
  const sorries = diagnostics.filter(
    ({ kind, position }) => kind === 'hasSorry' && !(inHeader && position.line < firstLine),
  );
  const [only, ...others] = sorries;
  if (only === undefined)
    return 'its text is not elaborated, or its header turns the warning about sorry off';
  if (others.length > 0 || only.position.line < firstLine) return `${BESIDE} the theorem`;
  return undefined;
}

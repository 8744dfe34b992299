import type { Diagnostic, Statement } from '../record/index.ts';
import { UnjudgeableError } from './errors.ts';
import type { LeanPool } from './pool.ts';
import { elaborateResultSchema } from './protocol/index.ts';
import { nameParts } from './source.ts';

/** Modules of the toolchain's own libraries. */
export const LIBRARY_MODULE = /^(Init|Std|Lean)(\.[^\s.]+)*$/;

/** What a statement means: its theorem and the definitions it needs, as elaborated in a clean worker. */
export interface Goal {
  readonly imports: readonly string[];
  /** A `DeclarationExport` that ends with the goal. */
  readonly data: unknown;
}

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Goals are small; this many are kept. */
const KEPT = 500;

/** Elaborates each statement once and remembers what it means. */
export class Goals {
  readonly #pool: LeanPool;
  readonly #goals = new Map<string, Goal>();

  constructor(pool: LeanPool) {
    this.#pool = pool;
  }

  /** @throws UnjudgeableError where the statement does not elaborate or takes too long */
  async get(
    statement: Statement,
    source: { imports: readonly string[]; body: string },
    limits: Limits,
  ): Promise<Goal> {
    const known = this.#goals.get(statement.id);
    if (known !== undefined) return known;
    const goal = await this.#elaborate(statement, source, limits);
    this.#goals.set(statement.id, goal);
    const oldest = this.#goals.keys().next();
    if (this.#goals.size > KEPT && !oldest.done) this.#goals.delete(oldest.value);
    return goal;
  }

  async #elaborate(
    statement: Statement,
    { imports, body }: { imports: readonly string[]; body: string },
    limits: Limits,
  ): Promise<Goal> {
    const foreign = imports.find((module) => !LIBRARY_MODULE.test(module));
    if (foreign !== undefined)
      throw new UnjudgeableError('environment', `the environment has no module ${foreign}`);
    const reply = await this.#pool.run(
      {
        op: 'elaborate',
        imports: ['Init', ...imports],
        source: body,
        target: nameParts(statement.name),
        part: 'goal',
      },
      { ...limits, clean: true },
    );
    const fail = (detail: string): never => {
      throw new UnjudgeableError('statement', `${statement.name} does not elaborate: ${detail}`);
    };
    if (reply.kind !== 'answered') return fail(reply.detail);
    const result = elaborateResultSchema.parse(reply.result);
    const error = result.diagnostics.find((d) => d.severity === 'error');
    if (error !== undefined || result.failed) {
      const at = error === undefined ? '' : `line ${error.position.line}, column ${error.position.column}: `;
      return fail(`${at}${error?.message ?? 'an error'}`);
    }
    switch (result.exported?.kind) {
      case 'exported': {
        const own = ownSorry(statement, result.diagnostics);
        if (own !== undefined || !result.exported.bySorry) {
          return fail(own ?? `${statement.name} is not what its text states`);
        }
        return this.#asGoal(statement, imports, result.exported.data);
      }
      case 'missing':
        return fail(`it declares no ${statement.name}`);
      case 'unsafe':
        return fail(`it uses ${result.exported.name}, which is unsafe or partial`);
      case 'too-large':
        return fail(result.exported.detail);
      case undefined:
        return fail('nothing was exported');
    }
  }

  #asGoal(statement: Statement, imports: readonly string[], data: unknown): Goal {
    const last = (data as { declarations?: { kind?: unknown }[] }).declarations?.at(-1);
    if (last?.kind !== 'goal') {
      throw new UnjudgeableError('statement', `${statement.name} is no theorem`);
    }
    return { imports, data };
  }
}

/**
 * The theorem found under the statement's name must be the one that its text states: exactly one declaration rests on
 * `sorry`, and it stands where the text does. Otherwise a header could declare an easier theorem of that name.
 * @returns what is wrong, or undefined
 */
function ownSorry(statement: Statement, diagnostics: readonly Diagnostic[]): string | undefined {
  const sorries = diagnostics.filter((diagnostic) => diagnostic.kind === 'hasSorry');
  const firstLine = statement.header === '' ? 1 : statement.header.split('\n').length + 2;
  const [only, ...others] = sorries;
  if (only === undefined)
    return 'its text is not elaborated, or its header turns the warning about sorry off';
  if (others.length > 0 || only.position.line < firstLine)
    return 'something beside the theorem rests on sorry';
  return undefined;
}

import { createHash } from 'node:crypto';
import {
  challengeSource,
  normalizeSource,
  sourceDefect,
  statementId,
  type CheckerIdentity,
  type CheckOptions,
  type CheckOutcome,
  type Environment,
  type Statement,
  type Verdict,
} from '../record/index.ts';
import { UnjudgeableError } from './errors.ts';
import { Goals, LIBRARY_MODULE, type Limits } from './goals.ts';
import { isInert } from './inert/text.ts';
import type { LeanBackEnd } from './back-end.ts';
import { preambleLength } from './preamble.ts';
import { elaborateResultSchema, judgeResultSchema } from './protocol/index.ts';
import { sealProof } from './seal.ts';
import { signatureOf, signatureRequest } from './signature.ts';
import { isBlank, nameParts, splitImports, type Source } from './source.ts';
import { VerdictCache } from './verdict-cache.ts';
import { missing, rejected, unanswered, withoutExport } from './verdicts.ts';

export interface LeanCheckerComponents {
  /** Elaborates statements (in clean workers) and submissions. */
  readonly elaborators: LeanBackEnd;
  /** Judges; its workers never elaborate anything. */
  readonly judges: LeanBackEnd;
}

export interface LeanCheckerInit {
  readonly identity: CheckerIdentity;
  readonly environment: Environment;
  /** Modules that sources may import; those of the toolchain where not given. */
  readonly modules?: RegExp;
  /** Limit of one check where the caller sets none. */
  readonly defaultTimeoutMs: number;
}

interface JudgeOptions extends CheckOptions {
  /** A worker elaborates the submission that was given something of a peer's before. */
  readonly onShared?: () => void;
}

/** The judge gets so much of the limit at least, whatever the elaboration has used up, but no more than 10 s of it. */
const MIN_JUDGE_MS = 10_000;
/** To print what a submission states instead is a courtesy, and may not take long. */
const SIGNATURE_MS = 5_000;
/** A verdict takes some kilobytes. */
const KEPT_VERDICTS = 2000;

/** Checks submissions against statements with the embedded Lean or a native one. */
export class LeanChecker {
  readonly #components: LeanCheckerComponents;
  readonly #init: LeanCheckerInit;
  readonly #goals: Goals;
  readonly #modules: RegExp;
  readonly #verdicts = new VerdictCache(KEPT_VERDICTS);

  constructor(components: LeanCheckerComponents, init: LeanCheckerInit) {
    this.#components = components;
    this.#init = init;
    this.#modules = init.modules ?? LIBRARY_MODULE;
    this.#goals = new Goals(components.elaborators, this.#modules);
  }

  get identity(): CheckerIdentity {
    return this.#init.identity;
  }

  /** Whether statements of an environment can be judged here. */
  supports(environment: Environment): boolean {
    const own = this.#init.environment;
    return (
      environment.library === own.library &&
      environment.lean === own.lean &&
      (environment.library === 'core' || (own.library === 'mathlib' && environment.revision === own.revision))
    );
  }

  /** Starts Lean ahead of need. */
  async warmUp(): Promise<void> {
    await Promise.all([this.#components.elaborators.warmUp(), this.#components.judges.warmUp()]);
  }

  /**
   * Elaborates a statement with `sorry` for its proof, in a worker that has never seen a submission.
   * @throws UnjudgeableError where it does not elaborate or needs another environment
   */
  async checkStatement(statement: Statement, options: CheckOptions = {}): Promise<void> {
    this.#requireEnvironment(statement);
    await this.#goals.get(statement, this.#limits(options));
  }

  /**
   * Judges a submission.
   * @throws UnjudgeableError where the statement does not elaborate or needs another environment; LeanUnavailableError
   *   where Lean cannot be started; the signal's reason where it is aborted
   */
  async check(statement: Statement, submission: string, options: CheckOptions = {}): Promise<CheckOutcome> {
    const started = performance.now();
    const elapsed = (): number => Math.round((performance.now() - started) * 10) / 10;
    const defect = sourceDefect(submission);
    if (defect !== undefined) return { verdict: rejected('malformed-submission', defect, elapsed()) };
    const source = normalizeSource(submission);
    this.#requireEnvironment(statement);
    const { name, version } = this.identity;
    let isShared = false;
    const onShared = (): void => {
      isShared = true;
    };
    const verdict = await this.#verdicts.check({
      key: [
        statementId(statement),
        createHash('sha256').update(source).digest('hex'),
        name,
        version,
        options.maxHeartbeats ?? '',
        // The statement was elaborated where peers' are, and this user's are not.
        options.origin === 'peer' ? 'peer' : 'own',
      ].join(' '),
      conditions: `${options.timeoutMs ?? ''} ${options.origin === 'own' ? 'own' : (options.peer ?? '')}`,
      signal: options.signal,
      run: (signal) => this.#judge(statement, source, { ...options, signal, onShared }),
      // A refusal may be a stranger's doing, who shared the worker: only own work's that shared none are kept.
      lasts: ({ kind }) =>
        kind === 'proved' ||
        (options.origin === 'own' && !isShared && (kind === 'failed' || kind === 'rejected')),
    });
    return verdict.kind === 'proved'
      ? { verdict, proof: sealProof(statement, source, verdict) }
      : { verdict };
  }

  /**
   * Judges a submission that has to give definitions too, which the statement's header leaves open: each of the same type,
   * and resting on no axiom but in proofs. There is no proof to keep, as such a statement is not whole.
   * @param open full names of the definitions
   * @throws as {@link check} does
   */
  async checkOpen(
    statement: Statement,
    open: readonly string[],
    submission: string,
    options: CheckOptions = {},
  ): Promise<Verdict> {
    const defect = sourceDefect(submission);
    if (defect !== undefined) return rejected('malformed-submission', defect, 0);
    this.#requireEnvironment(statement);
    return this.#judge(statement, normalizeSource(submission), options, open);
  }

  async #judge(
    statement: Statement,
    source: string,
    options: JudgeOptions,
    open: readonly string[] = [],
  ): Promise<Verdict> {
    const started = performance.now();
    const elapsed = (): number => Math.round((performance.now() - started) * 10) / 10;
    const limits = this.#limits(options);
    const goal = await this.#goals.get(statement, limits, open);

    const split = splitImports(source);
    if (split.kind === 'unsupported') return rejected('malformed-submission', split.detail, elapsed());
    const foreign = split.imports.find((module) => !this.#modules.test(module));
    if (foreign !== undefined) {
      return rejected('environment-mismatch', `the environment has no module ${foreign}`, elapsed());
    }
    if (isBlank(split.body)) return rejected('theorem-missing', missing(statement), elapsed());
    const target = nameParts(statement.name);
    // What a submission's own code does to the worker must not be felt by the next.
    const retire = !isInert(split.imports, split.body);
    const reply = await this.#components.elaborators.run(
      {
        op: 'elaborate',
        imports: ['Init', ...split.imports],
        source: split.body,
        preamble: preambleLength(statement.header, split.body),
        target,
        part: 'proof',
        ...(options.maxHeartbeats === undefined ? {} : { maxHeartbeats: options.maxHeartbeats }),
      },
      { ...limits, retire },
    );
    if (reply.shared === true) options.onShared?.();
    if (reply.kind !== 'answered') return unanswered(reply, elapsed());
    const parsed = elaborateResultSchema.safeParse(reply.result);
    if (!parsed.success) return { kind: 'crashed', detail: 'unintelligible result', milliseconds: elapsed() };
    const elaborated = parsed.data;
    if (elaborated.exported?.kind !== 'exported') return withoutExport(elaborated, statement, elapsed());

    const challenge = challengeSource(statement);
    const modules = [...new Set([...goal.imports, ...split.imports])].toSorted();
    const judged = await this.#components.judges.run(
      {
        op: 'judge',
        imports: ['Init', ...modules],
        statement: goal.data,
        submission: elaborated.exported.data,
        challenge,
      },
      {
        ...limits,
        timeoutMs: Math.max(Math.min(MIN_JUDGE_MS, limits.timeoutMs), limits.timeoutMs - elapsed()),
        sources: { theorem: statement.name, challenge, submission: source },
      },
    );
    if (judged.kind !== 'answered') return unanswered(judged, elapsed());
    const result = judgeResultSchema.parse(judged.result);
    if (result.kind === 'rejected') {
      const { reason } = result;
      const detail =
        reason === 'statement-changed'
          ? // The submission is not elaborated once more where that would cost another worker.
            await this.#explain({ statement, open }, retire ? undefined : split, result.detail, limits)
          : result.detail;
      return { ...rejected(reason, detail, elapsed()), diagnostics: elaborated.diagnostics };
    }
    return {
      kind: 'proved',
      axioms: result.axioms,
      checker: this.identity,
      milliseconds: elapsed(),
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#components.elaborators.dispose(), this.#components.judges.dispose()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #limits(options: CheckOptions): Limits {
    return {
      timeoutMs: options.timeoutMs ?? this.#init.defaultTimeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.origin ? { origin: options.origin } : {}),
      ...(options.peer === undefined ? {} : { peer: options.peer }),
    };
  }

  #requireEnvironment(statement: Statement): void {
    if (this.supports(statement.environment)) return;
    const { lean, library } = statement.environment;
    throw new UnjudgeableError(
      'environment',
      `needs Lean ${lean} with ${library}; this checker is ${this.identity.name} ${this.identity.version}`,
    );
  }

  /** Adds to what the judge found both statements as Lean prints them, or that they read the same. */
  async #explain(
    { statement, open }: { readonly statement: Statement; readonly open: readonly string[] },
    submission: Source | undefined,
    detail: string,
    limits: Limits,
  ): Promise<string> {
    const short = { ...limits, timeoutMs: Math.min(SIGNATURE_MS, limits.timeoutMs) };
    const [expected, found] = await Promise.all([
      this.#goals.signature(statement, short, open),
      submission && this.#signature(submission, statement, short),
    ]);
    if (expected === undefined) return detail;
    const difference = detail.replace(CHANGED, '');
    if (found === undefined)
      return `the statement changed: expected \`${expected}\`, which is not what is stated (${difference})`;
    // The submission's own notations are used to print what it says.
    if (expected === found)
      return `the statement changed: it still reads \`${expected}\`, but that means something else there (${difference})`;
    return `the statement changed: expected \`${expected}\`, found \`${found}\` (${difference})`;
  }

  async #signature(
    { imports, body }: Source,
    { name }: Statement,
    limits: Limits,
  ): Promise<string | undefined> {
    const request = signatureRequest(imports, body, nameParts(name));
    try {
      return signatureOf(request, await this.#components.elaborators.run(request, limits));
    } catch {
      limits.signal?.throwIfAborted();
      return undefined;
    }
  }
}

const CHANGED = /^the statement changed: /;

import {
  LeanUnavailableError,
  UnjudgeableError,
  type LeanChecker,
  type SandboxState,
} from '../lean/index.ts';
import {
  describeEnvironment,
  type CheckOptions,
  type CheckOutcome,
  type Environment,
  type Statement,
} from '../record/index.ts';
import { EMBEDDED_ENVIRONMENT, openEmbeddedLean, type OpenEmbeddedLeanOptions } from './embedded-lean.ts';
import type { Locations } from './locations.ts';
import {
  findNativeLeans,
  nativeEnvironment,
  nativeEnvironments,
  openNativeLean,
  type NativeLean,
} from './native-lean.ts';

export interface ChooseLeanOptions {
  readonly locations: Pick<Locations, 'cache'>;
  /** `embedded`; `native`: the preferred native Lean; or the path of one. */
  readonly choice: string;
  readonly signal?: AbortSignal | undefined;
}

/** A Lean that the user chose. Nothing of it has been started yet. */
export interface ChosenLean {
  /** What statements that name no environment are taken to belong to. */
  readonly environment: Environment;
  open(options: OpenEmbeddedLeanOptions): Promise<LeanChecker>;
}

/** @throws LeanUnavailableError where there is no such Lean */
export async function chooseLean(options: ChooseLeanOptions): Promise<ChosenLean> {
  if (options.choice === 'embedded') return { environment: EMBEDDED_ENVIRONMENT, open: openEmbeddedLean };
  const lean = await chooseNative(options);
  const environment = nativeEnvironment(lean);
  return { environment, open: ({ jobs, signal }) => openNativeLean({ lean, environment, jobs, signal }) };
}

async function chooseNative({ locations, choice, signal }: ChooseLeanOptions): Promise<NativeLean> {
  const setting = choice === 'native' ? undefined : choice;
  for await (const found of findNativeLeans({ locations, setting, signal })) {
    if (!('reason' in found)) return found;
    // What was named and is none must not be replaced by another.
    if (found.source === 'setting') throw new LeanUnavailableError(`${found.place}: ${found.reason}`);
  }
  throw new LeanUnavailableError('no native Lean was found; proofswarm doctor --install-lean installs one');
}

type AnyChecker = Pick<LeanChecker, 'check' | 'checkStatement' | 'identity'>;

/** A checker for what this user states, and what is submitted for it here. */
export const asOwn = (checker: AnyChecker): AnyChecker => withOrigin(checker, 'own');

/** A checker for what a stranger states, whoever tries it. */
export const asForeign = (checker: AnyChecker): AnyChecker => withOrigin(checker, 'peer');

function withOrigin(checker: AnyChecker, origin: 'own' | 'peer'): AnyChecker {
  return {
    identity: checker.identity,
    check: (statement, submission, options) => checker.check(statement, submission, { ...options, origin }),
    checkStatement: (statement, options) => checker.checkStatement(statement, { ...options, origin }),
  };
}

/** What adds up for how long something was at work. */
export interface Busy {
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** A checker that tells of each check, for as long as it is under way. */
export function timed(checker: AnyChecker, busy: Busy): AnyChecker {
  return {
    identity: checker.identity,
    check: (statement, submission, options) =>
      busy.during(() => checker.check(statement, submission, options)),
    checkStatement: (statement, options) => busy.during(() => checker.checkStatement(statement, options)),
  };
}

export interface LeanByEnvironmentOptions extends OpenEmbeddedLeanOptions {
  readonly allowUnsandboxed?: boolean;
  /** The native Leans to choose from; looked for at each need where not given. */
  readonly natives?: readonly NativeLean[];
  readonly sandbox?: SandboxState;
}

/**
 * Checks each statement with the Lean that has its environment: the embedded one, or a native one whose version and library
 * are the statement's. Each is opened at the first need.
 */
export class LeanByEnvironment implements AsyncDisposable {
  readonly #options: LeanByEnvironmentOptions;
  readonly #opened = new Map<string, Promise<LeanChecker>>();

  constructor(options: LeanByEnvironmentOptions) {
    this.#options = options;
  }

  /** @throws UnjudgeableError where this machine has no Lean for the statement, and what the checker's own `check` throws */
  async check(statement: Statement, submission: string, options: CheckOptions = {}): Promise<CheckOutcome> {
    return (await this.for(statement.environment)).check(statement, submission, options);
  }

  /** @throws UnjudgeableError, as for `check` */
  async checkStatement(statement: Statement, options: CheckOptions = {}): Promise<void> {
    await (await this.for(statement.environment)).checkStatement(statement, options);
  }

  /** Tried anew by the next caller where it fails. @throws UnjudgeableError where this machine has no Lean for it */
  for(environment: Environment): Promise<LeanChecker> {
    const key = describeEnvironment(environment);
    let opened = this.#opened.get(key);
    if (opened === undefined) {
      opened = this.#open(environment).catch((error: unknown) => {
        this.#opened.delete(key);
        throw error;
      });
      this.#opened.set(key, opened);
    }
    return opened;
  }

  async dispose(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    await Promise.all(opened.map(async (one) => one.status === 'fulfilled' && one.value.dispose()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #open(environment: Environment): Promise<LeanChecker> {
    if (same(environment, EMBEDDED_ENVIRONMENT)) return openEmbeddedLean(this.#options);
    const { locations, signal, jobs, natives, sandbox, allowUnsandboxed = false } = this.#options;
    for await (const lean of natives ?? findNativeLeans({ locations, signal })) {
      if ('reason' in lean) continue;
      if (!nativeEnvironments(lean).some((own) => same(environment, own))) continue;
      const confined = sandbox === undefined ? {} : { sandbox };
      return openNativeLean({ lean, environment, jobs, signal, allowUnsandboxed, ...confined });
    }
    throw new UnjudgeableError('environment', `this machine has no ${describeEnvironment(environment)}`);
  }
}

const same = (left: Environment, right: Environment): boolean =>
  describeEnvironment(left) === describeEnvironment(right);

import type { LeanState } from '../api/index.ts';
import { UnjudgeableError, type LeanChecker, type LeanSpawner } from '../lean/index.ts';
import {
  describeEnvironment,
  type CheckOptions,
  type CheckOutcome,
  type Environment,
  type Statement,
} from '../record/index.ts';
import { errorInWords } from '../process/index.ts';
import { LeanByEnvironment, timed, type Busy } from './checkers.ts';
import { EMBEDDED_ENVIRONMENT } from './embedded-lean.ts';
import type { Locations } from './locations.ts';
import { environmentsOf, NO_NATIVE_LEANS, type MachineLeans } from './machine-leans.ts';

export interface LeanHostInit {
  readonly locations: Pick<Locations, 'cache'>;
  /** Checks at one time with each Lean. */
  readonly jobs: number;
  /** How the embedded Lean's processes are started; `child_process` unless set. */
  readonly spawn?: LeanSpawner;
  /** None unless set. */
  readonly machine?: MachineLeans;
  /** Told of each check, for as long as it is under way. */
  readonly busy?: Busy;
}

/** A judge of what peers claim. */
export interface PeersLean {
  /** Whether what strangers submit in an environment can be judged here. */
  supports(environment: Environment): boolean;
  check(statement: Statement, submission: string, options: CheckOptions): Promise<CheckOutcome>;
  checkStatement(statement: Statement, options: CheckOptions): Promise<void>;
}

/**
 * What a node judges with: for each statement the Lean that has its environment, and no other. The embedded one is prepared
 * and opened at the first need, which is told; native ones are those that were found when the node started.
 */
export class LeanHost implements PeersLean {
  readonly #machine: MachineLeans;
  readonly #busy: Busy | undefined;
  readonly #onChange: (state: LeanState) => void;
  readonly #leans: LeanByEnvironment;
  readonly #environments: readonly Environment[];
  readonly #stopping = new AbortController();
  #state: LeanState = { kind: 'unprepared' };

  constructor(init: LeanHostInit, onChange: (state: LeanState) => void) {
    const { machine = NO_NATIVE_LEANS, busy, ...embedded } = init;
    this.#busy = busy;
    this.#machine = machine;
    this.#onChange = onChange;
    this.#environments = distinct([EMBEDDED_ENVIRONMENT, ...environmentsOf(machine)]);
    this.#leans = new LeanByEnvironment({
      ...embedded,
      natives: machine.natives,
      sandbox: machine.sandbox,
      signal: this.#stopping.signal,
      onProgress: ({ step, fraction }) =>
        this.#set({ kind: 'preparing', step, fraction: Math.max(0, Math.min(1, fraction)) }),
    });
  }

  /** Of the embedded Lean. */
  get state(): LeanState {
    return this.#state;
  }

  get machine(): MachineLeans {
    return this.#machine;
  }

  /** Whose statements this node's user can have judged here, the embedded Lean's first. */
  get environments(): readonly Environment[] {
    return this.#environments;
  }

  /** Where a text of the user's holds that imports more than the toolchain, if there is such a Lean here. */
  get library(): Environment | undefined {
    return this.#environments.find(({ library }) => library === 'mathlib');
  }

  /** Those in which records of peers are judged too. */
  get peersEnvironments(): readonly Environment[] {
    return this.#environments.filter((environment) => this.supports(environment));
  }

  /** Whether this node's user can have statements of an environment judged here. */
  has(environment: Environment): boolean {
    return this.#environments.some((own) => same(own, environment));
  }

  supports(environment: Environment): boolean {
    if (same(environment, EMBEDDED_ENVIRONMENT)) return true;
    return this.#machine.sandbox.kind === 'available' && this.has(environment);
  }

  /** @throws UnjudgeableError where no Lean of this machine has the statement's environment, and what `check` throws */
  async check(statement: Statement, submission: string, options: CheckOptions = {}): Promise<CheckOutcome> {
    return (await this.checker(statement.environment)).check(statement, submission, options);
  }

  /** @throws UnjudgeableError, as for `check` */
  async checkStatement(statement: Statement, options: CheckOptions = {}): Promise<void> {
    await (await this.checker(statement.environment)).checkStatement(statement, options);
  }

  /**
   * The Lean of an environment; tried again by the next caller where it could not be opened.
   * @throws UnjudgeableError where there is none here, and what preparing throws
   */
  async checker(
    environment: Environment,
  ): Promise<Pick<LeanChecker, 'check' | 'checkStatement' | 'identity'>> {
    const checker = await this.#open(environment);
    return this.#busy === undefined ? checker : timed(checker, this.#busy);
  }

  /** What is not here, and what would help. */
  missing(environment: Environment): string {
    const here = `this machine has no ${describeEnvironment(environment)}`;
    if (environment.library === 'mathlib') {
      // The text does not say which: it was read where there was none.
      const any = environment.revision === 'unknown';
      return `${any ? 'this machine had no Lean with Mathlib when the statement was read' : here}; proofswarm doctor --install-lean --install-mathlib installs Lean with a Mathlib, and the node finds it when it starts again`;
    }
    return `${here}; a toolchain of that version, by elan or named in the settings, is found when the node starts again`;
  }

  /** Ends all of Lean's processes. Idempotent. */
  async dispose(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'));
    await this.#leans.dispose();
  }

  async #open(environment: Environment): Promise<LeanChecker> {
    this.#stopping.signal.throwIfAborted();
    if (!this.has(environment)) throw new UnjudgeableError('environment', this.missing(environment));
    const isEmbedded = same(environment, EMBEDDED_ENVIRONMENT);
    if (!isEmbedded) return this.#leans.for(environment);
    try {
      if (this.#state.kind !== 'ready' && this.#state.kind !== 'preparing')
        this.#set({ kind: 'preparing', step: 'looking for what is prepared' });
      const checker = await this.#leans.for(environment);
      if (this.#state.kind !== 'ready') this.#set({ kind: 'ready' });
      return checker;
    } catch (error) {
      this.#set({ kind: 'failed', detail: errorInWords(error).slice(0, 2000) });
      throw error;
    }
  }

  #set(state: LeanState): void {
    this.#state = state;
    this.#onChange(state);
  }
}

const same = (left: Environment, right: Environment): boolean =>
  describeEnvironment(left) === describeEnvironment(right);

const distinct = (environments: readonly Environment[]): Environment[] => [
  ...new Map(environments.map((environment) => [describeEnvironment(environment), environment])).values(),
];

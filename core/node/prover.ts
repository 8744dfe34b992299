import { UnjudgeableError } from '../lean/index.ts';
import type { Bank } from '../memory/index.ts';
import type { ArmShare } from '../policy/mixed/index.ts';
import {
  signProof,
  type Attempt,
  type CheckerIdentity,
  type Identity,
  type SignedProof,
  type Statement,
} from '../record/index.ts';
import {
  prove,
  type ProofChecker,
  type ProofPolicy,
  type RepairEvent,
  type RepairOutcome,
  type RepairSettingsInput,
} from '../repair/index.ts';

/** What became of one statement of a run. */
export type StatementResult =
  | {
      readonly kind: 'tried';
      readonly statement: Statement;
      readonly outcome: RepairOutcome;
      /** What the bank holds of it; present exactly when solved. */
      readonly record?: SignedProof;
    }
  /** It does not elaborate here, or needs another environment. */
  | {
      readonly kind: 'unjudgeable';
      readonly statement: Statement;
      readonly detail: string;
      readonly seconds: number;
    };

/** What one way of a policy gets of a statement's budget, and why. */
export type BudgetShare = ArmShare;

/** A policy that may want to hear what became of each statement. */
export interface LearningPolicy extends ProofPolicy {
  learn?(statement: Statement, outcome: RepairOutcome): Promise<void>;
  /** How it would divide a statement's rounds now, and why. */
  explain?(statement: Statement): readonly BudgetShare[];
}

/** The bank, as far as proving needs it. */
export type ProverBank = Pick<Bank, 'insert' | 'recordAttempts' | 'retrieve'>;

export interface ProverComponents {
  readonly checker: ProofChecker & {
    readonly identity: CheckerIdentity;
    checkStatement(statement: Statement, options: { readonly signal?: AbortSignal }): Promise<void>;
  };
  readonly bank: ProverBank;
  readonly policy: LearningPolicy;
  readonly identity: Identity;
}

export interface RunSettings extends RepairSettingsInput {
  /** Statements tried at one time. */
  readonly jobs: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RepairEvent) => void;
  readonly onStart?: (statement: Statement) => void;
}

/**
 * Tries statements one after another, `jobs` at a time, and yields each result as it comes. A proof is in the bank, on
 * disk, before its result is yielded; attempts are recorded too. Ends early when the signal is aborted: what was being
 * tried then is not yielded. A fault in one ends the others too.
 * @throws LeanUnavailableError where Lean cannot be started, and the bank's errors
 */
export async function* proveAll(
  statements: AsyncIterable<Statement> | Iterable<Statement>,
  components: ProverComponents,
  settings: RunSettings,
  options: RunOptions = {},
): AsyncGenerator<StatementResult, void, undefined> {
  const { jobs, ...repair } = settings;
  const source = toAsyncIterator(statements);
  // Ends what is under way when the run ends for another reason than the caller's: a fault, or nobody listens any more.
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])]);
  const stopped = (): boolean => signal.aborted;
  /** Undefined once there is nothing more to do. */
  const next = async (): Promise<StatementResult | undefined> => {
    if (stopped()) return undefined;
    const item = await source.next();
    if (item.done === true || stopped()) return undefined;
    options.onStart?.(item.value);
    return proveOne(item.value, components, repair, { ...options, signal });
  };
  const running = new Map<number, Promise<{ slot: number; result: StatementResult | undefined }>>();
  const begin = (slot: number): void => {
    const work = next().then((result) => ({ slot, result }));
    // It may fail while the caller is busy with another's result; it is heard of when it comes to its turn.
    work.catch(() => {});
    running.set(slot, work);
  };
  try {
    for (let slot = 0; slot < jobs; slot++) begin(slot);
    while (running.size > 0) {
      const { slot, result } = await Promise.race(running.values());
      running.delete(slot);
      if (result === undefined) continue;
      begin(slot);
      yield result;
    }
  } finally {
    ended.abort(new Error('the run has ended'));
    await Promise.allSettled(running.values());
    await source.return?.();
  }
}

/** Undefined where the run was cancelled before this statement was done. */
async function proveOne(
  statement: Statement,
  { checker, bank, policy, identity }: ProverComponents,
  settings: RepairSettingsInput,
  { signal, onEvent }: RunOptions,
): Promise<StatementResult | undefined> {
  const started = performance.now();
  try {
    await checker.checkStatement(statement, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    if (!(error instanceof UnjudgeableError)) throw error;
    return {
      kind: 'unjudgeable',
      statement,
      detail: error.message,
      seconds: (performance.now() - started) / 1000,
    };
  }
  const attempts: Attempt[] = [];
  const outcome = await prove(
    statement,
    {
      policy,
      checker,
      retriever: { retrieve: (target, k) => bank.retrieve(target, { k }) },
      sink: { record: (attempt) => void attempts.push(attempt) },
    },
    settings,
    { ...(signal ? { signal } : {}), ...(onEvent ? { onEvent } : {}) },
  );
  let record: SignedProof | undefined;
  if (outcome.proof !== undefined) {
    const model = outcome.attempts
      .find(({ verdict }) => verdict.kind === 'proved')
      ?.generation?.model.slice(0, 200);
    record = signProof(
      {
        statement: statement.id,
        submission: outcome.proof.submission,
        checker: checker.identity,
        finder: {
          peer: identity.peer,
          policy: policy.name,
          ...(model === undefined ? {} : { model }),
          rounds: outcome.round + 1,
        },
        createdAt: Date.now(),
        licence: 'Apache-2.0',
      },
      identity,
    );
    await bank.insert(outcome.proof, record);
  }
  await bank.recordAttempts(attempts);
  if (outcome.reason === 'cancelled') return undefined;
  await policy.learn?.(statement, outcome);
  return { kind: 'tried', statement, outcome, ...(record === undefined ? {} : { record }) };
}

function toAsyncIterator<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

import type { Attempt } from '../../record/index.ts';
import { asForeign, asOwn } from '../checkers.ts';
import { proveAll, type ProverBank } from '../prover.ts';
import type { NodeServiceComponents } from './components.ts';
import type { ProveStatement } from './sessions.ts';

export interface StatementProverComponents extends Pick<
  NodeServiceComponents,
  'lean' | 'policies' | 'board' | 'identity' | 'settings'
> {
  readonly bank: ProverBank;
  readonly onAttempt: (attempt: Attempt) => void;
  /** The mixed policy has had a statement to learn from. */
  readonly onLearnt: () => void;
}

/** Tries a statement with the Lean of its environment and the policy that is asked for. */
export function statementProver(components: StatementProverComponents): ProveStatement {
  const { lean, policies, bank, board, identity, settings: store, onAttempt, onLearnt } = components;
  return async (statement, settings, { signal, onEvent, onPolicy }) => {
    const { policy: name, ...budget } = settings;
    if (!lean.has(statement.environment)) {
      return { kind: 'unjudgeable', statement, detail: lean.missing(statement.environment), seconds: 0 };
    }
    const opened = await lean.checker(statement.environment);
    const checker = (board.has(statement.id) ? asOwn : asForeign)(opened);
    signal.throwIfAborted();
    await using held = await policies.hold(name, onPolicy);
    const run = proveAll(
      [statement],
      { checker, bank, policy: held.policy, identity },
      { ...budget, jobs: 1, concurrency: held.concurrency, checkSeconds: store.settings.lean.checkSeconds },
      {
        signal,
        onEvent: (event) => {
          if (event.type === 'repair:attempt-finished') onAttempt(event.attempt);
          onEvent(event);
        },
      },
    );
    for await (const result of run) {
      if (name === 'mixed') onLearnt();
      return result;
    }
    return undefined;
  };
}

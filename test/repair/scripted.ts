import {
  makeStatement,
  type Attempt,
  type CheckOptions,
  type CheckOutcome,
  type Premise,
  type Proposal,
  type RoundState,
  type Statement,
  type Verdict,
  type VerifiedProof,
} from '../../core/record/index.ts';
import type { ProofChecker, ProofPolicy } from '../../core/repair/index.ts';

export const statement: Statement = makeStatement({
  environment: { lean: '4.28.0-pre', library: 'core' },
  header: '',
  formal: 'theorem t (a b : Nat) : a + b = b + a',
  name: 't',
});

export const PREMISE_ID = `bafyrei${'a'.repeat(52)}`;
export const premise: Premise = { id: PREMISE_ID, statement, submission: 'theorem t …', score: 1 };

export const failed: Verdict = { kind: 'failed', diagnostics: [], goals: [], milliseconds: 1 };

/** What only core/lean may make, forged for a loop that never looks inside. */
export function provedOutcome(of: Statement, submission: string): CheckOutcome {
  const verdict = {
    kind: 'proved' as const,
    axioms: [],
    checker: { name: 'scripted', version: '1' },
    milliseconds: 1,
  };
  const proof: unknown = { statement: of, submission, verdict };
  return { verdict, proof: proof as Forged };
}
type Forged = VerifiedProof;

export interface ScriptedPolicy extends ProofPolicy {
  readonly states: RoundState[];
}

/** A policy that plays `script(state)`, and remembers what it was shown. */
export function scriptedPolicy(
  script: (state: RoundState) => readonly (string | Proposal)[],
): ScriptedPolicy {
  const states: RoundState[] = [];
  return {
    name: 'scripted',
    states,
    async *propose(state) {
      states.push(state);
      for (const item of script(state)) {
        await Promise.resolve();
        yield typeof item === 'string' ? { submission: item } : item;
      }
    },
  };
}

export interface ScriptedChecker extends ProofChecker {
  readonly checked: { submission: string; options: CheckOptions }[];
}

/** A checker that answers at once: `proved` for what `accepts` says, else the verdict given. */
export function scriptedChecker(
  accepts: (submission: string) => boolean = () => false,
  otherwise: (submission: string) => Verdict = () => failed,
): ScriptedChecker {
  const checked: ScriptedChecker['checked'] = [];
  return {
    checked,
    async check(of, submission, options) {
      checked.push({ submission, options });
      await Promise.resolve();
      return accepts(submission) ? provedOutcome(of, submission) : { verdict: otherwise(submission) };
    },
  };
}

export const never = <T>(): Promise<T> => new Promise<T>(() => {});

export const submissionsOf = (attempts: readonly Attempt[]): string[] =>
  attempts.map((attempt) => attempt.submission);

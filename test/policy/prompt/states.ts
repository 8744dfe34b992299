import type {
  Attempt,
  Diagnostic,
  Premise,
  RoundState,
  Statement,
  Verdict,
} from '../../../core/record/index.ts';
import { makeStatement, submissionSource } from '../../../core/record/index.ts';
import { CORE, statement } from '../../support/lean.ts';
import { premise } from '../states.ts';

export const HEADER = 'def dbl (n : Nat) : Nat := n + n';

export const GOAL: Statement = makeStatement({
  environment: CORE,
  header: HEADER,
  formal: 'theorem dbl_even (n : Nat) : ∃ k, dbl n = 2 * k',
  name: 'dbl_even',
  informal: 'Twice a number is even.',
});

export const IN_MATHLIB: Statement = makeStatement({
  ...bare(GOAL),
  environment: { lean: '4.15.0', library: 'mathlib', revision: 'v4.15.0' },
});

function bare({ header, formal, name, informal }: Statement) {
  return { header, formal, name, informal };
}

export const PREMISES: readonly Premise[] = [
  premise(statement('theorem dbl_mul (n : Nat) : dbl n = 2 * n', HEADER), 'by\n  simp [dbl]; omega', '', 'a'),
  premise(statement('theorem add_self (n : Nat) : n + n = 2 * n'), 'by omega', '', 'b'),
  premise(statement('theorem triv : True'), 'trivial', '-- ```\n-- the easy one', 'c'),
];

export const FAILED: Verdict = {
  kind: 'failed',
  milliseconds: 12,
  goals: ['n : Nat\n⊢ dbl n = 2 * n'],
  diagnostics: [
    diagnostic('warning', 3, 15, 'unused variable `n`', { line: 3, column: 16 }),
    diagnostic('error', 5, 2, 'unsolved goals\nn : Nat\n⊢ dbl n = 2 * n', { line: 5, column: 10 }),
    diagnostic('error', 4, 2, 'Unknown identifier `𝔫`', { line: 5, column: 5 }),
  ],
};

export function diagnostic(
  severity: Diagnostic['severity'],
  line: number,
  column: number,
  message: string,
  end?: Diagnostic['position'],
): Diagnostic {
  return { severity, position: { line, column }, message, kind: '[anonymous]', ...(end && { end }) };
}

export function attempt(verdict: Verdict, more: Partial<Attempt> = {}, of: Statement = GOAL): Attempt {
  return {
    statement: of.id,
    rollout: 0,
    round: 0,
    candidate: 0,
    policy: 'llama',
    submission: submissionSource(of, 'by\n  have 𝔫 := n\n  exact ⟨n, by simp⟩').trimEnd(),
    retrieved: [],
    verdict,
    cost: { milliseconds: 30 },
    ...more,
  };
}

export function state(more: Partial<RoundState> = {}): RoundState {
  return { statement: GOAL, rollout: 0, round: 0, premises: [], previous: [], ...more };
}

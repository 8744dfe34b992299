import {
  makeStatement,
  submissionSource,
  type Attempt,
  type Diagnostic,
  type Premise,
  type Proposal,
  type RoundState,
  type Statement,
  type Verdict,
} from '../../core/record/index.ts';
import { candidates } from '../../core/policy/portfolio/policy.ts';

export function statement(formal: string, header = ''): Statement {
  const name = /theorem\s+(\S+)/.exec(formal)?.[1] ?? 'missing';
  return makeStatement({
    environment: { lean: '4.28.0-pre', library: 'core' },
    header,
    formal,
    name,
  });
}

export function premise(of: Statement, proof: string, helpers = '', digit = 'a'): Premise {
  return {
    id: `bafyrei${digit.repeat(52)}`,
    statement: of,
    submission: submissionSource(of, proof, helpers),
    score: 1,
  };
}

export function state(of: Statement, more: Partial<RoundState> = {}): RoundState {
  return { statement: of, rollout: 0, round: 0, premises: [], previous: [], ...more };
}

export const proposals = (at: RoundState): Proposal[] => [...candidates(at)];

export function attempt(of: Statement, proposal: Proposal, verdict: Verdict): Attempt {
  return {
    statement: of.id,
    rollout: 0,
    round: 0,
    candidate: 0,
    policy: 'portfolio',
    ...(proposal.response === undefined ? {} : { response: proposal.response }),
    submission: proposal.submission.trimEnd(),
    retrieved: [],
    verdict,
    cost: { milliseconds: 1 },
  };
}

export function failed(diagnostics: readonly Diagnostic[] = []): Verdict {
  return { kind: 'failed', diagnostics: [...diagnostics], goals: [], milliseconds: 1 };
}

export function message(
  severity: Diagnostic['severity'],
  line: number,
  text: string,
  goals?: string[],
): Diagnostic {
  return {
    severity,
    position: { line, column: 2 },
    message: text,
    kind: '[anonymous]',
    ...(goals === undefined ? {} : { goals }),
  };
}

/** The line, from 1, of the n-th line (from 0) that contains the text. */
export function lineOf(source: string, text: string, n = 0): number {
  const hits = source.split('\n').flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  return hits[n] ?? 0;
}

/** All rounds up to the given one, with every candidate failing without a word. */
export function failingRounds(of: Statement, rounds: number): Proposal[][] {
  const out: Proposal[][] = [];
  let previous: Attempt[] = [];
  for (let round = 0; round < rounds; round++) {
    const made = proposals(state(of, { round, previous }));
    out.push(made);
    previous = made.map((proposal) => attempt(of, proposal, failed()));
  }
  return out;
}

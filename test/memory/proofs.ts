import {
  createIdentity,
  makeStatement,
  signProof,
  submissionSource,
  type Attempt,
  type Identity,
  type SignedProof,
  type Statement,
  type VerifiedProof,
} from '../../core/record/index.ts';

export interface Proven {
  readonly proof: VerifiedProof;
  readonly signed: SignedProof;
}

const FINDER = createIdentity(new Uint8Array(32).fill(7));
const CHECKER = { name: 'test', version: '1' };

/** Tests stand in for the checker, which alone makes this type. */
const isSealed = (value: object): value is VerifiedProof => 'verdict' in value;

export interface ProveOptions {
  readonly by?: string;
  readonly createdAt?: number;
  readonly policy?: string;
  readonly finder?: Identity;
}

/** A proof as the checker would seal it, with its signed record. */
export function prove(statement: Statement, options: ProveOptions = {}): Proven {
  const { by = 'by simp', createdAt = 1_700_000_000_000, policy = 'portfolio' } = options;
  const { finder = FINDER } = options;
  const submission = submissionSource(statement, by).trimEnd();
  const verdict = { kind: 'proved', axioms: [], checker: CHECKER, milliseconds: 1 } as const;
  const proof = { statement, submission, verdict };
  if (!isSealed(proof)) throw new Error('unreachable');
  const signed = signProof(
    {
      statement: statement.id,
      submission,
      checker: CHECKER,
      finder: { peer: finder.peer, policy, rounds: 1 },
      createdAt,
      licence: 'Apache-2.0',
    },
    finder,
  );
  return { proof, signed };
}

/** Statement number `n` of an endless row of different ones. */
export function numbered(n: number, more: Partial<Statement> = {}): Statement {
  return makeStatement({
    environment: more.environment ?? { lean: '4.28.0-pre', library: 'core' },
    header: more.header ?? '',
    formal: `theorem numbered_${n} (x : Nat) : x + ${n} = ${n} + x`,
    name: `numbered_${n}`,
    ...(more.topic === undefined ? {} : { topic: more.topic }),
    ...(more.informal === undefined ? {} : { informal: more.informal }),
  });
}

export function attemptFor(statement: Statement, round: number): Attempt {
  return {
    statement: statement.id,
    rollout: 0,
    round,
    candidate: 0,
    policy: 'portfolio',
    submission: submissionSource(statement, 'by omega').trimEnd(),
    retrieved: [],
    verdict: { kind: 'failed', diagnostics: [], goals: ['⊢ False'], milliseconds: 3.5 },
    cost: { milliseconds: 12.25 },
  };
}

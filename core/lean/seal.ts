import type { Statement, VerdictOf, VerifiedProof } from '../record/index.ts';

/** The one place where a `VerifiedProof` comes into being: after the judging kernel has accepted it. */
export function sealProof(
  statement: Statement,
  submission: string,
  verdict: VerdictOf<'proved'>,
): VerifiedProof {
  return Object.freeze({ statement, submission, verdict }) as VerifiedProof;
}

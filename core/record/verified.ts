import type { Statement } from './statement.ts';
import type { VerdictOf } from './verdict.ts';

declare const verifiedBrand: unique symbol;

/**
 * A submission that this node's own kernel accepted as a proof of a statement. Only the checker in `core/lean` makes
 * one; nothing else may enter the bank or be announced.
 */
export interface VerifiedProof {
  readonly statement: Statement;
  /** Complete Lean source, in normal form. */
  readonly submission: string;
  readonly verdict: VerdictOf<'proved'>;
  readonly [verifiedBrand]: true;
}

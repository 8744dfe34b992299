import type { Proposal, RoundState } from '../../record/index.ts';
import { candidates } from './policy.ts';

/**
 * A ProofPolicy without a model: decision procedures first, then a search for structured proofs, guided by what Lean
 * says of each step. All it remembers stands in the attempts that the next round is shown.
 */
export function portfolio(): {
  readonly name: string;
  propose(state: RoundState, options: { readonly signal: AbortSignal }): AsyncIterable<Proposal>;
} {
  return {
    name: 'portfolio',
    async *propose(state, { signal }) {
      for (const candidate of candidates(state)) {
        if (signal.aborted) return;
        yield await Promise.resolve(candidate);
      }
    },
  };
}

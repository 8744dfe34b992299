import type { ProofRecord, SignedProof } from '../../record/index.ts';

/** Proofs of one statement that are taken from others: more teach nothing, and each is kept and passed on for ever. */
export const MAX_PROOFS_OF_STATEMENT = 64;
/** Of one finder; anybody can sign a proof, also another's, as often as it likes. */
export const MAX_PROOFS_OF_FINDER = 4;
/** As far as honest clocks may be off. */
export const MAX_AHEAD_MS = 2 * 86_400_000;

/** Proofs of a record's statement that are held: all, and those of its finder. */
export interface HeldProofs {
  readonly all: number;
  readonly ofPeer: number;
}

/**
 * Why a received proof is not looked at, whether or not it holds: nobody is blamed for it.
 * @param now in milliseconds since 1970
 */
export function whyUnwanted(
  { createdAt }: Pick<ProofRecord, 'createdAt'>,
  { all, ofPeer }: HeldProofs,
  now: number,
): 'for-good' | 'for-now' | undefined {
  if (all >= MAX_PROOFS_OF_STATEMENT || ofPeer >= MAX_PROOFS_OF_FINDER) return 'for-good';
  return createdAt > now + MAX_AHEAD_MS ? 'for-now' : undefined;
}

/** What will be held once what is being written is. */
export function withWriting(
  { all, ofPeer }: HeldProofs,
  { statement, finder }: Pick<ProofRecord, 'statement' | 'finder'>,
  writing: Iterable<SignedProof>,
): HeldProofs {
  const others = [...writing].filter(({ record }) => record.statement === statement);
  return {
    all: all + others.length,
    ofPeer: ofPeer + others.filter(({ record }) => record.finder.peer === finder.peer).length,
  };
}

import {
  createIdentity,
  makeStatement,
  signProof,
  submissionSource,
  type ClaimedProof,
  type Environment,
  type Identity,
} from '../../../core/record/index.ts';

export const CORE: Environment = { lean: '4.28.0-pre', library: 'core' };
export const START_TIME = 1_700_000_000_000;

/** A reproducible identity. */
export const identityOf = (n: number): Identity => {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, n + 1);
  return createIdentity(seed);
};

const finder = identityOf(4_000_000_000);

/** Claim number `n` of an endless row of different ones, a second apart. */
export function claimOf(n: number, options: { by?: Identity; submission?: string } = {}): ClaimedProof {
  const by = options.by ?? finder;
  const statement = makeStatement({
    environment: CORE,
    header: '',
    formal: `theorem numbered_${n} (x : Nat) : x + ${n} = ${n} + x`,
    name: `numbered_${n}`,
  });
  const signed = signProof(
    {
      statement: statement.id,
      submission: options.submission ?? submissionSource(statement, 'by omega').trimEnd(),
      checker: { name: 'test', version: '1' },
      finder: { peer: by.peer, policy: 'portfolio', rounds: 1 },
      createdAt: START_TIME + n * 1000,
      licence: 'Apache-2.0',
    },
    by,
  );
  return { signed, statement };
}

export const claimsOf = (from: number, to: number): ClaimedProof[] =>
  Array.from({ length: to - from }, (_, i) => claimOf(from + i));

export const keyOf = (claim: ClaimedProof): { id: string; createdAt: number } => ({
  id: claim.signed.id,
  createdAt: claim.signed.record.createdAt,
});

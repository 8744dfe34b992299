import type { ContentId, WorkClaim } from '../../../core/record/index.ts';
import type { Candidate, Strength } from '../../../core/network/claims/index.ts';

export const MINUTE = 60_000;
/** Where this node's clock that never goes back happens to stand. */
export const START = 5_000_000;
export const CORE = { lean: '4.28.0-pre', library: 'core' } as const;

export const candidate = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  environment: CORE,
  priority: 4,
  difficulty: 'medium',
  ...change,
});

export const strength = (change: Partial<Strength> = {}): Strength => ({
  policy: 'llama',
  model: 'a',
  repeats: false,
  speed: 1,
  secondsPerTry: 300,
  supports: ({ library }) => library === 'core',
  ...change,
});

/** A claim as it comes from a peer whose clock reads `issuedAt`. */
export function claimOf(
  claimant: string,
  statement: ContentId,
  issuedAt: number,
  {
    leaseMs = 180_000,
    seconds = 0,
    ...change
  }: Partial<WorkClaim> & { leaseMs?: number; seconds?: number } = {},
): WorkClaim {
  return {
    claimant,
    statement,
    nonce: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1),
    beat: 0,
    state: 'working',
    issuedAt,
    expiresAt: issuedAt + leaseMs,
    effort: { policy: 'llama', model: 'a', seconds, speed: 1000 },
    ...change,
  };
}

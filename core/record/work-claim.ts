import { z } from 'zod';
import { contentIdSchema } from './canonical.ts';
import { peerIdSchema } from './identity.ts';
import { signedCodec, timestampSchema } from './signed-kind.ts';
import { textSchema } from './text.ts';

/** Longest lease that a claim may ask for, in milliseconds; it is renewed by the next heartbeat. */
export const MAX_LEASE_MS = 600_000;
const WEEK_SECONDS = 604_800;

/** What a claimant says it has spent on a statement, and how it works. */
export const workEffortSchema = z.strictObject({
  policy: textSchema(100).min(1),
  model: textSchema(100).optional(),
  /** Time spent on the statement under this claim so far. */
  seconds: z.int().min(0).max(WEEK_SECONDS),
  /** The claimant's speed in thousandths of the reference (see `Strength`). */
  speed: z.int().min(1).max(1_000_000),
});
export type WorkEffort = z.infer<typeof workEffortSchema>;

/**
 * "I am working on that statement": a soft lease, a hint to others and never a lock. A heartbeat is the same claim with
 * the next `beat`; the last one says `ended`. Times are the claimant's; a receiver counts the lease from when it heard.
 */
export const workClaimSchema = z
  .strictObject({
    claimant: peerIdSchema,
    statement: contentIdSchema,
    /** Tells this claim from an earlier one on the same statement. */
    nonce: z.instanceof(Uint8Array).refine((bytes) => bytes.length === 8, 'expected 8 bytes'),
    beat: z.int().min(0).max(100_000),
    state: z.enum(['working', 'ended']),
    issuedAt: timestampSchema,
    expiresAt: timestampSchema,
    effort: workEffortSchema,
  })
  .refine((claim) => claim.expiresAt >= claim.issuedAt, 'expires before it was issued')
  .refine((claim) => claim.expiresAt - claim.issuedAt <= MAX_LEASE_MS, 'a lease too long');
export type WorkClaim = z.infer<typeof workClaimSchema>;

/** Signed by the claimant. */
export const {
  sign: signWorkClaim,
  encode: encodeWorkClaim,
  decode: decodeWorkClaim,
} = signedCodec<WorkClaim>({
  name: 'work claim',
  domain: 'proofswarm/work-claim/1',
  schema: workClaimSchema,
  signer: (record) => record.claimant,
  // An announcement has 1 KiB, its own wrapping included.
  maxBytes: 900,
});

import { z } from 'zod';

/** The budget of one statement, and what the policy may see. */
export const repairSettingsSchema = z.strictObject({
  /** Independent tries, each from an empty history. */
  rollouts: z.int().min(1).max(1_000_000).default(1),
  /** Rounds of one rollout: the first try and its repairs. */
  rounds: z.int().min(1).max(1_000_000).default(16),
  /** How many rollouts run at a time. */
  concurrency: z.int().min(1).max(1_000).default(1),
  /** Wall-clock budget. */
  seconds: z.number().positive().max(10_000_000).default(60),
  /** Budget of checks over all rollouts; without it only time counts. */
  checks: z.int().min(0).optional(),
  /** How many verified proofs to retrieve (OProver's k); 0 switches retrieval off. */
  retrieve: z.int().min(0).max(100).default(4),
  /** Whether a round sees what Lean said of the round before. */
  feedback: z.boolean().default(true),
  /** Wall-clock limit of one check; what is left of `seconds` caps it. */
  checkSeconds: z.number().positive().default(20),
  /** Heartbeat limit, in thousands, for proposals that set none; without it the checker's own holds. */
  maxHeartbeats: z.int().positive().optional(),
  /** So many crashes of the checker in a row end the statement. */
  crashes: z.int().min(1).default(5),
});
export type RepairSettings = z.infer<typeof repairSettingsSchema>;
export type RepairSettingsInput = z.input<typeof repairSettingsSchema>;

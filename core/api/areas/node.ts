import { z } from 'zod';
import { checkerSchema, environmentSchema, peerIdSchema } from '../../record/index.ts';
import { command, handleSchema, lineSchema, nothing, pathSchema, timeSchema } from '../define.ts';

export const CAPABILITIES = [
  'prove',
  'statements',
  'publish',
  'bank',
  'bank-export',
  'attestations',
  'network',
  'contributions',
  'leaderboard',
  'teams',
  'models',
  'llama-policy',
  'settings',
  'donation',
  'first-run',
  'lean-diagnostics',
  'lean-goals',
  'native-lean',
] as const;

/** What this node can do and, where it cannot, why. A face shows no control for what is not there. */
export const capabilitySchema = z.object({
  name: z.enum(CAPABILITIES),
  available: z.boolean(),
  reason: lineSchema.optional(),
});
export type Capability = z.infer<typeof capabilitySchema>;

/** The embedded Lean's way to its first check: prepared once on a machine, started at the first need. */
export const leanStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unprepared') }),
  z.object({ kind: z.literal('preparing'), step: lineSchema, fraction: z.number().min(0).max(1).optional() }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), detail: lineSchema }),
]);
export type LeanState = z.infer<typeof leanStateSchema>;

export const MAX_ENVIRONMENTS = 50;

/** The official Leans of the machine, the preferred one first. */
export const nativeLeanSchema = z.object({
  toolchains: z
    .array(
      z.object({
        environment: environmentSchema,
        /** Named in the settings, installed by this program, elan's, or found on the PATH. */
        source: z.enum(['setting', 'bundled', 'elan', 'path']),
        directory: pathSchema,
      }),
    )
    .max(MAX_ENVIRONMENTS),
  /** Why there is no sandbox for them, so that nothing of strangers is run by them; absent where there is one. */
  unconfined: lineSchema.optional(),
});
export type NativeLeanView = z.infer<typeof nativeLeanSchema>;

/** Which node this is. */
export const nodeInfoSchema = z.object({
  version: z.string().max(100),
  peer: peerIdSchema,
  data: pathSchema,
  startedAt: timeSchema,
  /** Environments whose statements this node can judge. */
  environments: z.array(environmentSchema).max(MAX_ENVIRONMENTS),
  /** The embedded Lean, and how far it is. */
  checker: checkerSchema,
  lean: leanStateSchema,
  /** Absent where none was found. */
  native: nativeLeanSchema.optional(),
  machine: z.object({
    platform: z.string().max(50),
    cores: z.int().positive(),
    memoryBytes: z.number().nonnegative(),
  }),
});
export type NodeInfo = z.infer<typeof nodeInfoSchema>;

/** Something the user should know of until they have read it: a damaged file set aside, a disk that fills. */
export const noticeViewSchema = z.object({
  id: handleSchema,
  severity: z.enum(['information', 'warning', 'error']),
  title: lineSchema,
  detail: lineSchema.optional(),
  at: timeSchema,
});
export type NoticeView = z.infer<typeof noticeViewSchema>;

export const findingSchema = z.object({
  topic: lineSchema,
  state: z.enum(['ok', 'note', 'problem']),
  detail: lineSchema,
  remedy: lineSchema.optional(),
});

export const nodeCommands = {
  /** Looks at this machine, as `proofswarm doctor` does; takes some seconds. */
  'node.diagnose': command(nothing, z.object({ findings: z.array(findingSchema).max(100) })),
  'notices.dismiss': command(z.strictObject({ notice: handleSchema }), nothing),
};

export const nodeEvents = [
  z.object({ type: z.literal('node:changed'), node: nodeInfoSchema }),
  z.object({ type: z.literal('capabilities:changed'), capabilities: z.array(capabilitySchema).max(50) }),
  z.object({ type: z.literal('notice:added'), notice: noticeViewSchema }),
  z.object({ type: z.literal('notice:dismissed'), notice: handleSchema }),
] as const;

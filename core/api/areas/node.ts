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

/** Which node this is. */
export const nodeInfoSchema = z.object({
  version: z.string().max(100),
  peer: peerIdSchema,
  data: pathSchema,
  startedAt: timeSchema,
  /** Environments whose statements this node can judge. */
  environments: z.array(environmentSchema).max(20),
  checker: checkerSchema,
  lean: leanStateSchema,
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

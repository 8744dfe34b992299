import { z } from 'zod';
import { contentIdSchema, peerIdSchema } from '../../record/index.ts';
import { command, lineSchema, nothing, pageOf, pageRequestShape, timeSchema } from '../define.ts';

/** The node among others. */
export const networkStatusSchema = z.object({
  /** `off`: by the user's choice · `failed`: the detail says why. */
  state: z.enum(['off', 'starting', 'on', 'stopping', 'failed']),
  detail: lineSchema.optional(),
  /** Multiaddrs under which others reach this node. */
  addresses: z.array(z.string().max(1000)).max(100),
  peers: z.int().nonnegative(),
  /** Peers that listen to what this node announces. */
  listeners: z.int().nonnegative(),
  records: z.int().nonnegative(),
  /** Records known of that wait to be fetched. */
  waiting: z.int().nonnegative(),
  sync: z
    .object({
      peer: peerIdSchema,
      here: z.int().nonnegative(),
      there: z.int().nonnegative(),
      needed: z.int().nonnegative(),
    })
    .optional(),
  lastSyncAt: timeSchema.optional(),
  /** Received records on their way through this node's own Lean. */
  verification: z.object({
    queued: z.int().nonnegative(),
    running: z.int().nonnegative(),
    accepted: z.int().nonnegative(),
    refused: z.int().nonnegative(),
    /** Kept, passed on and never used: their environment is not to be had here. */
    claimed: z.int().nonnegative(),
  }),
});
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

export const peerViewSchema = z.object({
  peer: peerIdSchema,
  connected: z.boolean(),
  connections: z
    .array(
      z.object({
        address: z.string().max(1000),
        transport: z.enum(['tcp', 'websocket', 'other']),
        relayed: z.boolean(),
        direction: z.enum(['inbound', 'outbound']),
      }),
    )
    .max(20),
  /** Held against it; it is cut off at 100. */
  points: z.number().nonnegative(),
  deniedUntil: timeSchema.optional(),
  /** Left alone until then, as it was too slow; nothing is held against it for that. */
  setAsideUntil: timeSchema.optional(),
  offence: z.string().max(100).optional(),
  detail: lineSchema.optional(),
  /** Proofs of its finding in this node's bank. */
  proofs: z.int().nonnegative(),
});
export type PeerView = z.infer<typeof peerViewSchema>;

/** Something that was not taken from a peer, and why. */
export const refusalSchema = z.object({
  at: timeSchema,
  peer: peerIdSchema,
  kind: z.enum(['announcement', 'record', 'peer', 'pack', 'submission']),
  reason: z.string().max(100),
  detail: lineSchema.optional(),
  record: contentIdSchema.optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** Whose packs are put on the board. */
export const curatorViewSchema = z.object({
  key: peerIdSchema,
  label: z.string().max(200),
  /** The key came with the program. */
  shipped: z.boolean(),
});
export type CuratorView = z.infer<typeof curatorViewSchema>;

export const networkCommands = {
  'network.peers': command(z.strictObject({ ...pageRequestShape }), pageOf(peerViewSchema)),
  /** Newest first; the last thousand are kept. */
  'network.refusals': command(z.strictObject({ ...pageRequestShape }), pageOf(refusalSchema)),
  'network.dial': command(
    z.strictObject({ address: z.string().min(1).max(1000) }),
    z.object({ peer: peerIdSchema }),
  ),
  'network.sync': command(z.strictObject({ peer: peerIdSchema }), nothing),
  /** Forgets all that is held against a peer. */
  'network.forgive': command(z.strictObject({ peer: peerIdSchema }), nothing),
  'network.curators': command(nothing, z.object({ curators: z.array(curatorViewSchema).max(2000) })),
  'network.trust': command(
    z.strictObject({ curator: peerIdSchema, label: z.string().max(200).default('') }),
    z.object({ added: z.boolean() }),
  ),
  /** What only this curator has put up is taken down. */
  'network.distrust': command(z.strictObject({ curator: peerIdSchema }), z.object({ removed: z.boolean() })),
};

export const networkEvents = [
  z.object({ type: z.literal('network:changed'), network: networkStatusSchema }),
  z.object({ type: z.literal('network:peer-changed'), peer: peerViewSchema }),
  /** Others are trusted than before. */
  z.object({ type: z.literal('network:curators-changed') }),
  z.object({ type: z.literal('network:refused'), refusal: refusalSchema }),
] as const;

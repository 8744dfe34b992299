import { z } from 'zod';
import { command, handleSchema, lineSchema, nothing, pathSchema, timeSchema } from '../define.ts';
import { modelChoiceSchema } from './settings.ts';

const modelId = z.string().min(1).max(200);

/** A model on this machine. */
export const installedModelSchema = z.object({
  id: modelId,
  name: z.string().max(500),
  path: pathSchema,
  bytes: z.number().nonnegative(),
  /** `changed`: the file is no longer the one whose checksum was taken. */
  state: z.enum(['ok', 'missing', 'changed']),
  quantisation: z.string().max(50).optional(),
  promptFamily: z.string().max(100).optional(),
  licence: z.string().max(200).optional(),
  /** Its checksum was compared with a published one. */
  verified: z.boolean(),
  /** Fetched by us, so that removing deletes the file; added ones stay where they are. */
  fetched: z.boolean(),
  addedAt: timeSchema,
});
export type InstalledModelView = z.infer<typeof installedModelSchema>;

/** A model that can be fetched. */
export const listedModelSchema = z.object({
  id: modelId,
  name: z.string().max(500),
  description: z.string().max(4000),
  licence: z.string().max(200),
  contextLength: z.int().positive(),
  note: lineSchema.optional(),
  /** What nobody has seen with their own eyes. */
  unconfirmed: z.array(z.string().max(50)).max(20),
  files: z
    .array(
      z.object({
        id: modelId,
        quantisation: z.string().max(50),
        bytes: z.number().nonnegative(),
        /** Computed from the number of weights, not told by the list. */
        estimated: z.boolean(),
        installed: z.boolean(),
      }),
    )
    .max(50),
});
export type ListedModelView = z.infer<typeof listedModelSchema>;

export const downloadSchema = z.object({
  id: handleSchema,
  model: modelId,
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  bytes: z.number().nonnegative(),
  total: z.number().nonnegative().optional(),
  bytesPerSecond: z.number().nonnegative(),
  /** Why it failed, and what helps; what was fetched is kept and is gone on with. */
  detail: lineSchema.optional(),
});
export type DownloadView = z.infer<typeof downloadSchema>;

export const loadSchema = z.strictObject({
  contextSize: z.int().min(256).max(1_048_576).default(8192),
  slots: z.int().min(1).max(256).default(4),
  cacheType: z.enum(['f16', 'q8_0', 'q4_0']).default('f16'),
});

/** What a model takes, where it would lie, and what to change where it does not fit. All in bytes. */
export const estimateSchema = z.object({
  need: z.object({
    weights: z.number().nonnegative(),
    cache: z.number().nonnegative(),
    compute: z.number().nonnegative(),
    total: z.number().nonnegative(),
  }),
  memory: z.object({
    ram: z.object({ total: z.number().nonnegative(), free: z.number().nonnegative() }),
    vram: z
      .object({ total: z.number().nonnegative(), free: z.number().nonnegative(), unified: z.boolean() })
      .optional(),
  }),
  placement: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('gpu') }),
    z.object({ kind: z.literal('split'), gpuLayers: z.int().nonnegative() }),
    z.object({ kind: z.literal('cpu') }),
    z.object({ kind: z.literal('none') }),
  ]),
  remedies: z.array(lineSchema).max(10),
  /** Measured on the file, not computed from the list. */
  measured: z.boolean(),
});
export type Estimate = z.infer<typeof estimateSchema>;

const reference = z.strictObject({ model: z.string().min(1).max(4096) });

export const modelsCommands = {
  'models.list': command(
    nothing,
    z.object({
      installed: z.array(installedModelSchema).max(500),
      listed: z.array(listedModelSchema).max(500),
      /** Files of the library that cannot be read. */
      damaged: z.array(lineSchema).max(100),
    }),
  ),
  'models.estimate': command(
    reference.extend({ load: loadSchema.prefault({}) }),
    z.object({ estimate: estimateSchema }),
  ),
  /** Answers once it has begun; `models:download-changed` tells the rest. */
  'models.download': command(reference, z.object({ download: downloadSchema })),
  'models.cancel-download': command(z.strictObject({ download: handleSchema }), nothing),
  /** Takes a file that is on the node's machine already. */
  'models.add': command(z.strictObject({ path: pathSchema }), z.object({ model: installedModelSchema })),
  'models.remove': command(reference, nothing),
  /** The model that policies use; null is none. */
  'models.use': command(z.strictObject({ choice: modelChoiceSchema.nullable() }), nothing),
};

export const modelsEvents = [
  z.object({ type: z.literal('models:changed') }),
  z.object({ type: z.literal('models:download-changed'), download: downloadSchema }),
] as const;

import { z } from 'zod';
import { samplingSchema } from './settings.ts';

/**
 * What an inference process is asked and what it answers. Both ends parse: the process reads files of strangers in native
 * code, so that it may say anything.
 */

const MAX_TEXT = 4_000_000;
const text = z.string().max(MAX_TEXT);
const id = z.int().nonnegative();
const bytes = z.number().nonnegative();

export const promptSchema = z.union([
  text,
  z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: text }))
    .min(1)
    .max(1_000),
]);

export const generationRequestSchema = z.strictObject({
  prompt: promptSchema,
  sampling: samplingSchema,
  seed: z.int().min(0).max(0xffff_ffff),
  maxTokens: z.int().min(1).max(10_000_000),
  stop: z.array(z.string().min(1).max(1_000)).max(64).optional(),
  grammar: z.string().min(1).max(1_000_000).optional(),
});

export const requestMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('estimate'), id }),
  z.strictObject({ type: z.literal('load'), id }),
  z.strictObject({ type: z.literal('render'), id, prompt: promptSchema }),
  z.strictObject({
    type: z.literal('generate'),
    id,
    request: generationRequestSchema,
    /** Whether the reply is wanted piece by piece. */
    stream: z.boolean(),
  }),
  /** Ends a generation; its result is sent all the same. */
  z.strictObject({ type: z.literal('stop'), id }),
]);
export type RequestMessage = z.infer<typeof requestMessageSchema>;

const memorySchema = z.strictObject({ needed: bytes, free: bytes, total: bytes });
const gpuSchema = z.enum(['cuda', 'metal', 'vulkan', 'cpu']);

export const memoryEstimateSchema = z.strictObject({
  fits: z.boolean(),
  gpu: gpuSchema,
  gpuLayers: z.int().nonnegative(),
  layers: z.int().nonnegative(),
  contextSize: z.int().positive(),
  slots: z.int().positive(),
  vram: memorySchema,
  ram: memorySchema,
  suggestions: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('context-size'), contextSize: z.int().positive() }),
        z.strictObject({ kind: z.literal('slots'), slots: z.int().positive() }),
        z.strictObject({ kind: z.literal('gpu-layers'), gpuLayers: z.int().nonnegative() }),
        z.strictObject({ kind: z.literal('smaller-file'), bytes }),
      ]),
    )
    .max(10)
    .readonly(),
});

const name = z.string().max(2_000);

export const modelStateSchema = z.strictObject({
  name: name.optional(),
  architecture: name.optional(),
  basename: name.optional(),
  organization: name.optional(),
  baseModels: z.array(name).max(32).readonly(),
  fileName: name,
  template: z.enum(['own', 'guessed']),
  contextSize: z.int().positive(),
  trainContextSize: z.int().nonnegative(),
  slots: z.int().positive(),
  gpu: gpuSchema,
  devices: z.array(name).max(64).readonly(),
  gpuLayers: z.int().nonnegative(),
  layers: z.int().nonnegative(),
  threads: z.int().positive(),
  vramBytes: bytes,
  ramBytes: bytes,
});

export const STOP_REASONS = [
  'end',
  'stop-text',
  'max-tokens',
  'context-full',
  'prompt-too-long',
  'stopped',
] as const;

const outcomeSchema = z.strictObject({
  text,
  stopReason: z.enum(STOP_REASONS),
  prompt: text,
  promptTokens: z.int().nonnegative(),
  cachedTokens: z.int().nonnegative(),
  generatedTokens: z.int().nonnegative(),
  promptMilliseconds: z.number().nonnegative(),
  generationMilliseconds: z.number().nonnegative(),
});
/** A result without what only the parent knows. */
export type GenerationOutcome = z.infer<typeof outcomeSchema>;

export const FAILURES = ['unavailable', 'unreadable', 'too-large', 'invalid-request', 'internal'] as const;
export type Failure = (typeof FAILURES)[number];

const countersSchema = z.strictObject({
  /** Since the process began; cached tokens are prompt tokens that were not evaluated. */
  promptTokens: z.int().nonnegative(),
  cachedTokens: z.int().nonnegative(),
  generatedTokens: z.int().nonnegative(),
  vram: z.strictObject({ used: bytes, total: bytes }),
});
export type Counters = z.infer<typeof countersSchema>;

export const processMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), fraction: z.number().min(0).max(1) }),
  z.strictObject({ type: z.literal('estimated'), id, estimate: memoryEstimateSchema }),
  /** Before a model is loaded: what it will take. */
  z.strictObject({ type: z.literal('planned'), estimate: memoryEstimateSchema }),
  z.strictObject({ type: z.literal('loaded'), id, model: modelStateSchema }),
  z.strictObject({
    type: z.literal('rendered'),
    id,
    prompt: z.strictObject({ text, tokens: z.int().nonnegative(), startsInThinking: z.boolean() }),
  }),
  z.strictObject({
    type: z.literal('text'),
    /** `tokens`: of the reply so far. */
    pieces: z.array(z.strictObject({ id, text, tokens: z.int().nonnegative() })).max(1_000),
  }),
  z.strictObject({ type: z.literal('done'), id, outcome: outcomeSchema }),
  z.strictObject({
    type: z.literal('failed'),
    id,
    failure: z.enum(FAILURES),
    detail: z.string().max(10_000),
    estimate: memoryEstimateSchema.optional(),
  }),
  /** Twice a second while there is work: the figures, and a sign of life. */
  z.strictObject({ type: z.literal('counters'), counters: countersSchema }),
]);
export type ProcessMessage = z.infer<typeof processMessageSchema>;

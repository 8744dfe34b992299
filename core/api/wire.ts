import { z } from 'zod';
import { apiErrorSchema } from './errors.ts';
import { apiEventSchema } from './events.ts';
import { snapshotSchema } from './state.ts';

/** Numbers run on by one within an epoch: who sees a gap asks for a snapshot. */
export const sequencedEventSchema = z.object({
  epoch: z.string().min(1).max(64),
  seq: z.int().positive(),
  event: apiEventSchema,
});
export type SequencedEvent = z.infer<typeof sequencedEventSchema>;

/** What a subscription carries: a snapshot first, then events; a snapshot again wherever events were lost. */
export const streamMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), snapshot: snapshotSchema }),
  z.object({ kind: z.literal('event'), event: sequencedEventSchema }),
]);
export type StreamMessage = z.infer<typeof streamMessageSchema>;

/** The answer to a command on any wire. */
export const callReplySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), output: z.unknown() }),
  z.object({ ok: z.literal(false), error: apiErrorSchema }),
]);
export type CallReply = z.infer<typeof callReplySchema>;

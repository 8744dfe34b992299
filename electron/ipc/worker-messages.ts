import { z } from 'zod';
import { callReplySchema, streamMessageSchema } from '../../core/api/index.ts';

/** What the main process and the process that hosts the node say to each other; both parse what they get. */

const id = z.int().nonnegative();

/** A value of the desktop's; where it cannot tell, why. */
const readingOf = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('known'), value }),
    z.object({ kind: z.literal('unknown'), detail: z.string().max(2000) }),
  ]);

export const desktopReadingsSchema = z.object({
  /** Since someone last used keyboard or pointer, in seconds. */
  idle: readingOf(z.number().nonnegative()),
  onBattery: readingOf(z.boolean()),
});
export type DesktopReadings = z.infer<typeof desktopReadingsSchema>;

/** Programs that the node may have started: their files are the app's own, never named in a message. */
export const CHILD_ROLES = ['lean', 'inference', 'cards'] as const;
export type ChildRole = (typeof CHILD_ROLES)[number];

export const MAX_STDERR = 4096;

export const toWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id, command: z.string().max(64), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id }),
  /** Power or session state has changed: the rules are to be looked at now. */
  z.object({ type: z.literal('look') }),
  z.object({ type: z.literal('desktop'), id, readings: desktopReadingsSchema }),
  z.object({ type: z.literal('child-started'), child: id, pid: id }),
  /** Carries the port to the child. */
  z.object({ type: z.literal('child-port'), child: id }),
  z.object({
    type: z.literal('child-exited'),
    child: id,
    code: z.int().nullable(),
    stderr: z.string().max(MAX_STDERR),
  }),
  z.object({ type: z.literal('shut-down') }),
]);
export type ToWorker = z.infer<typeof toWorkerSchema>;

export const fromWorkerSchema = z.discriminatedUnion('type', [
  /** The node could not be opened; the process ends. */
  z.object({ type: z.literal('failed'), detail: z.string().max(4000) }),
  z.object({ type: z.literal('stream'), message: streamMessageSchema }),
  z.object({ type: z.literal('reply'), id, reply: callReplySchema }),
  z.object({ type: z.literal('read-desktop'), id }),
  z.object({ type: z.literal('keep-awake'), awake: z.boolean() }),
  z.object({
    type: z.literal('start-child'),
    child: id,
    role: z.enum(CHILD_ROLES),
    args: z.array(z.string().max(100_000)).max(10),
    env: z.record(z.string().max(1000), z.string().max(100_000)),
  }),
  z.object({ type: z.literal('kill-child'), child: id }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;

/** First message to a child, which carries the port to the node. */
export const toChildSchema = z.object({ type: z.literal('port') });

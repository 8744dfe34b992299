import { z } from 'zod';
import { diagnosticSchema, positionSchema } from '../../record/index.ts';
import { command, editorTextSchema, handleSchema, lineSchema } from '../define.ts';

/** What became of a request about a text in an editor. */
const asked = {
  /** The editor's own name for its text: a later request for the same document takes the place of an earlier one. */
  document: handleSchema,
  text: editorTextSchema,
};

const notAnswered = [
  /** A later request for the document came. */
  z.object({ kind: z.literal('superseded') }),
  /** Lean took too long or too much memory, or broke down. */
  z.object({ kind: z.literal('gave-up'), detail: lineSchema }),
] as const;

export const diagnoseReplySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('diagnosed'),
    diagnostics: z.array(diagnosticSchema).max(100),
    /** Further ones that are not listed. */
    omitted: z.int().nonnegative(),
    milliseconds: z.number().nonnegative(),
  }),
  ...notAnswered,
]);
export type DiagnoseReply = z.infer<typeof diagnoseReplySchema>;

export const goalsReplySchema = z.discriminatedUnion('kind', [
  /** Goals before the tactic at that place, as Lean prints them; none where the proof is complete there. */
  z.object({ kind: z.literal('goals'), goals: z.array(z.string().max(20_000)).max(50) }),
  /** There is no proof at that place, or Lean does not get that far. */
  z.object({ kind: z.literal('no-goals'), detail: lineSchema }),
  ...notAnswered,
]);
export type GoalsReply = z.infer<typeof goalsReplySchema>;

export const leanCommands = {
  'lean.diagnose': command(z.strictObject(asked), diagnoseReplySchema),
  'lean.goals': command(z.strictObject({ ...asked, position: positionSchema }), goalsReplySchema),
};

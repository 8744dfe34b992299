import { z } from 'zod';
import type { Diagnostic } from '../../record/index.ts';
import { MESSAGE_LIMITS } from './index.ts';

const leanPosition = z.object({ line: z.number(), column: z.number() });

/** A message as `Lean.Message.toJson` and `lean --json` write it. */
export const leanMessageSchema = z.object({
  data: z.string(),
  endPos: leanPosition.nullish(),
  kind: z.string().default('[anonymous]'),
  pos: leanPosition,
  severity: z.enum(['error', 'warning', 'information']),
});
export type LeanMessage = z.infer<typeof leanMessageSchema>;

/**
 * A message as our records hold it, its text cut to the limit.
 * @param firstColumnOffset characters that were put before the source's first line
 */
export function toDiagnostic(message: LeanMessage, firstColumnOffset = 0): Diagnostic {
  const place = ({ line, column }: { line: number; column: number }): { line: number; column: number } => ({
    line,
    column: line === 1 ? Math.max(0, column - firstColumnOffset) : column,
  });
  const text = message.data;
  const goals = message.kind === 'Tactic.unsolvedGoals' ? splitGoals(text) : undefined;
  return {
    severity: message.severity,
    position: place(message.pos),
    ...(message.endPos ? { end: place(message.endPos) } : {}),
    message:
      text.length > MESSAGE_LIMITS.characters
        ? `${text.slice(0, MESSAGE_LIMITS.characters)}… (${text.length - MESSAGE_LIMITS.characters} more characters)`
        : text,
    kind: message.kind,
    ...(goals ? { goals } : {}),
  };
}

/** "unsolved goals" is followed by the goals, a blank line between two. */
function splitGoals(text: string): string[] {
  return text
    .replace(/^unsolved goals\n/, '')
    .split('\n\n')
    .map((goal) => goal.trim())
    .filter((goal) => goal.includes('⊢'))
    .slice(0, MESSAGE_LIMITS.count);
}

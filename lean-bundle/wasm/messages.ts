import { z } from 'zod';
import { MESSAGE_LIMITS } from '../../core/lean/protocol/index.ts';
import type { Diagnostic } from '../../core/record/index.ts';
import type { LeanObjects, Ref } from './objects.ts';

const leanPosition = z.object({ line: z.number(), column: z.number() });

/** A message as `Lean.Message.toJson` writes it. */
const leanMessage = z.object({
  data: z.string(),
  endPos: leanPosition.nullish(),
  kind: z.string().default('[anonymous]'),
  pos: leanPosition,
  severity: z.enum(['error', 'warning', 'information']),
});

export interface CollectedMessages {
  readonly diagnostics: Diagnostic[];
  readonly omitted: number;
  readonly failed: boolean;
}

/**
 * Reads a message log, borrowed.
 * @param firstColumnOffset characters that were put before the source's first line
 */
export function collectMessages(
  objects: LeanObjects,
  log: Ref,
  firstColumnOffset: number,
): CollectedMessages {
  const { api } = objects;
  const messages = api.l_Lean_MessageLog_toArray(objects.retain(log));
  const diagnostics: Diagnostic[] = [];
  let failed = false;
  const count = objects.arraySize(messages);
  for (let i = 0; i < count; i++) {
    const json = api.l_Lean_Message_toJson(objects.retain(objects.element(messages, i)));
    const text = api.l_Lean_Json_compress(json);
    const message = leanMessage.parse(JSON.parse(objects.text(text)));
    objects.release(text);
    failed ||= message.severity === 'error';
    if (diagnostics.length < MESSAGE_LIMITS.count) diagnostics.push(toDiagnostic(message, firstColumnOffset));
  }
  objects.release(messages);
  return { diagnostics, omitted: count - diagnostics.length, failed };
}

function toDiagnostic(message: z.infer<typeof leanMessage>, firstColumnOffset: number): Diagnostic {
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

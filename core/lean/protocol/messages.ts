import { z } from 'zod';
import type { Diagnostic } from '../../record/index.ts';
import { MESSAGE_LIMITS } from './constants.ts';

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
function toDiagnostic(message: LeanMessage, firstColumnOffset: number): Diagnostic {
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

/**
 * The messages of a source, in its order, as many as may be told: what decides about it (errors, and what rests on `sorry`) takes the
 * place of the last others, as a hundred warnings would hide it.
 */
export class MessageCollector {
  readonly #kept: { readonly diagnostic: Diagnostic; readonly decides: boolean }[] = [];
  readonly #firstColumnOffset: number;
  #count = 0;
  #failed = false;

  /** @param firstColumnOffset characters that were put before the source's first line */
  constructor(firstColumnOffset = 0) {
    this.#firstColumnOffset = firstColumnOffset;
  }

  add(message: LeanMessage): void {
    this.#count++;
    this.#failed ||= message.severity === 'error';
    const decides = message.severity === 'error' || message.kind === 'hasSorry';
    if (this.#kept.length >= MESSAGE_LIMITS.count) {
      const displaced = decides ? this.#kept.findLastIndex((kept) => !kept.decides) : -1;
      if (displaced < 0) return;
      this.#kept.splice(displaced, 1);
    }
    this.#kept.push({ diagnostic: toDiagnostic(message, this.#firstColumnOffset), decides });
  }

  get diagnostics(): Diagnostic[] {
    return this.#kept.map(({ diagnostic }) => diagnostic);
  }

  /** How many were left out. */
  get omitted(): number {
    return this.#count - this.#kept.length;
  }

  /** Whether any, left out or not, is an error. */
  get failed(): boolean {
    return this.#failed;
  }
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

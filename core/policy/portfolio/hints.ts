import type { Attempt } from '../../record/index.ts';
import { readNote } from './agenda.ts';

/** Tactics that Lean itself suggested ("Try this"), likeliest first, those that need `sorry` left out. */
export function suggestions(previous: readonly Attempt[]): string[] {
  const found = previous.flatMap((attempt) => {
    if (attempt.verdict.kind !== 'failed') return [];
    return attempt.verdict.diagnostics
      .filter((d) => d.severity === 'information' && d.message.startsWith('Try th'))
      .flatMap((d) => readSuggestions(d.message));
  });
  return [...new Set(found)].filter((tactic) => !/\bsorry\b|\?_|expose_names/.test(tactic)).slice(0, 8);
}

function readSuggestions(message: string): string[] {
  const body = message.replace(/^Try th\w+( \w+)?:\s*/, '');
  const parts = body.includes('[apply]') ? body.split('[apply]').slice(1) : [body];
  return (
    parts
      .map((part) => part.replace(/\n?\s*--.*$/gm, '').trimEnd())
      // A suggestion of several lines is laid out for an editor; one line can be set anywhere.
      .map((part) => part.trim().replace(/\n\s+/g, ' '))
      .filter((part) => part !== '' && !part.includes('\n'))
  );
}

/** Whether Lean has decided that the statement is false: then no proof is to be looked for. */
export function isRefuted(previous: readonly Attempt[]): boolean {
  return previous.some((attempt) => {
    const note = readNote(attempt);
    // Only where `decide` ran on the statement itself is its word about the statement.
    if (note?.kind !== 'proof' || note.strategy !== 'direct') return false;
    if (attempt.verdict.kind !== 'failed' || !/by\n {2}decide(?: \+revert)?$/.test(attempt.submission))
      return false;
    return attempt.verdict.diagnostics.some(
      (d) => d.severity === 'error' && /proved that the proposition[\s\S]*is false/.test(d.message),
    );
  });
}

import type { Attempt, Diagnostic } from '../../record/index.ts';
import { isWhole, Offsets, tacticEnd, wordAt } from './source-text.ts';

/** A place of a failed submission where a proof is missing. Offsets are in UTF-16 code units. */
export interface Hole {
  readonly start: number;
  readonly end: number;
  /** `append`: the block from start to end leaves goals; `replace`: the tactic there fails, or is `sorry`. */
  readonly kind: 'append' | 'replace';
  /** The goals there as Lean prints them; empty where it did not show any. */
  readonly goals: readonly string[];
}

const MAX_HOLES = 8;
const MAX_SUBMISSION = 200_000;
/** Of the parser; what stands behind such an error has not been looked at. */
const PARSING = /^(?:unknown tactic|unexpected|expected|invalid|unterminated|missing)/;

/** What a failed attempt leaves open, in the order of the text; empty where nothing can be patched. */
export function holesOf({ submission, verdict }: Pick<Attempt, 'submission' | 'verdict'>): Hole[] {
  if (submission.length > MAX_SUBMISSION) return [];
  if (verdict.kind !== 'failed' && verdict.kind !== 'rejected') return [];
  const offsets = new Offsets(submission);
  const errors = verdict.diagnostics.filter(({ severity }) => severity === 'error');
  const stop = errors.find(({ message, end }) => end === undefined && PARSING.test(message));
  const found = errors.flatMap((diagnostic) => holeAt(diagnostic, offsets) ?? []);
  const holes =
    stop === undefined
      ? [...found, ...sorries(submission)]
      : parsedHoles(submission, found, offsets.at(stop.position) ?? 0, stop.message);
  const sorted = holes.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return sorted.length > MAX_HOLES ? [] : withoutDoubles(sorted);
}

function holeAt(diagnostic: Diagnostic, offsets: Offsets): Hole | undefined {
  const { message, position, goals } = diagnostic;
  const start = offsets.at(position);
  const end = diagnostic.end === undefined ? undefined : offsets.at(diagnostic.end);
  if (start === undefined || end === undefined || end <= start) return undefined;
  const kind = message.startsWith('unsolved goals') ? 'append' : 'replace';
  return { start, end, kind, goals: goals ?? goalsIn(message) };
}

/**
 * Where a tactic is unknown, such as one of Mathlib's in core Lean, Lean has read no further: what can be trusted is
 * what was left open before, and that this tactic is no use wherever it stands.
 */
function parsedHoles(submission: string, found: readonly Hole[], at: number, message: string): Hole[] {
  const word = message.startsWith('unknown tactic') ? wordAt(submission, at) : undefined;
  if (word === undefined) return [];
  const around = found
    .filter((hole) => hole.kind === 'append' && hole.start <= word.start && word.start < hole.end)
    .toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const before = found.filter((hole) => hole.kind === 'append' && hole.end <= word.start);
  const places = occurrences(submission, word.text).map((start): Hole => ({
    start,
    end: tacticEnd(submission, start),
    kind: 'replace',
    goals: start === word.start ? (around[0]?.goals ?? []) : [],
  }));
  return [...before, ...places];
}

const sorries = (submission: string): Hole[] =>
  occurrences(submission, 'sorry').map((start) => ({
    start,
    end: start + 'sorry'.length,
    kind: 'replace',
    goals: [],
  }));

/** Of a whole word; no more than one too many, as a reply may hold thousands. */
function occurrences(text: string, word: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (isWhole(text, at, word.length)) found.push(at);
    if (found.length > MAX_HOLES) break;
  }
  return found;
}

/** What lies in a replaced place goes with it; a block that is appended to may hold others. */
function withoutDoubles(holes: readonly Hole[]): Hole[] {
  const kept: Hole[] = [];
  for (const hole of holes) {
    const inside = kept.some(
      (other) =>
        (other.kind === 'replace' && hole.start < other.end) ||
        (other.start === hole.start && other.end === hole.end && other.kind === hole.kind),
    );
    if (!inside) kept.push(hole);
  }
  return kept;
}

/** The goals at the end of a tactic's message. */
function goalsIn(message: string): string[] {
  return message.split(/\n\n+/).filter((part) => /^⊢/m.test(part));
}

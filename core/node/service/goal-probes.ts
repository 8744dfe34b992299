import type { Position } from '../../record/index.ts';

/** A text that is cut off at some place of a proof, where Lean is asked to print the goals. */
export interface GoalProbe {
  readonly text: string;
  /** Of `trace_state`, from 1. */
  readonly line: number;
}

const STEP = 2;
/** What opens a block of its own: the next tactic stands further in. */
const OPENS = /(?:\bby|=>|\bdo|\bthen|\belse|:=|·)\s*$/;
const BULLET = /^(\s*)(·\s*)(?=\S)/;

/**
 * Ways to ask for the goals at a place, most likely first. At the beginning of a line they are those before its tactic;
 * further on, those after it. Everything behind is left out, so that it cannot stand in the way.
 */
export function goalProbes(text: string, { line, column }: Position): GoalProbe[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const at = Math.min(Math.max(line, 1), lines.length);
  const current = lines[at - 1] ?? '';
  const blank = current.trim() === '';
  const before = column <= indentOf(current) && !blank;
  // On a blank line the tactic above decides, unless the line is indented by itself.
  const kept = lines.slice(0, before || blank ? at - 1 : at);
  const indents = before
    ? [indentOf(current)]
    : blank
      ? [...(column > 0 ? [column] : []), ...indentsAfter(lastWritten(kept))]
      : indentsAfter(current);
  return [...new Set(indents)].map((indent) => ({
    text: [...kept, `${' '.repeat(indent)}trace_state`, `${' '.repeat(indent)}all_goals sorry`].join('\n'),
    line: kept.length + 1,
  }));
}

function indentsAfter(line: string): number[] {
  const indent = indentOf(line);
  const bullet = BULLET.exec(line);
  const inside = bullet === null ? [] : [(bullet[1] ?? '').length + (bullet[2] ?? '').length];
  return OPENS.test(line) ? [...inside, indent + STEP, indent + 2 * STEP] : [...inside, indent];
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const lastWritten = (lines: readonly string[]): string => lines.findLast((line) => line.trim() !== '') ?? '';

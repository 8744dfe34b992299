import type { Command } from './commands.ts';
import { isHole } from './theorem.ts';
import { sliceSource, type SourceText } from './source-text.ts';

/**
 * PutnamBench leaves a problem's answer out of the definition that stands for it, and gives it in a comment below:
 *
 *     abbrev putnam_…_solution : ℕ → ℕ := sorry
 *     -- fun n : ℕ => n + 1
 *
 * Returns the definition with its answer, or undefined where the command is no such definition.
 */
export function fillSolution(source: SourceText, command: Command): string | undefined {
  const { code } = source;
  if (command.keyword !== 'abbrev' && command.keyword !== 'def') return undefined;
  const name = code[command.keywordAt + 1];
  const first = code[command.first];
  const assign = code[command.last - 1];
  const hole = code[command.last];
  if (name?.text.endsWith('_solution') !== true || first === undefined) return undefined;
  if (hole === undefined || !isHole(hole) || assign?.text !== ':=') return undefined;
  const answer = commentBelow(source, hole.end);
  if (answer.length === 0) return undefined;
  return `${sliceSource(source, first.start, assign.end)}\n${answer.map((line) => `  ${line}`).join('\n')}`;
}

/** The line comments that start on the line right after `offset`, without their dashes. */
function commentBelow(source: SourceText, offset: number): string[] {
  const lines: string[] = [];
  for (let at = offset; ;) {
    const comment = /[ \t]*\n[ \t]*--[ ]?([^\n]*)/y;
    comment.lastIndex = at;
    const found = comment.exec(source.text);
    if (found === null) return lines;
    if (found[1]?.trim()) lines.push(found[1].trimEnd());
    at = comment.lastIndex;
  }
}

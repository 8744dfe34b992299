import { splitImports } from './source.ts';

/** What can only be the beginning of another command: the one before it has ended. */
const COMMAND =
  /^\s*(?:(?:private|protected|noncomputable|theorem|lemma|def|abbrev|instance|structure|inductive|class|open|namespace|section|variable|universe|set_option|attribute|macro|local|scoped|end)\b|\/--)/;

/**
 * How much of a submission's body is the statement's header, word for word: Lean need not elaborate that part anew for
 * each attempt.
 * @param body with the imports blanked out
 * @returns UTF-16 units; 0 where the submission begins otherwise, or where the header might not end there
 */
export function preambleLength(header: string, body: string): number {
  const split = splitImports(header);
  if (split.kind === 'unsupported' || split.body.trim() === '') return 0;
  const own = split.body.trimEnd();
  return body.startsWith(own) && COMMAND.test(body.slice(own.length)) ? own.length : 0;
}

import { splitImports } from './source.ts';

/** What can only be the beginning of another command: the one before it has ended. */
const COMMAND =
  /^\s*(?:(?:private|protected|public|noncomputable|partial|theorem|lemma|def|abbrev|instance|structure|inductive|coinductive|class|axiom|opaque|example|mutual|open|namespace|section|variable|universe|set_option|attribute|macro|syntax|elab|notation|infixl?|infixr|prefix|postfix|local|scoped|end)\b|\/--|@\[|#(?:check|print|eval)\b)/;
/** White space and comments, as a model writes them between what it was given and its own. */
const COMMENT = /(?:\s+|--[^\n]*(?:\n|$)|\/-(?!-)(?:[^-/]|-(?!\/)|\/(?!-))*-\/)/y;

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
  return body.startsWith(own) && COMMAND.test(withoutComments(body.slice(own.length))) ? own.length : 0;
}

function withoutComments(text: string): string {
  let from = 0;
  COMMENT.lastIndex = 0;
  while (COMMENT.test(text)) from = COMMENT.lastIndex;
  return text.slice(from);
}

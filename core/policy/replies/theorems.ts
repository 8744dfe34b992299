import { bracketStep, type Command } from './commands.ts';
import { holeWord } from './holes.ts';
import type { LeanToken } from './lean-tokens.ts';

/** A theorem, lemma or example of a reply that has a proof. */
export interface Proved {
  readonly command: Command;
  /** Undefined for an `example`. */
  readonly name: string | undefined;
  /** Binders and type, token by token. */
  readonly signature: string;
  /** The tokens of the proof: after `:=`, or from the first `|` on. */
  readonly proof: readonly LeanToken[];
  /** The proof is given by patterns, without `:=`. */
  readonly byPatterns: boolean;
}

/** Words of a term that take one `:=` of their own. */
const BINDERS = new Set('let have letI haveI'.split(' '));

/** Reads a command as a theorem with a proof; undefined where it is none. */
export function readProved(command: Command): Proved | undefined {
  if (!['theorem', 'lemma', 'example'].includes(command.keyword)) return undefined;
  const rest = command.tokens.slice(command.keywordAt + 1);
  const named = command.keyword !== 'example';
  const name = named ? rest.shift() : undefined;
  if (named && name?.kind !== 'word') return undefined;
  const body = findBody(rest);
  if (body === undefined) return undefined;
  const proof = rest.slice(body.byPatterns ? body.at : body.at + 1);
  if (proof.length === 0 || (proof.length === 1 && proof[0]?.text === 'by')) return undefined;
  return {
    command,
    name: name?.text,
    signature: signatureOf(rest.slice(0, body.at)),
    proof,
    byPatterns: body.byPatterns,
  };
}

/** Tokens apart by one blank: equal for texts that differ in layout and comments only. */
export const signatureOf = (tokens: readonly LeanToken[]): string =>
  tokens.map((token) => token.text).join(' ');

/** True where the proof is `sorry` and nothing else: the task repeated. */
export function isRestatement({ proof }: Proved): boolean {
  const words = proof.filter((token) => !['by', 'exact', '(', ')'].includes(token.text));
  return words.length === 1 && words.every((token) => holeWord(token) !== undefined);
}

export const hasHole = (tokens: readonly LeanToken[]): boolean =>
  tokens.some((token) => holeWord(token) !== undefined);

/** Where the proof starts: at the first `:=` outside brackets that no `let` takes, or at patterns. */
function findBody(
  tokens: readonly LeanToken[],
): { readonly at: number; readonly byPatterns: boolean } | undefined {
  let depth = 0;
  let binders = 0;
  let colon = false;
  for (const [at, token] of tokens.entries()) {
    depth = Math.max(0, depth + bracketStep(token));
    if (depth > 0) continue;
    if (BINDERS.has(token.text)) binders += 1;
    else if (token.text === ':') colon = true;
    else if (token.text === ':=' && binders === 0) return { at, byPatterns: false };
    else if (token.text === ':=') binders -= 1;
    else if (token.text === '|' && colon && startsAlternative(tokens, at)) {
      return { at, byPatterns: true };
    }
  }
  return undefined;
}

/** True of `| n + 1 => …`, and not of `|x| ≤ 1 := …`. */
function startsAlternative(tokens: readonly LeanToken[], at: number): boolean {
  for (const token of tokens.slice(at + 1)) {
    if (token.text === '=>') return true;
    if (token.text === ':=' || token.text === 'fun' || token.text === 'match') return false;
  }
  return false;
}

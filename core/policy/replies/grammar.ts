import type { Statement } from '../../record/index.ts';
import { bracketStep, readCommands } from './commands.ts';
import { lexLean, type LeanToken } from './lean-tokens.ts';

/** What a proof calls the things that a statement does not name. */
const FRESH = ['h', 'ih', 'k'];
/** More would only make a good choice less likely. */
const MAX_LOCALS = 24;
const MAX_LEMMAS = 48;

/**
 * A grammar of `resources/grammars` with a statement's own names: `local` becomes the names it binds, and `lemma`
 * takes in what its header declares. Grammars without these rules stay as they are.
 */
export function grammarFor(grammar: string, statement: Statement): string {
  const locals = unique([...boundNames(statement.formal), ...FRESH]).slice(0, MAX_LOCALS);
  const declared = unique(declaredNames(statement.header)).slice(-MAX_LEMMAS);
  return grammar
    .replace(/^local ::= .*$/m, () => `local ::= ${alternatives(locals)}`)
    .replace(/^lemma ::= (.*)$/m, (rule, known: string) =>
      declared.length === 0 ? rule : `lemma ::= ${alternatives(declared)} | ${known}`,
    );
}

/** Names before the colon of each binder in brackets, and those between `∀`, `∃`, `fun` and what follows them. */
function boundNames(formal: string): string[] {
  const tokens = lexLean(formal).slice(2);
  return tokens.flatMap((token, at) => {
    const binds = bracketStep(token) > 0 || ['∀', '∃', 'fun', 'λ'].includes(token.text);
    return binds ? namesFrom(tokens, at + 1) : [];
  });
}

function namesFrom(tokens: readonly LeanToken[], from: number): string[] {
  const names: string[] = [];
  for (const token of tokens.slice(from)) {
    if (token.kind !== 'word')
      return [':', ',', '=>', '↦', '∈', '<', '≤', '≥', '>'].includes(token.text) ? names : [];
    names.push(token.text);
  }
  return [];
}

function declaredNames(header: string): string[] {
  return readCommands(header).flatMap(({ keyword, keywordAt, tokens }) => {
    const name = tokens[keywordAt + 1];
    const usable = ['def', 'abbrev', 'theorem', 'lemma'].includes(keyword) && name?.kind === 'word';
    return usable ? [name.text] : [];
  });
}

/** Names as GBNF literals. Words of Lean hold no quotes and no backslashes, save those in `«…»`. */
const alternatives = (names: readonly string[]): string =>
  names.map((name) => `"${name.replace(/[\\"]/g, '\\$&')}"`).join(' | ');

const unique = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '_');

import type { Statement } from '../record/index.ts';
import { tokenizeLean, type LeanToken } from './lean-tokens.ts';

/** A statement as retrieval reads it. */
export interface StatementParts {
  /** Tokens between the theorem's name and the colon: binders and hypotheses. */
  readonly hypotheses: readonly LeanToken[];
  /** Tokens after that colon. */
  readonly conclusion: readonly LeanToken[];
  /** Header declarations that the theorem mentions, directly or through another. */
  readonly declarations: readonly HeaderDeclaration[];
}

export interface HeaderDeclaration {
  /** As written; empty for an anonymous instance. */
  readonly name: string;
  readonly tokens: readonly LeanToken[];
}

const MODIFIERS =
  '(?:@\\[[^\\]\\n]*\\]\\s*|(?:private|protected|noncomputable|partial|unsafe|scoped|local)\\s+)*';
const DECLARATION = '(?:def|abbrev|inductive|structure|class|instance|theorem|lemma|axiom|opaque)';
const COMMAND =
  '(?:import|open|namespace|end|section|variable|universe|set_option|attribute|notation|infixl?|infixr|prefix|postfix|macro|syntax|export|deriving|mutual|#\\w+)';
const COMMAND_START = new RegExp(`^(?=${MODIFIERS}(?:${DECLARATION}|${COMMAND})(?![\\w.]))`, 'mu');
const DECLARATION_START = new RegExp(`^${MODIFIERS}${DECLARATION}(?![\\w.])`, 'u');
const THEOREM_KEYWORDS = new Set(['theorem', 'lemma', 'example', 'def', 'instance', 'abbrev']);

/** Reads a statement into its parts. Total: what it cannot make out counts as conclusion. */
export function statementParts(statement: Pick<Statement, 'header' | 'formal'>): StatementParts {
  const tokens = tokenizeLean(statement.formal);
  const keyword = tokens.findIndex((token) => THEOREM_KEYWORDS.has(token.text));
  const body = tokens.slice(keyword + (tokens[keyword + 1]?.kind === 'identifier' ? 2 : 1));
  const colon = topLevelColon(body);
  return {
    hypotheses: body.slice(0, Math.max(colon, 0)),
    conclusion: body.slice(colon + 1),
    declarations: mentioned(headerDeclarations(statement.header), body),
  };
}

/** The declarations of a header, in order. */
function headerDeclarations(header: string): HeaderDeclaration[] {
  return header
    .split(COMMAND_START)
    .filter((chunk) => DECLARATION_START.test(chunk))
    .map((chunk) => {
      const tokens = tokenizeLean(chunk);
      const at = tokens.findIndex(
        (token) => token.kind === 'identifier' && new RegExp(`^${DECLARATION}$`).test(token.text),
      );
      const next = tokens[at + 1];
      return { name: next?.kind === 'identifier' ? next.text : '', tokens: tokens.slice(at + 1) };
    });
}

function topLevelColon(tokens: readonly LeanToken[]): number {
  let depth = 0;
  return tokens.findIndex((token) => {
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    return depth === 0 && token.text === ':';
  });
}

function mentioned(
  declarations: readonly HeaderDeclaration[],
  body: readonly LeanToken[],
): readonly HeaderDeclaration[] {
  const reached = new Set<HeaderDeclaration>();
  const visit = (tokens: readonly LeanToken[]): void => {
    const names = new Set(
      tokens.flatMap((token) => (token.kind === 'identifier' ? pathsOf(token.text) : [])),
    );
    for (const declaration of declarations) {
      if (reached.has(declaration) || !pathsOf(declaration.name).some((path) => names.has(path))) continue;
      reached.add(declaration);
      visit(declaration.tokens);
    }
  };
  visit(body);
  return declarations.filter((declaration) => reached.has(declaration));
}

/** A name and what may stand for it: its last component, and its qualifier (a constructor mentions its type). */
function pathsOf(name: string): string[] {
  if (name === '') return [];
  const dot = name.lastIndexOf('.');
  return dot < 0 ? [name] : [name, name.slice(dot + 1), name.slice(0, dot)];
}

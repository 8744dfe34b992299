import { describeInvalid, makeStatement, statementSchema, type Statement } from '../record/index.ts';
import { nameComponents } from './characters.ts';
import { splitCommands } from './commands.ts';
import { closingScopes, headerContext } from './header-context.ts';
import { readSource, sliceSource, type CodeToken, type SourceText } from './source-text.ts';

/** A statement's negation, or why none can be stated. */
export type Negation =
  | { readonly kind: 'stated'; readonly statement: Statement }
  | { readonly kind: 'unsupported'; readonly detail: string };

const OPENERS = new Set(['(', '[', '{', '⟨', '⟦', '⦃', '@[']);
const CLOSERS = new Set([')', ']', '}', '⟩', '⟧', '⦄']);

/**
 * States the negation of a theorem. `theorem N binders : P` under a header becomes
 *
 *     section
 *     ⟨header⟩
 *     abbrev N_statement : Prop := ∀ ⟨variables⟩ ⟨binders⟩, P
 *     end
 *     theorem N_disproof : ¬N_statement
 *
 * The theorem stands outside every scope of the header. A variable, an instance or an auto-bound name that the text did
 * not close over would be an argument of the abbreviation, and then the theorem does not elaborate: it cannot come to
 * say something weaker (`∀ x, ¬…` holds of everything where there is no `x`). Whether it elaborates, the checker says. A
 * statement in all universes is refuted in all universes, which is more than need be.
 *
 * The same for all nodes, as ids of negations are compared: the text follows from the statement's identity alone.
 */
export function negate(statement: Statement): Negation {
  const theorem = splitTheorem(readSource(statement.formal));
  if (theorem === undefined) return unsupported('the theorem could not be taken apart');
  const header = readSource(statement.header);
  const context = headerContext(header);
  if (context.kind === 'unsupported') return context;
  const { binders, proposition, universes, identifier } = theorem;
  const bound = [...context.variables, ...(binders === '' ? [] : [binders])];
  const definition = [
    `abbrev ${suffixed(identifier, STATEMENT)}${universeList(universes, context.universes)} : Prop :=`,
    ...(bound.length === 0 ? [] : ['  ∀', ...bound, '  ,']),
    proposition,
  ].join('\n');
  const name = suffixed(statement.name, DISPROOF);
  const parsed = statementSchema.safeParse({
    environment: statement.environment,
    header: [
      context.imports,
      'section',
      context.body,
      definition,
      [...closingScopes(context.scopes), 'end'].join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    formal: `theorem ${name} : ¬${suffixed(statement.name, STATEMENT)}`,
    name,
    ...(statement.informal === undefined ? {} : { informal: `Not: ${statement.informal}`.slice(0, 100_000) }),
  });
  return parsed.success
    ? { kind: 'stated', statement: makeStatement(parsed.data) }
    : unsupported(describeInvalid(parsed.error));
}

const STATEMENT = '_statement';
const DISPROOF = '_disproof';

interface Theorem {
  readonly identifier: string;
  /** Named in `.{…}`, or used in `Type u` and `Sort u`. */
  readonly universes: { readonly named: readonly string[]; readonly used: readonly string[] };
  /** With the columns that they had, as layout counts; empty where there are none. */
  readonly binders: string;
  readonly proposition: string;
}

function splitTheorem(source: SourceText): Theorem | undefined {
  const [keyword, name, ...rest] = source.code;
  if (source.defect !== undefined || keyword?.text !== 'theorem' || name?.kind !== 'identifier')
    return undefined;
  if (splitCommands(source).length !== 1) return undefined;
  const named = universeParameters(rest);
  const tail = rest.slice(named.tokens);
  const colon = typeColon(tail);
  const first = tail[colon + 1];
  const last = tail.at(-1);
  if (colon < 0 || first === undefined || last === undefined) return undefined;
  const firstBinder = colon > 0 ? tail[0] : undefined;
  const lastBinder = tail[colon - 1];
  return {
    identifier: name.text,
    universes: { named: named.names, used: usedUniverses(tail) },
    binders:
      firstBinder === undefined || lastBinder === undefined ? '' : aligned(source, firstBinder, lastBinder),
    proposition: aligned(source, first, last),
  };
}

/** The text of a span, its first line indented as it was. */
function aligned(source: SourceText, first: CodeToken, last: CodeToken): string {
  return ' '.repeat(first.column) + sliceSource(source, first.start, last.end);
}

/** The index of the colon before the theorem's type; −1 if there is none. */
function typeColon(tokens: readonly CodeToken[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind !== 'symbol') return false;
    if (OPENERS.has(text)) depth++;
    if (CLOSERS.has(text)) depth--;
    return depth === 0 && text === ':';
  });
}

/** `.{u, v}` right after the name. */
function universeParameters(tokens: readonly CodeToken[]): {
  readonly tokens: number;
  readonly names: string[];
} {
  if (tokens[0]?.text !== '.' || tokens[1]?.text !== '{') return { tokens: 0, names: [] };
  const end = tokens.findIndex(({ text }) => text === '}');
  const names = tokens.slice(2, end).filter(({ kind }) => kind === 'identifier');
  return { tokens: end + 1, names: names.map(({ text }) => text) };
}

/** `u` of `Type u` and `Sort u`: Lean binds it in a theorem's signature, not in a definition's value. */
function usedUniverses(tokens: readonly CodeToken[]): string[] {
  return tokens
    .filter((token, i) => token.kind === 'identifier' && /^(?:Type|Sort)$/.test(tokens[i - 1]?.text ?? ''))
    .map(({ text }) => text)
    .filter((text) => /^[a-z][\w₀-₉']*$/u.test(text));
}

function universeList({ named, used }: Theorem['universes'], declared: ReadonlySet<string>): string {
  const names = [...new Set([...named, ...used.filter((name) => !declared.has(name))])];
  return names.length === 0 ? '' : `.{${names.join(', ')}}`;
}

/** Adds to the last component of a name, inside its «…» where it has them. */
function suffixed(name: string, suffix: string): string {
  const components = nameComponents(name);
  const last = components.pop() ?? '';
  const end = last.endsWith('»') ? `${last.slice(0, -1)}${suffix}»` : `${last}${suffix}`;
  return [...components, end].join('.');
}

const unsupported = (detail: string): Negation => ({ kind: 'unsupported', detail });

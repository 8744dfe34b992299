import { splitCommands, type Command } from './commands.ts';
import { nameComponents } from './characters.ts';
import { sliceSource, type CodeToken, type SourceText } from './source-text.ts';

/** What a header leaves open for the theorem below it. */
export type HeaderContext =
  | {
      readonly kind: 'context';
      /** The imports, which must stay in front. */
      readonly imports: string;
      readonly body: string;
      /** Binders of the `variable` commands in force, in order. */
      readonly variables: readonly string[];
      /** Names of `universe` commands in force. */
      readonly universes: ReadonlySet<string>;
      /** Open namespaces and sections, outermost first; an anonymous section is ''. */
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'unsupported'; readonly detail: string };

interface Scope {
  readonly name: string;
  readonly variables: string[];
  readonly universes: string[];
}

const IMPORTS = new Set(['import', 'prelude', 'module']);
const OPENING = new Map([
  ['(', ')'],
  ['{', '}'],
  ['⦃', '⦄'],
  ['[', ']'],
]);

/** Reads which scopes, variables and universes are in force at a header's end. */
export function headerContext(source: SourceText): HeaderContext {
  if (source.defect !== undefined) return unsupported('the header could not be read');
  const root: Scope = { name: '', variables: [], universes: [] };
  const scopes: Scope[] = [];
  let importsEnd = 0;
  const commands = source.code.length === 0 ? [] : splitCommands(source);
  for (const command of commands) {
    const tokens = source.code.slice(command.keywordAt + 1, command.last + 1);
    const names = namesOf(command, tokens);
    const innermost = scopes.at(-1) ?? root;
    switch (command.keyword) {
      case 'namespace':
      case 'section':
        for (const name of names.length === 0 ? [''] : names) {
          scopes.push({ name, variables: [], universes: [] });
        }
        break;
      case 'end':
        for (const name of names.length === 0 ? [''] : names.toReversed()) {
          if (scopes.pop()?.name !== name) return unsupported('an `end` of the header closes nothing');
        }
        break;
      case 'variable': {
        const binders = variableBinders(source, tokens);
        if (binders === undefined) return unsupported('a `variable` of the header gives no type');
        innermost.variables.push(...binders);
        break;
      }
      case 'universe':
        innermost.universes.push(...tokens.map(({ text }) => text));
        break;
      case 'mutual':
      case '#exit':
        return unsupported(`the header holds \`${command.keyword}\``);
      default:
        if (IMPORTS.has(command.keyword)) importsEnd = source.code[command.last]?.end ?? 0;
    }
  }
  const inForce = [root, ...scopes];
  return {
    kind: 'context',
    imports: source.text.slice(0, importsEnd),
    body: source.text.slice(importsEnd).trim(),
    variables: inForce.flatMap(({ variables }) => variables),
    universes: new Set(inForce.flatMap(({ universes }) => universes)),
    scopes: scopes.map(({ name }) => name),
  };
}

/** The `end` commands that close the scopes, innermost first. */
export function closingScopes(scopes: readonly string[]): string[] {
  return scopes.toReversed().map((name) => (name === '' ? 'end' : `end ${name}`));
}

function namesOf(command: Command, tokens: readonly CodeToken[]): string[] {
  const [name] = tokens;
  return name?.kind === 'identifier' ? nameComponents(name.text) : [];
}

/**
 * Each binder's text. Undefined where one has no type: it would change how an earlier one is bound, and written after
 * `∀` it would be another variable.
 */
function variableBinders(source: SourceText, tokens: readonly CodeToken[]): string[] | undefined {
  const binders: string[] = [];
  for (let i = 0; i < tokens.length;) {
    const first = tokens[i];
    const closer = OPENING.get(first?.text ?? '');
    if (first === undefined || closer === undefined) return undefined;
    let depth = 0;
    let end = i;
    let typed = first.text === '[';
    for (; end < tokens.length; end++) {
      const text = tokens[end]?.text ?? '';
      if (text === first.text) depth++;
      if (text === ':' && depth === 1) typed = true;
      if (text === closer && --depth === 0) break;
    }
    const last = tokens[end];
    if (last === undefined || !typed) return undefined;
    binders.push(' '.repeat(first.column) + sliceSource(source, first.start, last.end));
    i = end + 1;
  }
  return binders;
}

const unsupported = (detail: string): HeaderContext => ({ kind: 'unsupported', detail });

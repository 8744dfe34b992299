import type { Statement } from '../../record/index.ts';
import { readCommands, type Command } from './commands.ts';
import type { LeanToken } from './lean-tokens.ts';
import { openInCore } from './opens.ts';
import { signatureOf, type Proved } from './theorems.ts';

/** Commands that declare a name. */
const DECLARING = new Set(
  'theorem lemma def abbrev inductive structure class axiom opaque instance'.split(' '),
);

/** What of a reply may stand between our header and our theorem. */
export interface Helpers {
  readonly text: string;
  /** `open … in`, `set_option … in`: for the theorem only. */
  readonly prefix: string;
}

/**
 * The commands before a proof, without what our header says already or says otherwise, what declares nothing, and
 * lemmas that nothing mentions: a draft that does not elaborate would fail the whole. Namespaces that the reply leaves
 * open are closed and opened again, so that our theorem keeps its name.
 * @param theorem the proof they are for; undefined keeps every lemma
 */
export function helpersOf(
  before: readonly Command[],
  statement: Statement,
  theorem: Proved | undefined,
): Helpers {
  const ours = readCommands(statement.header);
  const prefixes = before.slice(before.length - countPrefixes(before));
  const own = ownCommands(before.slice(0, before.length - prefixes.length), ours, theorem?.name);
  const kept = theorem === undefined ? own : withoutUnused(own, theorem.proof);
  const inCore = statement.environment.library === 'core';
  const declared = new Set([...ours, ...kept].flatMap((command) => outermostName(command) ?? []));
  const write = (command: Command): string[] => {
    const text = inCore && command.keyword === 'open' ? openInCore(command, declared) : sourceOf(command);
    return text === undefined ? [] : [text];
  };
  return {
    text: [...kept.flatMap(write), ...leave(openScopes(kept))].join('\n\n'),
    prefix: prefixes
      .flatMap(write)
      .map((text) => `${text}\n`)
      .join(''),
  };
}

/** Without noise, and without what the header declares or says. */
function ownCommands(
  commands: readonly Command[],
  ours: readonly Command[],
  theorem: string | undefined,
): Command[] {
  const said = ours.map((command) => signatureOf(command.tokens));
  const declared = new Set(ours.flatMap((command) => declaredName(command) ?? []));
  if (theorem !== undefined) declared.add(theorem);
  let open = 0;
  return commands.filter((command) => {
    const repeated = said.indexOf(signatureOf(command.tokens));
    // Each command of ours answers for one of theirs: `end` may stand there twice.
    if (repeated >= 0) said.splice(repeated, 1);
    if (repeated >= 0 || isNoise(command)) return false;
    const name = declaredName(command);
    if (name !== undefined && declared.has(name)) return false;
    if (scopeOf(command) !== undefined) open += 1;
    if (command.keyword !== 'end') return true;
    // What the header opened stays open for our theorem.
    if (open === 0) return false;
    open -= 1;
    return true;
  });
}

/** Without the plain theorems that neither the proof nor anything else that is kept mentions. */
function withoutUnused(commands: readonly Command[], proof: readonly LeanToken[]): Command[] {
  const mentioned = new Set<string>();
  const mention = (tokens: readonly LeanToken[]): void => {
    for (const token of tokens) for (const part of token.text.split('.')) mentioned.add(part);
  };
  mention(proof);
  const kept: Command[] = [];
  for (const command of commands.toReversed()) {
    const plain = isTheorem(command) && command.tokens.every((token) => token.text !== '@');
    const name = declaredName(command)?.split('.').at(-1);
    if (plain && name !== undefined && !mentioned.has(name)) continue;
    mention(command.tokens);
    kept.unshift(command);
  }
  return kept;
}

const isTheorem = ({ keyword }: Command): boolean => keyword === 'theorem' || keyword === 'lemma';

/** A command's text, with `lemma`, which core Lean does not know, written as `theorem`. */
function sourceOf({ keyword, keywordAt, tokens, text }: Command): string {
  const token = tokens[keywordAt];
  if (keyword !== 'lemma' || token === undefined) return text;
  const at = token.start - (tokens[0]?.start ?? 0);
  return `${text.slice(0, at)}theorem${text.slice(at + 'lemma'.length)}`;
}

/** Imports are the environment's; `#eval` and `example` declare nothing; what is no command does not belong there. */
export const isNoise = ({ keyword }: Command): boolean =>
  keyword === '' || keyword === 'import' || keyword === 'example' || keyword.startsWith('#');

interface Scope {
  readonly keyword: string;
  readonly name: string;
}

function scopeOf({ keyword, keywordAt, tokens }: Command): Scope | undefined {
  const scoped = ['namespace', 'section', 'mutual'].includes(keyword);
  return scoped ? { keyword, name: tokens[keywordAt + 1]?.text ?? '' } : undefined;
}

function openScopes(commands: readonly Command[]): Scope[] {
  const scopes: Scope[] = [];
  for (const command of commands) {
    const scope = scopeOf(command);
    if (command.keyword === 'end') scopes.pop();
    else if (scope !== undefined) scopes.push(scope);
  }
  return scopes;
}

/** Closes the scopes down to the outermost namespace, and opens the namespaces. Sections may stay as they are. */
function leave(scopes: readonly Scope[]): string[] {
  const outermost = scopes.findIndex((scope) => scope.keyword === 'namespace');
  if (outermost < 0) return [];
  const left = scopes.slice(outermost);
  const names = left.filter((scope) => scope.keyword === 'namespace').map((scope) => scope.name);
  return [
    ...left.toReversed().map(({ name }) => `end ${name}`.trimEnd()),
    `open ${names.map((_, i) => names.slice(0, i + 1).join('.')).join(' ')}`,
  ];
}

/** First component of the name that a command declares or opens as a namespace. */
function outermostName(command: Command): string | undefined {
  const scope = scopeOf(command);
  const name = scope?.keyword === 'namespace' ? scope.name : declaredName(command);
  return name?.split('.')[0];
}

function countPrefixes(commands: readonly Command[]): number {
  let count = 0;
  while (commands.at(-1 - count)?.tokens.at(-1)?.text === 'in') count += 1;
  return count;
}

function declaredName({ keyword, keywordAt, tokens }: Command): string | undefined {
  const name = tokens[keywordAt + 1];
  return DECLARING.has(keyword) && name?.kind === 'word' ? name.text : undefined;
}

import { readCommands, type Command } from './commands.ts';
import { signatureOf } from './theorems.ts';

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
 * The commands before a proof, without what our header says already or says otherwise, and without what declares
 * nothing. Namespaces that the reply leaves open are closed and opened again, so that our theorem keeps its name.
 */
export function helpersOf(before: readonly Command[], header: string, theorem: string | undefined): Helpers {
  const ours = readCommands(header);
  const said = ours.map((command) => signatureOf(command.tokens));
  const declared = new Set(ours.flatMap((command) => declaredName(command) ?? []));
  if (theorem !== undefined) declared.add(theorem);
  const scopes: Scope[] = [];
  const kept: string[] = [];
  const prefixes = before.slice(before.length - countPrefixes(before));
  for (const command of before.slice(0, before.length - prefixes.length)) {
    const repeated = said.indexOf(signatureOf(command.tokens));
    if (repeated >= 0) {
      // Each command of ours answers for one of theirs: `end` may stand there twice.
      said.splice(repeated, 1);
      continue;
    }
    if (isNoise(command)) continue;
    const name = declaredName(command);
    if (name !== undefined && declared.has(name)) continue;
    if (command.keyword === 'end' && scopes.pop() === undefined) continue;
    const scope = scopeOf(command);
    if (scope !== undefined) scopes.push(scope);
    kept.push(sourceOf(command));
  }
  return {
    text: [...kept, ...leave(scopes)].join('\n\n'),
    prefix: prefixes.map((command) => `${sourceOf(command)}\n`).join(''),
  };
}

/** A command's text, with `lemma`, which core Lean does not know, written as `theorem`. */
export function sourceOf({ keyword, keywordAt, tokens, text }: Command): string {
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

function countPrefixes(commands: readonly Command[]): number {
  let count = 0;
  while (commands.at(-1 - count)?.tokens.at(-1)?.text === 'in') count += 1;
  return count;
}

function declaredName({ keyword, keywordAt, tokens }: Command): string | undefined {
  const name = tokens[keywordAt + 1];
  return DECLARING.has(keyword) && name?.kind === 'word' ? name.text : undefined;
}

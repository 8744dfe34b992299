import type { Statement } from '../../record/index.ts';
import { readSignature, isProposition, readBinder, type Context, type Local } from './context.ts';
import { closingBracket, identifiers, mentions, squeeze, stripComments } from './lean-text.ts';

/** A constructor of an inductive type, with names for its arguments. */
export interface Constructor {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly recursive: boolean }[];
}

/** A declaration of the header. */
export interface Definition {
  readonly name: string;
  readonly kind: 'def' | 'inductive' | 'structure' | 'theorem';
  readonly recursive: boolean;
  /** A `def` into Prop or an inductive predicate. */
  readonly predicate: boolean;
  readonly text: string;
  readonly constructors: readonly Constructor[];
}

/** All that the text of a statement tells without Lean. */
export interface Shape {
  readonly root: Context;
  readonly definitions: readonly Definition[];
  /** Names of the header's definitions that the theorem rests on, and which a proof may unfold. */
  readonly unfoldable: readonly string[];
  /** Names of the header's theorems. */
  readonly lemmas: readonly string[];
  readonly predicates: ReadonlySet<string>;
}

const DECLARATION =
  /^(?:@\[[^\]]*\]\s*)?(?:(?:private|protected|noncomputable|partial|unsafe)\s+)*(def|abbrev|inductive|structure|theorem|lemma|instance|variable|namespace|section|end|open|class|set_option|universe|import)\b/;

export function readShape(statement: Pick<Statement, 'header' | 'formal'>): Shape {
  const blocks = declarations(stripComments(statement.header));
  const definitions = blocks.flatMap((block) => readDefinition(block) ?? []);
  const predicates = new Set(definitions.filter((d) => d.predicate).map((d) => d.name));
  const variables = blocks
    .filter((block) => block.startsWith('variable'))
    .flatMap((block) => readSignature(`${block.slice('variable'.length)} :`).locals);
  const formal = squeeze(stripComments(statement.formal));
  const signature = readSignature(formal.replace(/^.*?\b(?:theorem|lemma)\s+\S+/, ''));
  const bound = new Set(signature.locals.map((local) => local.name));
  const root: Context = {
    goal: signature.goal,
    locals: [...variables.filter((v) => !bound.has(v.name) && mentions(formal, v.name)), ...signature.locals],
  };
  return {
    root,
    definitions,
    unfoldable: reachable(formal, definitions),
    lemmas: definitions.filter((d) => d.kind === 'theorem').map((d) => d.name),
    predicates,
  };
}

/** The header cut into declarations: each begins at a line that starts with a command. */
export function declarations(header: string): string[] {
  const blocks: string[] = [];
  for (const line of header.split('\n')) {
    if (DECLARATION.test(line) || blocks.length === 0) blocks.push(line);
    else blocks.push(`${blocks.pop() ?? ''}\n${line}`);
  }
  return blocks.map((block) => block.trim()).filter((block) => block !== '');
}

function readDefinition(block: string): Definition | undefined {
  const match = /(?:^|\s)(def|abbrev|inductive|structure|theorem|lemma)\s+([^\s:({[]+)/.exec(
    block.slice(0, 400),
  );
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const [, keyword, name] = match;
  const rest = block.slice(match.index + match[0].length);
  const kind = keyword === 'abbrev' || keyword === 'def' ? 'def' : keyword === 'lemma' ? 'theorem' : keyword;
  const head = squeeze(rest.split(/:=|\n\s*\||\bwhere\b/)[0] ?? '');
  const short = name.split('.').at(-1) ?? name;
  return {
    name,
    kind: kind as Definition['kind'],
    recursive:
      kind === 'inductive'
        ? identifiers(rest).includes(name)
        : identifiers(rest.slice(head.length)).some((id) => id === name || id.endsWith(`.${short}`)),
    predicate: kind !== 'theorem' && /(?:→|:)\s*Prop$/.test(head),
    text: block,
    constructors: kind === 'inductive' ? readConstructors(name, rest) : [],
  };
}

function readConstructors(type: string, rest: string): Constructor[] {
  const body = rest.replace(/\bderiving\b[\s\S]*$/, '');
  return body
    .split(/(?:^|\s)\|(?=\s)/)
    .slice(1)
    .flatMap((part) => {
      const text = squeeze(part);
      const name = /^[^\s:({]+/.exec(text)?.[0];
      return name === undefined ? [] : [{ name, fields: readFields(type, text.slice(name.length)) }];
    });
}

function readFields(type: string, text: string): Constructor['fields'] {
  const fields: Local[] = [];
  let i = 0;
  for (; i < text.length && text.charAt(i) !== ':'; i++) {
    if (text.charAt(i) !== '(') continue;
    const end = closingBracket(text, i);
    fields.push(...readBinder(text.slice(i + 1, end)));
    i = end;
  }
  const arrows = text
    .slice(i + 1)
    .split('→')
    .slice(0, -1);
  const unnamed = arrows.map((part) => ({ name: '', type: squeeze(part) }));
  const all = [...fields, ...unnamed];
  const taken = new Set(all.map((field) => field.name));
  return all.map((field) => {
    const recursive = mentions(field.type, type);
    let name = field.name;
    // Unnamed arguments get the names a reader expects: l, r for what recurs, x, y for what does not.
    for (const letter of recursive ? 'lrtuvw' : 'xyzabcd') {
      if (name !== '' && name !== '_') break;
      if (!taken.has(letter)) name = letter;
    }
    taken.add(name);
    return { name, recursive };
  });
}

/** Definitions that the text mentions, directly or through others, in the order of the header. */
function reachable(text: string, definitions: readonly Definition[]): string[] {
  const seen = new Set<string>();
  const visit = (source: string): void => {
    for (const d of definitions) {
      const short = d.name.split('.').at(-1) ?? d.name;
      const used = identifiers(source).some(
        (id) => id === d.name || id.split('.').slice(1).includes(short) || id === short,
      );
      const dotted = new RegExp(`\\.${escape(short)}(?![\\p{L}\\p{N}_'])`, 'u').test(source);
      if (d.kind === 'def' && !seen.has(d.name) && (used || dotted)) {
        seen.add(d.name);
        visit(d.text);
      }
    }
  };
  visit(text);
  return definitions.filter((d) => seen.has(d.name)).map((d) => d.name);
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Locals that stand for values (numbers, lists, functions …), not for proofs or types. */
export function values(context: Context, shape: Shape): Local[] {
  return context.locals.filter(
    (local, i) =>
      !/^(?:Type|Sort)\b/.test(local.type) &&
      !isProposition(local.type, context.locals.slice(0, i), shape.predicates),
  );
}

export function hypotheses(context: Context, shape: Shape): Local[] {
  return context.locals.filter((local, i) =>
    isProposition(local.type, context.locals.slice(0, i), shape.predicates),
  );
}

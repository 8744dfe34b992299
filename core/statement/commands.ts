import type { CodeToken, SourceText } from './source-text.ts';

/** One command of a Lean file: its code tokens `[first, last]`, modifiers and doc comment included. */
export interface Command {
  /** The word that says what it is: `theorem`, `open`, `#check` …; empty where the text starts with something else. */
  readonly keyword: string;
  /** Index of that word among the code tokens; modifiers, attributes and the doc comment stand before it. */
  readonly keywordAt: number;
  readonly first: number;
  readonly last: number;
}

export const DECLARATIONS: ReadonlySet<string> = new Set(
  'theorem lemma def abbrev instance example structure inductive class axiom opaque irreducible_def'.split(
    ' ',
  ),
);
/** Reserved words that start a command wherever they stand outside brackets. */
const STRONG: ReadonlySet<string> = new Set([
  ...DECLARATIONS,
  ...'namespace section end mutual variable variables universe'.split(' '),
]);
/** Words that start a command at a line's start only: terms and tactics know them too, or libraries add them. */
const WEAK: ReadonlySet<string> = new Set(
  (
    'import prelude module open set_option export include omit attribute initialize builtin_initialize syntax macro ' +
    'macro_rules elab elab_rules notation notation3 infix infixl infixr prefix postfix declare_syntax_cat alias ' +
    'add_decl_doc run_cmd run_elab run_meta simproc dsimproc binder_predicate library_note register_simp_attr ' +
    'register_option register_label_attr initialize_simps_projections add_aesop_rules declare_aesop_rule_sets ' +
    'mk_iff_of_inductive_prop run_meta proof_wanted seal unseal suppress_compilation unsuppress_compilation assert_not_exists ' +
    'assert_exists compile_inductive grind_pattern init_quot deprecated_module unif_hint'
  ).split(' '),
);
const MODIFIERS: ReadonlySet<string> = new Set(
  'private protected noncomputable nonrec partial unsafe public meta local scoped deriving'.split(' '),
);
/** Commands of names and literals alone: whatever command word comes next starts another one. */
const SHORT: ReadonlySet<string> = new Set(
  'import prelude module open set_option export include omit namespace section end mutual universe'.split(
    ' ',
  ),
);
/** At a line's start these start a command even where a bracket is still open: the bracket is the mistake. */
const RESETTING: ReadonlySet<string> = new Set('theorem lemma def example namespace section end'.split(' '));

const OPENERS: ReadonlySet<string> = new Set(['(', '[', '{', '⟨', '⟦', '@[']);
const CLOSERS: ReadonlySet<string> = new Set([')', ']', '}', '⟩', '⟧']);

/** +1 at an opening bracket, −1 at a closing one, 0 elsewhere. Code inside an interpolated string is bracketed. */
export function bracketStep(token: CodeToken): -1 | 0 | 1 {
  if (token.kind === 'string-open') return 1;
  if (token.kind === 'string-close') return -1;
  if (token.kind !== 'symbol') return 0;
  if (OPENERS.has(token.text)) return 1;
  return CLOSERS.has(token.text) ? -1 : 0;
}

/** Splits a source into its commands, as well as can be done without elaborating its syntax extensions. */
export function splitCommands(source: SourceText): Command[] {
  const { code } = source;
  const commands: Command[] = [];
  /** Code indices of the brackets that are open. */
  const brackets: number[] = [];
  /** For a closing bracket, the code index of its opening one. */
  const partner = new Map<number, number>();
  let current: Omit<Command, 'last'> | undefined;

  for (const [index, token] of code.entries()) {
    const keyword = commandWord(code, index);
    const first = keyword === '' ? index : modifiersBefore(code, index, partner, current?.keywordAt ?? -1);
    const starts =
      keyword === ''
        ? current !== undefined && followsSorry(code, index, current.first, brackets.length)
        : startsCommand(code, keyword, first, current, brackets.length);
    if (starts) {
      if (current !== undefined) commands.push({ ...current, last: first - 1 });
      else if (first > 0) commands.push(unknownCommand(first - 1));
      current = { keyword, keywordAt: index, first };
      brackets.length = 0;
    }

    const step = bracketStep(token);
    if (step > 0) brackets.push(index);
    if (step < 0) {
      const opener = brackets.pop();
      if (opener !== undefined) partner.set(index, opener);
    }
  }
  if (current !== undefined) commands.push({ ...current, last: code.length - 1 });
  else if (code.length > 0) commands.push(unknownCommand(code.length - 1));
  return commands;
}

/** What a text starts with where that is no command. */
const unknownCommand = (last: number): Command => ({ keyword: '', keywordAt: 0, first: 0, last });

/** The command word at this place, `#word` included, or nothing. */
function commandWord(code: readonly CodeToken[], index: number): string {
  const token = code[index];
  const before = code[index - 1];
  if (token?.kind === 'identifier') {
    // `.end`, `#eval`: part of what comes before.
    const joined = before?.kind === 'symbol' && before.end === token.start && /[.#]/.test(before.text);
    return !joined && (STRONG.has(token.text) || WEAK.has(token.text)) ? token.text : '';
  }
  const after = code[index + 1];
  if (token?.text === '#' && token.first && after?.kind === 'identifier' && after.start === token.end) {
    return `#${after.text}`;
  }
  return '';
}

function startsCommand(
  code: readonly CodeToken[],
  keyword: string,
  first: number,
  current: Omit<Command, 'last'> | undefined,
  depth: number,
): boolean {
  const start = code[first];
  if (current === undefined || start === undefined) return true;
  // `class inductive`, `class abbrev`: the second word belongs to the first.
  if (current.keyword === 'class' && first === current.keywordAt + 1) return false;
  if (depth > 0) return RESETTING.has(keyword) && start.first && start.column === 0;
  if (STRONG.has(keyword) || SHORT.has(current.keyword)) return true;
  return start.first && start.column <= (code[current.first]?.column ?? 0);
}

/** A library's own command after a theorem left open: nothing can follow `sorry` at the margin but another command. */
function followsSorry(
  code: readonly CodeToken[],
  index: number,
  currentFirst: number,
  depth: number,
): boolean {
  const token = code[index];
  if (depth > 0 || code[index - 1]?.text !== 'sorry') return false;
  if (token?.kind !== 'identifier' || !token.first || MODIFIERS.has(token.text)) return false;
  return token.column <= (code[currentFirst]?.column ?? 0);
}

/** Where the modifiers, attributes and doc comment before a command word start; never at or before `bound`. */
function modifiersBefore(
  code: readonly CodeToken[],
  keywordAt: number,
  partner: ReadonlyMap<number, number>,
  bound: number,
): number {
  let first = keywordAt;
  for (;;) {
    const before = code[first - 1];
    if (before === undefined || first - 1 <= bound) return first;
    const attribute = before.text === ']' ? partner.get(first - 1) : undefined;
    if (attribute !== undefined && attribute > bound && code[attribute]?.text === '@[') first = attribute;
    else if (before.kind === 'doc' || (before.kind === 'identifier' && MODIFIERS.has(before.text))) first--;
    else return first;
  }
}

import { lexLean, type LeanToken } from './lean-tokens.ts';

/** One command of a Lean text, with its modifiers and attributes. */
export interface Command {
  /** `theorem`, `open`, `#check` …; empty where the text starts with something else. */
  readonly keyword: string;
  /** All its tokens. */
  readonly tokens: readonly LeanToken[];
  /** Index of the keyword in `tokens`. */
  readonly keywordAt: number;
  /** From its first token to its last. */
  readonly text: string;
}

/** Reserved words: they start a command wherever they stand outside brackets. */
const STRONG = new Set(
  'theorem lemma def abbrev example structure inductive class axiom opaque namespace section mutual'.split(
    ' ',
  ),
);
/** These start a command in the first column only: tactics and terms know them too. */
const WEAK = new Set(
  (
    'import open set_option variable variables universe universes end instance attribute export include omit ' +
    'notation infix infixl infixr prefix postfix macro macro_rules syntax elab elab_rules alias ' +
    'initialize run_cmd declare_syntax_cat deriving'
  ).split(' '),
);
const MODIFIERS = new Set(
  'private protected noncomputable nonrec partial unsafe public local scoped'.split(' '),
);
const OPENERS = new Set('( [ { ⟨ ⦃'.split(' '));
const CLOSERS = new Set(') ] } ⟩ ⦄'.split(' '));

/** Splits a text whose commands start in the first column into its commands, as well as can be done without Lean. */
export function readCommands(text: string): Command[] {
  const tokens = lexLean(text);
  const starts: { readonly at: number; readonly keywordAt: number }[] = [];
  let depth = 0;
  let index = 0;
  while (index < tokens.length) {
    const start = commandAt(tokens, index, depth);
    if (start !== undefined) {
      starts.push({ at: index, keywordAt: start });
      depth = 0;
      index = start + 1;
      continue;
    }
    depth = Math.max(0, depth + bracketStep(tokens[index]));
    index += 1;
  }
  if (tokens.length > 0 && starts[0]?.at !== 0) starts.unshift({ at: 0, keywordAt: -1 });
  return starts.map(({ at, keywordAt }, i) => {
    const own = tokens.slice(at, starts[i + 1]?.at);
    const keyword = keywordAt < 0 ? '' : commandWord(tokens, keywordAt);
    const from = own[0]?.start ?? 0;
    return { keyword, tokens: own, keywordAt: keywordAt - at, text: text.slice(from, own.at(-1)?.end) };
  });
}

/** +1 at an opening bracket, −1 at a closing one. */
export function bracketStep(token: LeanToken | undefined): -1 | 0 | 1 {
  if (token?.kind !== 'symbol') return 0;
  if (OPENERS.has(token.text)) return 1;
  return CLOSERS.has(token.text) ? -1 : 0;
}

/** The index of the keyword of the command that starts at `index`, modifiers first; undefined where none does. */
function commandAt(tokens: readonly LeanToken[], index: number, depth: number): number | undefined {
  const token = tokens[index];
  if (token === undefined) return undefined;
  const firstColumn = token.first && token.column === 0;
  // A bracket that is still open in the first column of a new command was the mistake.
  if (depth > 0 && !firstColumn) return undefined;
  let at = index;
  while (isModifier(tokens, at)) at = afterModifier(tokens, at);
  const word = commandWord(tokens, at);
  if (STRONG.has(word)) return at > index || depth === 0 || firstColumn ? at : undefined;
  if (!firstColumn) return undefined;
  if (WEAK.has(word) || word.startsWith('#')) return at;
  // `noncomputable section`, `local notation`, `@[…] instance` and whatever else modifiers may stand before.
  return at > index && at < tokens.length ? at : undefined;
}

function isModifier(tokens: readonly LeanToken[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind === 'word') return MODIFIERS.has(token.text);
  return token?.text === '@' && tokens[at + 1]?.text === '[' && tokens[at + 1]?.start === token.end;
}

function afterModifier(tokens: readonly LeanToken[], at: number): number {
  if (tokens[at]?.kind === 'word') return at + 1;
  let depth = 0;
  for (let end = at + 1; end < tokens.length; end++) {
    depth += bracketStep(tokens[end]);
    if (depth === 0) return end + 1;
  }
  return tokens.length;
}

/** The word a command is known by: `#eval` is two tokens. */
function commandWord(tokens: readonly LeanToken[], at: number): string {
  const token = tokens[at];
  if (token?.kind === 'word') return token.text;
  const next = tokens[at + 1];
  return token?.text === '#' && next?.start === token.end && next.kind === 'word' ? `#${next.text}` : '';
}

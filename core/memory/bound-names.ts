import type { LeanToken } from './lean-tokens.ts';

const BINDERS = new Set(['∀', '∃', '∃!', 'fun', '∑', '∏', '⋃', '⋂', '⨆', '⨅', '∫', 'let', 'Σ', 'Π']);
const BINDING_BRACKETS = new Set(['(', '{', '[', '⦃']);
/** Undotted constructors that patterns name; all other small names in a pattern are bound by it. */
const CONSTRUCTORS = new Set([
  'none',
  'some',
  'nil',
  'cons',
  'zero',
  'succ',
  'true',
  'false',
  'inl',
  'inr',
  'rfl',
]);
const LONGEST_PATTERN = 24;
/** `n`, `α`, `x₁`, `h'`: what Lean binds automatically and nobody calls a constant. */
const AUTOBOUND = /^\p{L}[\p{Nd}₀-₉']*$/u;

/** Names that the tokens bind: in brackets before a colon, after a quantifier, and in patterns. */
export function boundNames(tokens: readonly LeanToken[]): ReadonlySet<string> {
  const bound = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.kind === 'open' && BINDING_BRACKETS.has(token.text)) {
      const names = namesFrom(tokens, i + 1);
      if (tokens[i + 1 + names.length]?.text === ':') names.forEach((name) => bound.add(name));
    } else if (BINDERS.has(token.text)) {
      namesFrom(tokens, i + 1).forEach((name) => bound.add(name));
    } else if (token.text === '|') {
      patternNames(tokens, i + 1).forEach((name) => bound.add(name));
    }
  });
  bound.delete('_');
  return bound;
}

/** Whether a name stands for a variable: bound in the text, or of the form that Lean binds by itself. */
export function isVariable(
  name: string,
  bound: ReadonlySet<string>,
  constants: ReadonlySet<string>,
): boolean {
  return bound.has(name) || (AUTOBOUND.test(name) && !constants.has(name));
}

function namesFrom(tokens: readonly LeanToken[], start: number): string[] {
  const names: string[] = [];
  for (let i = start; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token?.kind !== 'identifier' || token.text.includes('.')) break;
    names.push(token.text);
  }
  return names;
}

function patternNames(tokens: readonly LeanToken[], start: number): string[] {
  const names: string[] = [];
  for (let i = start; i < Math.min(tokens.length, start + LONGEST_PATTERN); i += 1) {
    const token = tokens[i];
    if (token === undefined || token.text === '|') return [];
    if (token.text === '↦') return names;
    if (
      token.kind === 'identifier' &&
      /^[\p{Ll}_][^.]*$/u.test(token.text) &&
      !CONSTRUCTORS.has(token.text)
    ) {
      names.push(token.text);
    }
  }
  return [];
}

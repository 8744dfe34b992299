/**
 * Light reading of Lean text: brackets, top-level splits, identifiers. It never needs to be right about all of Lean:
 * what it misreads costs a candidate, for Lean judges every one.
 */

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '⟨': '⟩', '⦃': '⦄' };
const OPENING = new Set(Object.keys(CLOSERS));
const CLOSING = new Set(Object.values(CLOSERS));

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜ]*(?:\.[\p{L}_][\p{L}\p{N}_'!?₀-₉ₐ-ₜ]*)*✝*[⁰-⁹]*/gu;
const KEYWORDS = new Set(
  'fun let have show if then else match with from by at in do where theorem def Type Prop Sort'.split(' '),
);

/** The text without comments. */
export function stripComments(text: string): string {
  return text.replace(/\/-[\s\S]*?-\//g, ' ').replace(/--.*$/gm, '');
}

/** Whitespace runs, line ends included, become one blank. */
export const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Where the bracket that opens at `start` is closed, or the text's length. */
export function closingBracket(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text.charAt(i);
    if (OPENING.has(c)) depth++;
    else if (CLOSING.has(c) && --depth === 0) return i;
  }
  return text.length;
}

/** Position of the first of the tokens outside all brackets, from `from` on, or -1. */
export function findTop(text: string, tokens: readonly string[], from = 0): { at: number; token: string } {
  for (let i = from; i < text.length; i++) {
    const c = text.charAt(i);
    if (OPENING.has(c)) {
      i = closingBracket(text, i);
      continue;
    }
    const token = tokens.find((candidate) => text.startsWith(candidate, i));
    if (token !== undefined) return { at: i, token };
  }
  return { at: -1, token: '' };
}

/** Splits at every occurrence of the separator outside brackets. */
export function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const { at } = findTop(text, [separator], from);
    if (at < 0) break;
    parts.push(text.slice(from, at).trim());
    from = at + separator.length;
  }
  parts.push(text.slice(from).trim());
  return parts;
}

/** Removes brackets that enclose the whole text. */
export function unwrap(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && closingBracket(inner, 0) === inner.length - 1) {
    inner = inner.slice(1, -1).trim();
  }
  return inner;
}

/** All identifiers of a text, in order, keywords left out, repeated ones once. */
export function identifiers(text: string): string[] {
  return [...new Set(text.match(IDENTIFIER) ?? [])].filter((name) => !KEYWORDS.has(name));
}

/** Whether a text mentions an identifier as a whole word; a projection such as `xs.length` mentions `xs`. */
export function mentions(text: string, name: string): boolean {
  return identifiers(text).some((found) => found === name || found.startsWith(`${name}.`));
}

/** A term fit to stand as an argument. */
export const argument = (term: string): string =>
  /^[\p{L}\p{N}_.'₀-₉✝]+$/u.test(term) ||
  (OPENING.has(term.charAt(0)) && closingBracket(term, 0) === term.length - 1)
    ? term
    : `(${term})`;

/** Arguments of an application `f a (b c) d`, split; undefined where the text is no plain application. */
export function applicationArguments(text: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length;) {
    if (/\s/.test(text.charAt(i))) {
      i++;
      continue;
    }
    let end = i;
    if (OPENING.has(text.charAt(i))) {
      end = closingBracket(text, i) + 1;
      while (end < text.length && !/\s/.test(text.charAt(end))) end++;
    } else {
      while (end < text.length && !/\s/.test(text.charAt(end))) {
        end = OPENING.has(text.charAt(end)) ? closingBracket(text, end) + 1 : end + 1;
      }
    }
    out.push(text.slice(i, end));
    i = end;
  }
  return out;
}

/**
 * Lean's identifiers, as regular expression sources for the `u` flag. Letters are ASCII, accented Latin, Greek without
 * λ Π Σ, Coptic, the letter-like block (ℕ ℝ …) and mathematical script, double-struck and Fraktur letters.
 */
const LETTER_LIKE =
  '\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{17f}\\u{391}-\\u{39f}\\u{3a1}\\u{3a2}\\u{3a4}-\\u{3a9}' +
  '\\u{3b1}-\\u{3ba}\\u{3bc}-\\u{3fb}\\u{1f00}-\\u{1ffe}\\u{2100}-\\u{214f}\\u{1d49c}-\\u{1d59f}';
const SUBSCRIPTS = '\\u{2080}-\\u{2089}\\u{2090}-\\u{209c}\\u{1d62}-\\u{1d6a}\\u{2c7c}';
const FIRST = `[A-Za-z_${LETTER_LIKE}]`;
const REST = `[A-Za-z0-9_'!?${LETTER_LIKE}${SUBSCRIPTS}]`;

/** One component that needs no «…». */
const PLAIN = `${FIRST}${REST}*`;
const COMPONENT = `(?:${PLAIN}|«[^»]*»)`;

export const IDENTIFIER = `${COMPONENT}(?:\\.${COMPONENT})*`;

const plainComponent = new RegExp(`^${PLAIN}$`, 'u');
const components = new RegExp(COMPONENT, 'gu');

/** The components of an identifier's text, each in Lean's own spelling: `«…»` only where it is needed. */
export function nameComponents(identifier: string): string[] {
  return Array.from(identifier.matchAll(components), ([component]) => {
    const bare = component.startsWith('«') ? component.slice(1, -1) : component;
    return plainComponent.test(bare) ? bare : component;
  });
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanSource } from '../../renderer/components/lean/clean-source.ts';

test.each([
  [
    'line ends of other systems',
    'theorem a :\r\n  True := by\r  sorry\n',
    'theorem a :\n  True := by\n  sorry\n',
  ],
  ['a mark of byte order', '\ufefftheorem a', 'theorem a'],
  ['tabs', '\ttheorem a\t:', '  theorem a  :'],
  ['blanks of a web page', 'a\u00a0+\u202fb', 'a + b'],
  ['marks without a width', 'a\u200b +\u2060 b', 'a + b'],
])('%s are made what Lean reads', (_what, from, to) => {
  expect(cleanSource(from)).toBe(to);
});

test('string literals stay as they are, also with quotes within', () => {
  const source = 'theorem a : "x\t\\"\u00a0" = "y\u200b" := by';
  expect(cleanSource(`${source}\t`)).toBe(`${source}  `);
});

test('all that Lean reads is left alone, and what is clean stays clean', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '𝔸', ' ', '\n', '"', '\\', '\t', '\r', '\ufeff', '\u00a0') }),
      (text) => {
        const clean = cleanSource(text);
        expect(cleanSource(clean)).toBe(clean);
        const visible = (of: string): string => of.replace(/[\s\ufeff]/g, '');
        expect(visible(clean)).toBe(visible(text));
      },
    ),
  );
});

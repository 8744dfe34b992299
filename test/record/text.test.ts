import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SOURCE_LENGTH, normalizeSource, sourceDefect, sourceSchema } from '../../core/record/index.ts';
import { roughSource } from './generators.ts';

describe('the normal form of source text', () => {
  it.each([
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['a lone CR', 'a\rb', 'a\nb'],
    ['CR before CRLF', 'a\r\r\nb', 'a\n\nb'],
    ['blanks at line ends', 'a \t\n  b\t', 'a\n  b'],
    ['blank lines at both ends', '\n \n\na\n\n \n', 'a'],
    ['a byte order mark', '\uFEFFa', 'a'],
    ['a byte order mark after a blank line', '\n\uFEFFa', 'a'],
    ['indentation, kept', '  a\n    b', '  a\n    b'],
    ['blank lines inside, kept', 'a\n\n\nb', 'a\n\n\nb'],
    ['a byte order mark inside, kept', 'a\uFEFFb', 'a\uFEFFb'],
    ['blanks before U+2028, which ends no line in Lean, kept', 'a \u2028b', 'a \u2028b'],
    ['nothing', '', ''],
    ['blanks alone', ' \r\n\t', ''],
  ])('treats %s', (_, input, expected) => {
    expect(normalizeSource(input)).toBe(expected);
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(roughSource, (text) => {
        const once = normalizeSource(text);
        expect(normalizeSource(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no carriage return, blank line end, or blank outer line', () => {
    fc.assert(
      fc.property(roughSource, (text) => {
        expect(normalizeSource(text)).not.toMatch(/\r|[ \t]\n|[ \t]$|^\n|\n$|^\uFEFF/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['blanks', ' '],
    ['tabs', '\t'],
    ['line ends', '\n'],
    ['carriage returns', '\r'],
    ['byte order marks', '\uFEFF'],
  ])('takes a million %s in linear time, wherever they stand', (_, character) => {
    const run = character.repeat(MAX_SOURCE_LENGTH - 2);
    const start = performance.now();
    for (const text of [run, `a${run}b`, `a${run}`, `${run}b`]) normalizeSource(text);
    // Quadratic code needs tens of minutes here.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('what cannot be source text', () => {
  it.each([
    ['a NUL', 'theorem\0', /NUL character at offset 7/],
    ['a lone high surrogate', 'a\uD835', /lone surrogate/],
    ['a lone low surrogate', '\uDCDDa', /lone surrogate/],
    [
      'one character too many',
      'a'.repeat(MAX_SOURCE_LENGTH + 1),
      /longer than 1000000 characters \(1000001\)/,
    ],
  ])('refuses %s and says so', (_, text, message) => {
    expect(sourceDefect(text)).toMatch(message);
    const parsed = sourceSchema.safeParse(text);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toMatch(message);
  });

  it('accepts the longest text, and every character outside the basic plane', () => {
    expect(sourceSchema.parse('a'.repeat(MAX_SOURCE_LENGTH))).toHaveLength(MAX_SOURCE_LENGTH);
    expect(sourceSchema.parse('𝓝 😀')).toBe('𝓝 😀');
  });
});

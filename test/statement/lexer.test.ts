import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lex, type TokenKind } from '../../core/statement/lexer.ts';

/** `kind text` of every token that is no space. */
function tokens(text: string): string[] {
  return lex(text)
    .tokens.filter((token) => token.kind !== 'space')
    .map((token) => `${token.kind} ${text.slice(token.start, token.end)}`);
}

const one = (kind: TokenKind, text: string): [string, string, string[]] => [text, text, [`${kind} ${text}`]];

describe('the lexer', () => {
  it.each([
    one('comment', '-- a /- b "'),
    one('comment', '/- a -/'),
    one('comment', '/- a /- b -/ c -/'),
    one('comment', '/- "not a string -/'),
    one('comment', '/- -- -/'),
    one('comment', '/-/ -/'),
    one('comment', '/-! module -/'),
    one('doc', '/-- a /- b -/ -/'),
    one('doc', '/-- ends with a dash --/'),
    one('string', '"a \\" b"'),
    one('string', '"\\\\"'),
    one('string', '"-- no comment /- none"'),
    one('string', '"two\nlines"'),
    one('string', '"{no code}"'),
    one('string', 'r"\\"'),
    one('string', 'r#"a " b"#'),
    one('string', 'r##"a "# b"##'),
    one('char', "'a'"),
    one('char', "'\"'"),
    one('char', "'('"),
    one('char', "'\\''"),
    one('char', "'\\\\'"),
    one('char', "'\\x41'"),
    one('char', "'\\u03b1'"),
    one('char', "'𝓝'"),
    one('identifier', "h'"),
    one('identifier', "a'b'"),
    one('identifier', 'x₁'),
    one('identifier', 'get!'),
    one('identifier', 'find?'),
    one('identifier', 'α.β.γ'),
    one('identifier', '«a b»'),
    one('identifier', 'Foo.«a.b».bar'),
    one('identifier', '_root_.Nat.add'),
    one('identifier', 'ℝ'),
    one('identifier', 'r'),
    one('name-literal', '`foo.bar'),
    one('name-literal', '``theorem'),
    one('number', '0xFF'),
    one('number', '1_000'),
    one('number', '2.5e-3'),
    one('symbol', ':='),
    one('symbol', '@['),
    one('symbol', "⁻¹'"),
    one('symbol', "''"),
    one('symbol', '⟨'),
  ])('reads %s as one token', (_, text, expected) => {
    expect(tokens(text)).toEqual(expected);
    expect(lex(text).defect).toBeUndefined();
  });

  it.each([
    ["f '' s", ['identifier f', "symbol ''", 'identifier s']],
    ["f ⁻¹' (s)", ['identifier f', "symbol ⁻¹'", 'symbol (', 'identifier s', 'symbol )']],
    ['λ x', ['symbol λ', 'identifier x']],
    ['Σ x', ['symbol Σ', 'identifier x']],
    ['x.1', ['identifier x', 'symbol .', 'number 1']],
    ['foo.{u}', ['identifier foo', 'symbol .', 'symbol {', 'identifier u', 'symbol }']],
    ['1..5', ['number 1', 'symbol .', 'symbol .', 'number 5']],
    ['a--b\nc', ['identifier a', 'comment --b', 'identifier c']],
    ['bar"x"', ['identifier bar', 'string "x"']],
    ['r #"x"', ['identifier r', 'symbol #', 'string "x"']],
    [
      "x ∈ {'}', '{'}",
      ['identifier x', 'symbol ∈', 'symbol {', "char '}'", 'symbol ,', "char '{'", 'symbol }'],
    ],
  ])('reads %s', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it.each([
    ['s!"a"', ['identifier s!', 'string "a"']],
    ['s!"{x}"', ['identifier s!', 'string-open "{', 'identifier x', 'string-close }"']],
    [
      's!"a{f "b}"}c{1}"',
      [
        'identifier s!',
        'string-open "a{',
        'identifier f',
        'string "b}"',
        'string-middle }c{',
        'number 1',
        'string-close }"',
      ],
    ],
    [
      'm!"{ {a} }"',
      ['identifier m!', 'string-open "{', 'symbol {', 'identifier a', 'symbol }', 'string-close }"'],
    ],
    [
      's!"{s!"{x}"}"',
      [
        'identifier s!',
        'string-open "{',
        'identifier s!',
        'string-open "{',
        'identifier x',
        'string-close }"',
        'string-close }"',
      ],
    ],
    ['s!"\\{x"', ['identifier s!', 'string "\\{x"']],
  ])('reads the interpolated string %s', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
    expect(lex(text).defect).toBeUndefined();
  });

  it.each([
    ['a /- b', 2, /comment is never closed/, '`-/`'],
    ['/- /- -/', 0, /comment is never closed/, '`-/`'],
    ['/-/', 0, /comment is never closed/, '`-/`'],
    ['x "abc', 2, /string is never closed/, '`"`'],
    ['"abc\\"', 0, /string is never closed/, '`"`'],
    ['r#"abc"', 0, /raw string is never closed/, '`"#`'],
    ['x «abc', 2, /identifier is never closed/, '`»`'],
    ['s!"a{', 2, /code in this interpolated string is never closed/, '`}` and `"`'],
    ['s!"a{b}', 2, /string is never closed/, '`"`'],
  ])('says where %s breaks off', (text, offset, message, expected) => {
    const { tokens: found, defect } = lex(text);
    expect(defect).toMatchObject({ offset, expected });
    expect(defect?.message).toMatch(message);
    expect(found.at(-1)?.end).toBe(text.length);
  });

  const pieces = fc.constantFrom(
    ...[
      'theorem',
      'a',
      "'",
      '"',
      '{',
      '}',
      '/-',
      '-/',
      '--',
      '\n',
      ' ',
      '«',
      '»',
      's!"',
      'r#"',
      '"#',
      '\\',
      '`',
    ],
    ...[
      ':=',
      'h\u2081',
      '𝓝',
      '\uD835',
      '\0',
      '\t',
      '\r\n',
      '.',
      '@[',
      ']',
      '⟨',
      '0x',
      '1.5',
      '/--',
      '/-!',
      "''",
    ],
  );
  const garbage = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 100 }),
  );

  it('covers every text with tokens that follow one another without gap', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        let at = 0;
        for (const token of lex(text).tokens) {
          expect(token.start).toBe(at);
          expect(token.end).toBeGreaterThan(at);
          at = token.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads a prefix of tokens as it reads them in the whole text', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        const whole = lex(text);
        const space = whole.tokens.findLast((token) => token.kind === 'space');
        if (whole.defect !== undefined || space === undefined) return;
        const open = whole.tokens.filter((token) => token.end <= space.start);
        const depth = open.reduce(
          (sum, token) => sum + (token.kind === 'string-open' ? 1 : token.kind === 'string-close' ? -1 : 0),
          0,
        );
        if (depth === 0) expect(lex(text.slice(0, space.start)).tokens).toEqual(open);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['nested comments', '/-', ''],
    ['closed nested comments', '/-', '-/'],
    ['interpolated strings', 's!"{', '}"'],
    ['unclosed interpolated strings', 's!"{', ''],
    ['guillemets', 'a.«', ''],
    ['raw strings', 'r#"', ''],
    ['quotes', "'", ''],
    ['backticks', '`', ''],
    ['dots', 'a.', ''],
    ['digits', '1', ''],
    ['hashes after r', 'r' + '#'.repeat(500), ''],
  ])('takes a long run of %s in linear time', (_, open, close) => {
    const count = Math.floor(400_000 / open.length);
    const start = performance.now();
    const { tokens: found } = lex(open.repeat(count) + close.repeat(count));
    expect(found.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

import { describe, expect, it } from 'vitest';
import { describeEntry } from '../../core/statement/index.ts';
import { onlyProblem, problemsOf, readLean, statementsOf } from './helpers.ts';

describe('what is no open theorem', () => {
  it.each([
    ['an example', 'example : 1 = 1 := by sorry', 'unnamed', '1:0', /`example` has no name/],
    ['a theorem without a name', 'theorem : 1 = 1 := by sorry', 'unnamed', '1:0', /no name/],
    ['a theorem named by its binder', 'theorem (n : Nat) : n = n := sorry', 'unnamed', '1:0', /no name/],
    ['a theorem without a proof', 'theorem a : 1 = 1', 'incomplete', '1:0', /theorem a has no proof/],
    [
      'a theorem that ends at `:=`',
      'theorem a : 1 = 1 :=',
      'incomplete',
      '1:18',
      /proof of theorem a is missing/,
    ],
    [
      'a theorem that ends at `by`',
      'theorem a : 1 = 1 := by',
      'incomplete',
      '1:18',
      /proof of theorem a is missing/,
    ],
    [
      '`sorry` inside a proof',
      'theorem a : p := by\n  have h : q := by sorry\n  exact h',
      'partial-proof',
      '2:19',
      /only a part of the proof of theorem a/,
    ],
    [
      '`sorry` at the end of a proof',
      'theorem a : p := by\n  have h : q := by sorry',
      'partial-proof',
      '2:19',
      /only a part/,
    ],
    ['`sorry` as an argument', 'theorem a : p := foo sorry', 'partial-proof', '1:21', /only a part/],
    ['two `sorry`s', 'theorem a : p := ⟨sorry, sorry⟩', 'partial-proof', '1:18', /only a part/],
    [
      'a proof by pattern matching',
      'theorem a : ∀ n : Nat, n = n\n  | 0 => rfl\n  | n + 1 => by sorry',
      'pattern-matching',
      '3:16',
      /proved by pattern matching/,
    ],
    [
      '`sorry` in the statement',
      'theorem a : (sorry : Prop) := by sorry',
      'sorry-in-statement',
      '1:13',
      /holds `sorry`/,
    ],
    ['a mutual block', 'mutual\ntheorem a : p := sorry\nend', 'mutual', '2:0', /mutual/],
    ['an `end` of nothing', 'end\n', 'scope', '1:0', /closes nothing/],
    ['text that is no Lean', 'Prove that 1 = 1.', 'syntax', '1:0', /starts no command/],
    ['text after an import', 'import Std\n1 = 1', 'syntax', '2:0', /starts no command/],
    ['an empty file', '', 'no-statement', '1', /file is empty/],
    ['blanks and comments alone', '\uFEFF\r\n-- nothing\n/- here -/', 'no-statement', '1', /file is empty/],
    [
      'a file without open theorems',
      'def a := 1\ntheorem b : a = 1 := rfl',
      'no-statement',
      '1',
      /no theorem that is left open/,
    ],
    [
      'a file of proved examples',
      'example : 1 = 1 := rfl',
      'no-statement',
      '1',
      /no theorem that is left open/,
    ],
    ['an unclosed comment', 'def a := 1 /- so', 'syntax', '1:11', /comment is never closed/],
    ['an unclosed doc comment', '/-- so\ntheorem a : p := sorry', 'syntax', '1:0', /comment is never closed/],
    ['an unclosed string', 'theorem a : "x = y := by\n  sorry', 'syntax', '1:12', /string is never closed/],
    [
      'an unclosed raw string',
      'theorem a : r#"x" = y := sorry',
      'syntax',
      '1:12',
      /raw string is never closed/,
    ],
    ['an unclosed identifier', 'theorem «a : p := sorry', 'syntax', '1:8', /identifier is never closed/],
    ['an unclosed interpolation', 'theorem a : s!"{x" = y := sorry', 'syntax', '1:17', /never closed/],
    [
      'a NUL',
      'theorem a : "\0" = x := sorry',
      'invalid',
      '1:0',
      /theorem a: formal: a NUL character at offset 13/,
    ],
    ['a lone surrogate', 'theorem a : "\uD800" = x := sorry', 'invalid', '1:0', /lone surrogate/],
    [
      'a name beyond its bound',
      `theorem ${'a'.repeat(1001)} : p := sorry`,
      'invalid',
      '1:0',
      /name: longer than 1000/,
    ],
  ])('is told: %s', (_, text, code, place, message) => {
    const problem = onlyProblem(readLean(text));
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(describeEntry(problem)).toMatch(`a.lean:${place}: `);
  });

  it('says what was expected', () => {
    expect(describeEntry(onlyProblem(readLean('theorem a : p')))).toBe(
      'a.lean:1:0: theorem a has no proof; expected `:= by sorry`',
    );
    expect(describeEntry(onlyProblem(readLean('x /- y')))).toMatch(/; expected `-\/`$/);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('counts lines that end in %s, and columns in code points', (_, end) => {
    const problem = onlyProblem(readLean(['\uFEFFdef a := 1', 'def 𝓝 := "𝓝" /- so'].join(end)));
    expect(problem).toMatchObject({ line: 2, column: 13 });
  });
});

describe('reading goes on', () => {
  it('past problems', () => {
    const text = 'theorem a : p := sorry\nexample : p := sorry\ntheorem : q := sorry\ntheorem b : q := sorry';
    const entries = readLean(text);
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['a', 'b']);
    expect(problemsOf(entries).map((problem) => problem.line)).toEqual([2, 3]);
  });

  it.each([
    ['a comment', '/- so'],
    ['a string', 'def x := "so'],
    ['an identifier', 'def «so := 1'],
    ['a string in a theorem', 'theorem b : "so := sorry'],
  ])('up to %s that is never closed', (_, rest) => {
    const entries = readLean(`theorem a : p := by\n  sorry\n${rest}`);
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['a']);
    expect(problemsOf(entries)).toMatchObject([{ code: 'syntax', line: 3 }]);
  });

  it('up to an `end` of something else, below which names would be wrong', () => {
    const text = 'namespace N\ntheorem a : p := sorry\nend M\ntheorem b : p := sorry';
    const entries = readLean(text);
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['N.a']);
    expect(problemsOf(entries)).toMatchObject([{ code: 'scope', line: 3, column: 0, expected: '`end N`' }]);
  });

  it.each([
    ['a namespace closed without its name', 'namespace N\nend', '`end N`'],
    ['a section closed by a name', 'section\nend S', '`end`'],
    ['more closed than is open', 'namespace N\nend M.N', '`end N`'],
  ])('not past %s', (_, text, expected) => {
    expect(onlyProblem(readLean(`${text}\ntheorem a : p := sorry`))).toMatchObject({
      code: 'scope',
      expected,
    });
  });

  it('past an `end` of nothing, which is left out', () => {
    const entries = readLean('end\ntheorem a : p := sorry');
    expect(statementsOf(entries)[0]).toMatchObject({ name: 'a', header: '' });
  });

  it('up to `#exit`, where Lean stops', () => {
    const entries = readLean('theorem a : p := sorry\n#exit\ntheorem b : p := sorry');
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['a']);
    expect(problemsOf(entries)).toMatchObject([{ code: 'after-exit', line: 2 }]);
  });

  it('up to a header that has grown too long, telling each theorem', () => {
    const text = `theorem a : p := sorry\ndef x := "${'x'.repeat(1_000_000)}"\ntheorem b : p := sorry\ntheorem c : p := sorry`;
    const entries = readLean(text);
    expect(statementsOf(entries).map((statement) => statement.name)).toEqual(['a']);
    expect(problemsOf(entries).map((problem) => problem.code)).toEqual(['too-large', 'too-large']);
  });
});

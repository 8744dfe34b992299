import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAN_START, lexLine, type LeanToken } from '../../renderer/components/lean/lexer.ts';

function tokens(line: string, state = LEAN_START): [string, LeanToken][] {
  return lexLine(line, state).pieces.flatMap(({ from, to, token }): [string, LeanToken][] =>
    token === undefined ? [] : [[line.slice(from, to), token]],
  );
}

describe('Lean lexer', () => {
  it('tells keywords, tactics, types and numbers from names', () => {
    expect(tokens('theorem t (n : Nat) : n + 0 = n := by omega')).toEqual(
      expect.arrayContaining([
        ['theorem', 'keyword'],
        ['Nat', 'type'],
        ['0', 'number'],
        ['by', 'keyword'],
        ['omega', 'tactic'],
      ]),
    );
    expect(tokens('theorem_of_mine Nat.succ simp_of')).toEqual([]);
  });

  it('nests block comments over lines', () => {
    const first = lexLine('/- a /- b', LEAN_START);
    expect(first.state.commentDepth).toBe(2);
    const second = lexLine('-/ theorem -/ theorem', first.state);
    expect(second.state.commentDepth).toBe(0);
    expect(tokens('-/ theorem -/ theorem', first.state)).toEqual([
      ['-/ theorem -/', 'comment'],
      ['theorem', 'keyword'],
    ]);
  });

  it('begins a comment behind an operator', () => {
    expect(tokens('a +-- sorry')).toEqual([
      ['+', 'operator'],
      ['-- sorry', 'comment'],
    ]);
  });

  it('keeps strings with escapes together, and goes on in the next line', () => {
    expect(tokens('"a \\" by" sorry')).toEqual([
      ['"a \\" by"', 'string'],
      ['sorry', 'sorry'],
    ]);
    expect(lexLine('"open', LEAN_START).state.inString).toBe(true);
  });

  it('covers every line without gaps and ends', () => {
    const line = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        let state = LEAN_START;
        for (const text of lines) {
          const lexed = lexLine(text, state);
          state = lexed.state;
          let at = 0;
          for (const { from, to } of lexed.pieces) {
            expect(from).toBe(at);
            expect(to).toBeGreaterThan(from);
            at = to;
          }
          expect(at).toBe(text.length);
        }
      }),
    );
  });
});

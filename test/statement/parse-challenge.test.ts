import { describe, expect, test } from 'vitest';
import { parseChallenge, withFilling, type ChallengeEntry } from '../../core/statement/index.ts';
import { CORE } from './helpers.ts';

const read = (text: string): ChallengeEntry[] => [...parseChallenge(text, { environment: CORE, file: 'c' })];
const brief = (text: string): unknown[] =>
  read(text).map((entry) =>
    entry.kind === 'problem' ? entry.code : [entry.kind, entry.name, entry.open, entry.line],
  );

describe('a challenge', () => {
  test('is its theorems and the definitions that it leaves open, by their full names', () => {
    const text = `theorem before : True := by sorry
namespace N
def f (n : Nat) : Nat := sorry
abbrev g : List Nat := by sorry
theorem t : f 1 ∈ g := sorry
end N
def done := 1
def _root_.h : Nat := sorry`;
    expect(brief(text)).toEqual([
      ['theorem', 'before', [], 1],
      ['definition', 'N.f', ['N.f'], 3],
      ['definition', 'N.g', ['N.f', 'N.g'], 4],
      ['theorem', 'N.t', ['N.f', 'N.g'], 5],
      ['definition', 'h', ['N.f', 'N.g', 'h'], 8],
    ]);
  });

  test('has its open definitions in the header of what follows', () => {
    const theorem = read('def f : Nat := sorry\ntheorem t : f = f := by sorry')[1];
    expect(theorem).toMatchObject({ statement: { header: 'def f : Nat := sorry', name: 't' } });
  });

  test.each([
    ['a definition of which a part is left open', 'def f : Nat → Nat | 0 => 0 | _ => sorry', []],
    ['a definition that only holds sorry', 'def f : Nat := 1 + sorry', []],
    ['an instance', 'instance : Inhabited Nat := sorry', []],
    ['an opaque constant', 'opaque f : Nat := sorry', []],
    ['a definition of a mutual block', 'mutual\ndef f : Nat := sorry\nend', []],
    [
      'a theorem that rests on a part',
      'def f : Nat := 1 + sorry\ntheorem t : f = 1 := sorry',
      ['sorry-in-definition'],
    ],
    ['a definition without a type to give', 'def := sorry', []],
  ])('does not leave to a submission %s', (_, text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  test('tells a definition of the same text in another namespace apart', () => {
    const [a, b] = read('def f : Nat := sorry\nnamespace N\ndef f : Nat := sorry\nend N');
    if (a?.kind !== 'definition' || b?.kind !== 'definition') throw new TypeError('two definitions');
    expect(a.statement.id).not.toBe(b.statement.id);
    expect(a.statement.formal).toBe('theorem _root_.proofswarm_filling.f : @_root_.f = @_root_.f');
    expect(b.statement.name).toBe('proofswarm_filling.N.f');
  });

  test('a submission is completed below its own text', () => {
    expect(withFilling('def f := 1\n\n', 'N.f')).toBe(
      'def f := 1\n\ntheorem _root_.proofswarm_filling.N.f : @_root_.N.f = @_root_.N.f := rfl\n',
    );
  });

  test('of any text is read without an exception', () => {
    for (const text of ['', '\0', 'def', 'def f', 'end', '/-', 'def f : := sorry', 'theorem'])
      expect(() => read(text)).not.toThrow();
  });
});

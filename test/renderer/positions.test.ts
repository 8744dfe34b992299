import fc from 'fast-check';
import { expect, it } from 'vitest';
import { offsetOf, positionOf } from '../../renderer/components/lean/positions.ts';

it('counts columns in code points', () => {
  expect(offsetOf('𝔽 x\n∀ y', { line: 1, column: 2 })).toBe(3);
  expect(offsetOf('𝔽 x\n∀ y', { line: 2, column: 2 })).toBe(7);
  expect(positionOf('𝔽 x\n∀ y', 3)).toEqual({ line: 1, column: 2 });
});

it('keeps a place beyond the text inside of it', () => {
  expect(offsetOf('ab\ncd', { line: 1, column: 99 })).toBe(2);
  expect(offsetOf('ab\ncd', { line: 99, column: 0 })).toBe(5);
});

it('goes there and back', () => {
  const characters = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
  fc.assert(
    fc.property(characters, characters, (before, after) => {
      const head = before.join('');
      const text = head + after.join('');
      fc.pre(text.isWellFormed());
      expect(offsetOf(text, positionOf(text, head.length))).toBe(head.length);
    }),
  );
});

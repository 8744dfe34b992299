import { expect, test } from 'vitest';
import { KeptGoals } from '../../core/lean/kept-goals.ts';

const MB = 1024 * 1024;
const goal = (bytes: number): { data: unknown } => ({ data: { exprs: new Int32Array(bytes / 4) } });

test('what is asked again is there', () => {
  const goals = new KeptGoals<{ data: unknown }>();
  const first = goal(4);
  goals.set('a', first);
  goals.set('b', goal(4));
  expect(goals.get('a')).toBe(first);
  expect(goals.get('c')).toBeUndefined();
});

test('the oldest are forgotten once there are many', () => {
  const goals = new KeptGoals<{ data: unknown }>();
  for (let i = 0; i < 600; i++) goals.set(`${i}`, goal(4));
  expect(goals.get('99')).toBeUndefined();
  expect(goals.get('100')).toBeDefined();
});

test('and once they take much memory, in arrays or in texts', () => {
  const goals = new KeptGoals<{ data: unknown }>();
  for (let i = 0; i < 4; i++) goals.set(`array ${i}`, goal(15 * MB));
  goals.set('text', { data: { strings: ['x'.repeat(7 * MB)] } });
  expect(goals.get('array 0')).toBeUndefined();
  expect(goals.get('array 1')).toBeDefined();
  expect(goals.get('text')).toBeDefined();
  // Put in again, it counts once.
  for (let i = 0; i < 10; i++) goals.set('text', { data: { strings: ['x'.repeat(7 * MB)] } });
  expect(goals.get('array 2')).toBeDefined();
});

test('one that would drive out all others is not kept', () => {
  const goals = new KeptGoals<{ data: unknown }>();
  goals.set('small', goal(MB));
  goals.set('huge', goal(20 * MB));
  expect(goals.get('huge')).toBeUndefined();
  expect(goals.get('small')).toBeDefined();
});

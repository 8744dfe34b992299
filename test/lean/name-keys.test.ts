import { afterAll, expect, test } from 'vitest';
import { statement, testChecker } from '../support/lean.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

/** What stands between a key's components. */
const MARK = '\uF8F0';

test('a name that reads as the key of a library’s constant changes nothing for who comes next', async () => {
  const easy = statement('theorem easy : True');
  // Nothing else has asked this worker for the constant before.
  const posing = `«HAdd${MARK}hAdd»`;
  const { verdict } = await checker.check(
    easy,
    `def ${posing} : Nat := 1\ntheorem easy : True := by have := ${posing}; trivial`,
  );
  expect(verdict).toMatchObject({ kind: 'rejected', reason: 'malformed-export' });
  const honest = statement('theorem honest (a b : Nat) : a + b = b + a');
  const next = await checker.check(honest, 'theorem honest (a b : Nat) : a + b = b + a := Nat.add_comm a b');
  expect(next.verdict).toMatchObject({ kind: 'proved' });
});

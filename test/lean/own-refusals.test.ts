import { expect, test } from 'vitest';
import type { LeanBackEnd } from '../../core/lean/back-end.ts';
import { LeanChecker } from '../../core/lean/index.ts';
import type { CheckOptions } from '../../core/record/index.ts';
import { CORE, statement } from '../support/lean.ts';
import { openPool } from './open-pool.ts';

const TARGET = statement('theorem target (a b : Nat) : a + b = b + a');
const WRONG = 'theorem target (a b : Nat) : a + b = b + a := rfl';
const OWN = { origin: 'own' } as const;
const PEER = { origin: 'peer', peer: 'a' } as const;

/** Real Lean, and how many submissions it has elaborated. */
function countingChecker() {
  const { pool } = openPool();
  const counts = { elaborated: 0 };
  const elaborators: LeanBackEnd = {
    run: (request, options) => {
      if (request.op === 'elaborate' && request.part === 'proof') counts.elaborated++;
      return pool.run(request, options);
    },
    warmUp: () => pool.warmUp(),
    dispose: () => pool.dispose(),
  };
  const checker = new LeanChecker(
    { elaborators, judges: openPool({ spares: 0 }).pool },
    { identity: { name: 'x', version: '1' }, environment: CORE, defaultTimeoutMs: 60_000 },
  );
  const refuses = async (submission: string, options: CheckOptions): Promise<number> => {
    const { verdict } = await checker.check(TARGET, submission, options);
    expect(verdict.kind).toBe('failed');
    return counts.elaborated;
  };
  return { refuses };
}

test('what was refused of this user’s is remembered only where no peer’s submission was in the worker before', async () => {
  const { refuses } = countingChecker();
  expect(await refuses(WRONG, OWN)).toBe(1);
  expect(await refuses(WRONG, OWN)).toBe(1);
  expect(await refuses(`${WRONG}\n-- a peer's`, PEER)).toBe(2);
  const another = `${WRONG}\n-- another`;
  expect(await refuses(another, OWN)).toBe(3);
  expect(await refuses(another, OWN)).toBe(4);
  // It was refused before the peer came.
  expect(await refuses(WRONG, OWN)).toBe(4);
});

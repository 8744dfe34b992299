import { expect, test } from 'vitest';
import type { LeanBackEnd } from '../../core/lean/back-end.ts';
import { Goals, LIBRARY_MODULE, type Limits } from '../../core/lean/goals.ts';
import { LeanUnavailableError, UnjudgeableError } from '../../core/lean/index.ts';
import type { RunOptions } from '../../core/lean/pool.ts';
import type { WorkerRequest } from '../../core/lean/protocol/index.ts';
import { statement } from '../support/lean.ts';
import { LIMITS, openPool } from './open-pool.ts';

const SWAP = statement('theorem swap (a b : Nat) : a + b = b + a');

/** Real Lean, with something done before each request. */
function openGoals(before: (request: WorkerRequest, options: RunOptions) => unknown): Goals {
  const { pool } = openPool({ spares: 0 });
  const backEnd: LeanBackEnd = {
    run: async (request, options) => {
      await before(request, options);
      return pool.run(request, options);
    },
    warmUp: () => pool.warmUp(),
    dispose: () => pool.dispose(),
  };
  return new Goals(backEnd, LIBRARY_MODULE);
}

/** A theorem is printed by a request that exports none. */
const prints = (request: WorkerRequest): boolean =>
  request.op === 'elaborate' && request.target === undefined;

test('what is printed for one who loses interest is there for the others', async () => {
  const printing = Promise.withResolvers<undefined>();
  const gone = Promise.withResolvers<undefined>();
  const goals = openGoals(async (request) => {
    if (!prints(request)) return;
    printing.resolve(undefined);
    await gone.promise;
  });
  const stop = new AbortController();
  const first = goals.signature(SWAP, { ...LIMITS, signal: stop.signal });
  await printing.promise;
  const second = goals.signature(SWAP, LIMITS);
  stop.abort(new Error('no longer wanted'));
  gone.resolve(undefined);
  expect(await Promise.all([first, second])).toEqual([
    'swap (a b : Nat) : a + b = b + a',
    'swap (a b : Nat) : a + b = b + a',
  ]);
});

test('what could not be printed is asked again', async () => {
  let failures = 1;
  const goals = openGoals((request) => {
    if (prints(request) && failures-- > 0) throw new LeanUnavailableError('not now');
  });
  expect(await goals.signature(SWAP, LIMITS)).toBeUndefined();
  expect(await goals.signature(SWAP, LIMITS)).toContain('a + b = b + a');
});

test('what was elaborated for a peer is not taken for what this user states', async () => {
  const asked: unknown[] = [];
  const goals = openGoals((_, { origin }) => asked.push(origin));
  const get = (origin: Limits['origin'] & string) => goals.get(SWAP, { ...LIMITS, origin });
  await get('peer');
  await get('peer');
  const own = await get('own');
  expect(asked).toEqual(['peer', 'own']);
  // The other way round it may be.
  expect(await get('peer')).toBe(own);
  expect(asked).toHaveLength(2);
});

test.each([
  ['import Lean', true],
  ['import Elsewhere', false],
  ['import Lean\n#eval 1', false],
  ['import Lean\ntheorem a : True := by aesop (add safe f)', false],
])('of a peer, a back end with a process for each source is asked about %j: %s', async (header, asked) => {
  const requests: WorkerRequest[] = [];
  const goals = new Goals(
    {
      processPerSource: true,
      run: (request) => {
        requests.push(request);
        return Promise.resolve({ kind: 'crashed', detail: 'not asked further' });
      },
      warmUp: async () => {},
      dispose: async () => {},
    },
    LIBRARY_MODULE,
  );
  const target = statement('theorem swap (a b : Nat) : a + b = b + a', header);
  await expect(goals.get(target, { ...LIMITS, origin: 'peer' })).rejects.toThrow(UnjudgeableError);
  expect(requests).toHaveLength(asked ? 1 : 0);
});

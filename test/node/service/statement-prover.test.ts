import { expect, test, vi } from 'vitest';
import { UnjudgeableError } from '../../../core/lean/index.ts';
import {
  statementProver,
  type StatementProverComponents,
} from '../../../core/node/service/statement-prover.ts';
import { proveSettingsSchema } from '../../../core/api/index.ts';
import { statement } from '../../support/lean.ts';

/** Tells whose each statement is said to be, and judges none. */
function componentsOver(own: boolean): { asked: unknown[]; components: StatementProverComponents } {
  const asked: unknown[] = [];
  const checker = {
    identity: { name: 'test', version: '1' },
    check: () => Promise.reject(new Error('nothing is elaborated')),
    checkStatement: (_: unknown, options: { origin?: string } = {}) => {
      asked.push(options.origin);
      return Promise.reject(new UnjudgeableError('statement', 'it does not elaborate'));
    },
  };
  const components = {
    lean: { has: () => true, checker: () => Promise.resolve(checker) },
    board: { has: () => own },
    policies: {
      hold: () =>
        Promise.resolve({ policy: {}, concurrency: 1, [Symbol.asyncDispose]: () => Promise.resolve() }),
    },
    settings: { settings: { lean: { checkSeconds: 10 } } },
    bank: { proofOf: () => Promise.resolve(undefined) },
    identity: {},
    onAttempt: vi.fn(),
    onLearnt: vi.fn(),
  } as unknown as StatementProverComponents;
  return { asked, components };
}

test.each([
  ['this user has put up is this user’s', true, 'own'],
  ['a stranger has put up is the stranger’s, although it is tried here', false, 'peer'],
])('what %s', async (_, own, origin) => {
  const { asked, components } = componentsOver(own);
  const result = await statementProver(components)(
    statement('theorem t : 1 + 1 = 2'),
    proveSettingsSchema.parse({ policy: 'portfolio' }),
    { signal: new AbortController().signal, onEvent: vi.fn(), onPolicy: vi.fn() },
  );
  expect(result).toMatchObject({ kind: 'unjudgeable', detail: 'it does not elaborate' });
  expect(asked).toEqual([origin]);
});

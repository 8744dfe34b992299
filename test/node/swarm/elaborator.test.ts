import { expect, test, vi } from 'vitest';
import { UnjudgeableError } from '../../../core/lean/index.ts';
import type { ElaborationSource } from '../../../core/network/board/index.ts';
import { Elaborator } from '../../../core/node/swarm/elaborator.ts';
import { statement } from '../../support/lean.ts';

test('Lean is asked for only where somebody would work on what it reads', async () => {
  const waiting = [statement('theorem one : 1 = 1'), statement('theorem two : 2 = 2')];
  const elaborated: string[] = [];
  let wanted = false;
  let asked = 0;
  const board: ElaborationSource = {
    nextToElaborate: () => waiting.shift(),
    elaborated: (id) => void elaborated.push(id),
    putBack: () => undefined,
  };
  const elaborator = new Elaborator({
    board,
    isWanted: () => wanted,
    checker: {
      supports: () => true,
      checkStatement: () => {
        asked++;
        return Promise.resolve();
      },
    },
    onElaborated: () => undefined,
    onFault: () => undefined,
  });
  elaborator.soon();
  await new Promise((resolve) => setImmediate(resolve));
  expect({ asked, left: waiting.length }).toEqual({ asked: 0, left: 2 });
  wanted = true;
  elaborator.soon();
  await vi.waitFor(() => expect(elaborated).toHaveLength(2));
  await elaborator.stop();
});

test.each([
  ['statement', 'invalid'],
  ['environment', 'invalid'],
  // It may be this machine.
  ['resources', 'unsupported'],
] as const)('what cannot be judged for its %s is %s', async (reason, expected) => {
  const waiting = [statement('theorem one : 1 = 1')];
  const results: string[] = [];
  const elaborator = new Elaborator({
    board: {
      nextToElaborate: () => waiting.shift(),
      elaborated: (_, { kind }) => void results.push(kind),
      putBack: () => undefined,
    },
    isWanted: () => true,
    checker: {
      supports: () => true,
      checkStatement: () => Promise.reject(new UnjudgeableError(reason, 'no')),
    },
    onElaborated: () => undefined,
    onFault: () => undefined,
  });
  elaborator.soon();
  await vi.waitFor(() => expect(results).toEqual([expected]));
  await elaborator.stop();
});

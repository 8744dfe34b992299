import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mixedStore } from '../../core/node/mixed-store.ts';
import { MixedPolicy, type MixedEvent } from '../../core/policy/mixed/index.ts';
import { prove } from '../../core/repair/index.ts';
import { temporaryDirectory } from '../cli/run.ts';
import { scriptedChecker, scriptedPolicy, statement } from '../repair/scripted.ts';

const policies = {
  quick: scriptedPolicy(({ round }) => [`quick ${round}`]),
  model: scriptedPolicy(({ round }) => [`model ${round}`]),
};

const NONE = { rounds: 0, proofs: 0, milliseconds: 0 };
const TOO_GOOD = { search: { ...NONE, proofs: 1 }, model: NONE, leftovers: NONE };

/** A policy over the store of a data directory, and what it reports on being opened. */
async function open(data: string): Promise<{ policy: MixedPolicy; events: MixedEvent[] }> {
  const events: MixedEvent[] = [];
  const onEvent = (event: MixedEvent): void => {
    if (event.type !== 'mixed:chosen' && event.type !== 'mixed:played') events.push(event);
  };
  const policy = await MixedPolicy.open({ ...policies, store: mixedStore(data), onEvent });
  return { policy, events };
}

async function learn(policy: MixedPolicy): Promise<void> {
  const outcome = await prove(statement, { policy, checker: scriptedChecker() }, { rounds: 20 });
  await policy.learn(statement, outcome);
}

describe('what a mixed policy has learnt', () => {
  test('is in the bank, whole, and used by the next', async () => {
    const data = await temporaryDirectory();
    const { policy, events } = await open(data);
    await learn(policy);
    const again = await open(data);
    expect([...events, ...again.events]).toEqual([]);
    expect(again.policy.explain(statement)).toEqual(policy.explain(statement));
    expect(again.policy.explain(statement)[0]?.rounds).toBeGreaterThan(0);
    expect(await readdir(path.join(data, 'bank'))).toEqual(['mixed-policy.json']);
  });

  test.each([
    ['empty', ''],
    ['cut', '{"version":'],
    ['endless', 'x'.repeat(4_000_001)],
    ["a later version's", '{"version":2,"arms":[]}'],
    [
      'of more proofs than rounds',
      JSON.stringify({ version: 1, model: 'scripted', kinds: [['all', TOO_GOOD]] }),
    ],
  ])('is set aside where it is %s, and begun anew', async (_, text) => {
    const data = await temporaryDirectory();
    await mkdir(path.join(data, 'bank'));
    await writeFile(path.join(data, 'bank', 'mixed-policy.json'), text);
    const { policy, events } = await open(data);
    const detail = expect.stringMatching(
      /mixed-policy\.json\.damaged$|^what was learnt is damaged/,
    ) as string;
    expect(events).toMatchObject([{ type: 'mixed:state-unreadable', detail }]);
    await learn(policy);
    expect((await open(data)).events).toEqual([]);
    expect(await readFile(path.join(data, 'bank', 'mixed-policy.json.damaged'), 'utf8')).toBe(text);
  });
});

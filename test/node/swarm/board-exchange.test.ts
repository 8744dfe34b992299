import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

type Node = Awaited<ReturnType<typeof openQuietNode>>;

/** Of an environment that no node here has: it is exchanged, and no Lean is started for it. */
const STATEMENT = JSON.stringify({
  name: 'far_away',
  header: 'import Mathlib',
  formal_statement: 'theorem far_away (x : ℝ) : x = x := by sorry',
});

async function join(node: Node): Promise<string> {
  node.network.follow();
  await node.client.call('settings.update', settings(true));
  await becomes(node.client, 'on');
  return node.network.swarm?.addresses[0] ?? '';
}

async function publish({ client, data }: Node): Promise<void> {
  const file = path.join(data, 'set.jsonl');
  await writeFile(file, `${STATEMENT}\n`);
  await client.call('statements.import', { source: { kind: 'path', path: file } });
  await vi.waitFor(() => expect(client.state?.imports[0]?.state).toBe('done'));
  const { items } = await client.call('statements.list', {});
  const statements = items.map(({ id }) => id);
  await client.call('statements.publish', { statements, name: 'far', description: '', licence: 'CC0-1.0' });
}

const has = ({ client }: Node): Promise<void> =>
  vi.waitFor(
    async () => {
      const { items } = await client.call('statements.list', {});
      expect(items.map(({ name, status }) => [name, status])).toEqual([['far_away', 'unverified']]);
    },
    { timeout: 40_000, interval: 50 },
  );

test('what a stranger puts up reaches those who are there, and those who come later', async () => {
  const [a, b, late] = [await openQuietNode(), await openQuietNode(), await openQuietNode()];
  await join(a);
  const address = await join(b);
  await a.client.call('network.dial', { address });
  await publish(a);
  await has(b);
  await join(late);
  await late.client.call('network.dial', { address });
  await has(late);
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { run, SLOW, start, write, type Running } from '../cli/run.ts';
import { PROJECT } from '../support/paths.ts';

const line = z.looseObject({ type: z.string() });
const startedSchema = z.object({ type: z.literal('started'), addresses: z.array(z.string()).min(1) });
const addedSchema = z.object({
  type: z.literal('bank:proof-added'),
  how: z.string(),
  proof: z.object({ id: z.string(), name: z.string(), trust: z.string() }),
});
type Added = z.infer<typeof addedSchema>;

const linesOf = ({ text }: Running): z.infer<typeof line>[] =>
  text.out
    .split('\n')
    .slice(0, -1)
    .map((json) => line.parse(JSON.parse(json)));

function added(node: Running, how: 'found' | 'received'): Added | undefined {
  return linesOf(node)
    .map((event) => addedSchema.safeParse(event).data)
    .find((event) => event?.how === how);
}

const eventually = <T>(what: () => T): Promise<T> => vi.waitFor(what, { timeout: SLOW / 2, interval: 100 });

/** A data directory of a node that knows no curator, so that nothing but what the story publishes is on its board. */
async function emptyNode(): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-story-'));
  onTestFinished(() => rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const shipped = z
    .array(z.object({ key: z.string() }))
    .parse(JSON.parse(await readFile(path.join(PROJECT, 'resources/statements/curators.json'), 'utf8')));
  await mkdir(path.join(data, 'swarm'));
  const removed = shipped.map(({ key }) => key);
  await writeFile(path.join(data, 'swarm/curators.json'), JSON.stringify({ version: 1, added: [], removed }));
  const network = { enabled: true, mdns: false, dht: false, upnp: false };
  await writeFile(
    path.join(data, 'settings.json'),
    JSON.stringify({ version: 1, network, lean: { jobs: 1 } }),
  );
  return data;
}

async function startNode(data: string, ...args: string[]): Promise<{ node: Running; address: string }> {
  const node = start(['node', '--json', '--listen', '/ip4/127.0.0.1/tcp/0', ...args], { data });
  const started = await eventually(() => startedSchema.parse(linesOf(node)[0]));
  return { node, address: started.addresses[0] ?? '' };
}

test(
  'what one node publishes another proves; a third that comes late has it, checked by its own Lean, when the first is dead',
  { timeout: SLOW },
  async () => {
    const [dataA, dataB, dataC] = await Promise.all([emptyNode(), emptyNode(), emptyNode()]);
    const a = await startNode(dataA, '--no-prove');
    const b = await startNode(dataB, '--bootstrap', a.address);
    const file = await write(
      dataA,
      'open.lean',
      'theorem swarm_story (a b : Nat) : a + b + 0 = b + a := by sorry',
    );
    const published = await run(['statements', 'publish', file, '--name', 'story'], { data: dataA });
    expect(published.err).toBe('');
    expect(published.code).toBe(0);

    const found = await eventually(() => {
      const event = added(b.node, 'found');
      expect(event?.proof.name).toBe('swarm_story');
      return event;
    });
    await eventually(() => expect(added(a.node, 'received')?.proof.id).toBe(found?.proof.id));

    const c = await startNode(dataC, '--no-prove', '--bootstrap', b.address);
    const received = await eventually(() => {
      const event = added(c.node, 'received');
      expect(event?.proof.id).toBe(found?.proof.id);
      return event;
    });
    expect(received?.proof.trust).toBe('verified');

    a.node.child.kill('SIGKILL');
    await a.node.finished;
    b.node.child.kill('SIGINT');
    c.node.child.kill('SIGKILL');
    expect((await b.node.finished).code).toBe(0);
    await c.node.finished;
    // Killed as it was, C has it still.
    const shown = await run(['bank', 'search', 'swarm_story', '--json'], { data: dataC });
    expect(shown.out).toContain(found?.proof.id);
  },
);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiClient, httpTransport, type ApiEvent, type ApiEventOf } from '../../../core/api/index.ts';
import { runNode, type RunningNode } from '../../../core/node/headless/index.ts';
import { openEventSource } from '../../support/event-source.ts';
import { TEST_CACHE } from '../../support/paths.ts';
import { tinyGguf } from '../../support/tiny-gguf.ts';

const STATEMENT = 'theorem out_of_reach (a b : Nat) (h : a * b = 0) : a = 1 := by sorry';
let data: string;
let node: RunningNode;
let client: ApiClient;
const events: ApiEvent[] = [];

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-inference-'));
  const model = { model: tinyGguf(), contextSize: 4096, slots: 2, threads: 1, gpu: 'cpu' };
  await writeFile(path.join(data, 'settings.json'), JSON.stringify({ version: 1, lean: { jobs: 1 }, model }));
  node = await runNode({ locations: { data, cache: TEST_CACHE }, offline: true, prove: false });
  const base = `http://127.0.0.1:${node.web.port}`;
  const headers = { authorization: `Bearer ${node.web.bearer}` };
  const send: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } });
  client = new ApiClient(httpTransport({ base, fetch: send, open: (url) => openEventSource(url, headers) }));
  client.subscribe((update) => {
    if (update.kind === 'event') events.push(update.event);
  });
  await vi.waitFor(() => expect(client.state).toBeDefined());
});

afterAll(async () => {
  client.close();
  await node[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

const of = <T extends ApiEvent['type']>(type: T): ApiEventOf<T>[] =>
  events.filter((event): event is ApiEventOf<T> => event.type === type);

async function tried(policy: 'llama' | 'mixed', rounds: number, seconds = 60): Promise<string> {
  const source = { kind: 'text' as const, text: STATEMENT };
  const settings = { policy, rollouts: 2, rounds, seconds };
  const { session } = await client.call('prove.start', { source, settings });
  await vi.waitFor(
    () => expect(client.state?.sessions.find(({ id }) => id === session.id)?.state).toBe('ended'),
    { timeout: 80_000 },
  );
  return session.id;
}

test(
  'what a model does while it proves comes to a face over the web: figures, and each reply as it grows',
  { timeout: 90_000 },
  async () => {
    const id = await tried('llama', 3);
    await vi.waitFor(() => expect(client.state?.inference.stats?.slots.busy).toBe(0), { timeout: 5000 });
    expect(client.state?.inference).toMatchObject({ phase: 'ready', model: { gpu: 'cpu', slots: 2 } });
    const stats = of('inference:stats');
    const last = stats.at(-1);
    const attempts = of('prove:attempt-finished').filter(({ session }) => session === id);
    expect(attempts.length).toBeGreaterThan(0);
    const byModel = attempts.filter(({ attempt }) => attempt.generatedTokens !== undefined);
    const judged = client.state?.acceptance.reduce((sum, round) => sum + round.attempts, 0);
    expect(judged).toBe(byModel.length);
    expect(judged).toBeGreaterThan(0);
    const written = attempts.reduce((sum, { attempt }) => sum + (attempt.generatedTokens ?? 0), 0);
    expect(last?.totals.generatedTokens).toBeGreaterThanOrEqual(written);
    expect(last?.totals.requests).toBeGreaterThanOrEqual(attempts.length);
    expect(
      Math.max(...stats.map(({ generatedTokensPerSecond }) => generatedTokensPerSecond)),
    ).toBeGreaterThan(0);

    const started = of('prove:reply-started').filter(({ session }) => session === id);
    expect(new Set(started.map(({ reply }) => reply.rollout))).toEqual(new Set([0, 1]));
    expect(started.every(({ reply }) => reply.promptTokens > 0 && reply.tokens === 0)).toBe(true);
    const grown = of('prove:replies-grew').flatMap(({ added }) => added);
    expect(grown.length).toBeGreaterThan(0);
    expect(grown.every(({ tokens, text }) => tokens > 0 && text !== '')).toBe(true);
    expect(of('prove:reply-ended').length).toBe(started.length);
    const { view } = await client.call('prove.get', { session: id });
    expect(view.replies).toEqual([]);
    expect(view.session.spent).toBeUndefined();
  },
);

test(
  'the mixed policy tells what each way was given, and what it has learnt',
  { timeout: 90_000 },
  async () => {
    expect(client.state?.budget.map(({ way, rounds }) => [way, rounds])).toEqual([
      ['search', 0],
      ['model', 0],
      ['leftovers', 0],
    ]);
    const id = await tried('mixed', 4, 8);
    const session = client.state?.sessions.find((one) => one.id === id);
    const spent = session?.spent ?? [];
    expect(spent[0]).toMatchObject({ way: 'opening', proved: false });
    expect(spent.every(({ rounds }) => rounds > 0)).toBe(true);
    await vi.waitFor(() => {
      const learnt = client.state?.budget.filter(({ rounds }) => rounds > 0).map(({ way }) => way);
      expect(learnt).toEqual(spent.flatMap(({ way }) => (way === 'opening' ? [] : [way])));
    });
    const shares = client.state?.budget.map(({ share }) => share) ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  },
);

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ApiClient, type ApiError, type ApiEvent } from '../../../core/api/index.ts';
import { openNode, type OpenNode } from '../../../core/node/service/index.ts';
import { TEST_CACHE } from '../../support/paths.ts';

let data: string;
let node: OpenNode;
let client: ApiClient;
const events: ApiEvent[] = [];

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-service-'));
  await writeFile(path.join(data, 'settings.json'), '{"version":1,"lean":{"jobs":1}}');
  node = await openNode({ locations: { data, cache: TEST_CACHE } });
  client = new ApiClient(node.service.transport());
  client.subscribe((update) => {
    if (update.kind === 'event') events.push(update.event);
  });
});

afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

const refused = (code: ApiError['code']) => expect.objectContaining({ name: 'ApiError', code }) as unknown;

describe('before anything is done', () => {
  test('the state is that of an empty node, and says what it cannot do', () => {
    expect(client.state).toMatchObject({
      bank: { proofs: 0, own: 0 },
      donation: { state: 'stopped' },
      network: { state: 'off' },
      firstRun: { done: false },
    });
    const missing = client.state?.capabilities.filter(({ available }) => !available);
    expect(missing?.map(({ name }) => name)).toContain('network');
    expect(missing?.every(({ reason }) => reason !== undefined && reason !== '')).toBe(true);
  });

  test('what is not there is not found, and what cannot be is refused', async () => {
    const none = `bafyrei${'a'.repeat(52)}`;
    await expect(client.call('statements.get', { statement: none })).rejects.toEqual(refused('not-found'));
    await expect(client.call('bank.proof', { proof: none })).rejects.toEqual(refused('not-found'));
    await expect(client.call('prove.get', { session: 'none' })).rejects.toEqual(refused('not-found'));
    const dialled = client.call('network.dial', { address: '/ip4/127.0.0.1/tcp/1/p2p/x' });
    await expect(dialled).rejects.toEqual(refused('unsupported'));
    const text = 'theorem t : True := by sorry';
    const source = { kind: 'text' as const, text };
    const llama = client.call('prove.start', { source, settings: { policy: 'llama' } });
    await expect(llama).rejects.toEqual(refused('unsupported'));
    await expect(
      client.call('prove.start', { source: { kind: 'text', text: 'def x := 1' } }),
    ).rejects.toEqual(refused('bad-input'));
  });
});

describe('statements', () => {
  test('a dataset is imported with its defects told', async () => {
    const rows = [
      '{"name":"one","formal_statement":"theorem one : 1 = 1 := by sorry"}',
      '{"name":"one","formal_statement":"theorem one : 1 = 1 := by sorry"}',
      '{"name":"none"}',
      'no json',
    ];
    const { report } = await client.call('statements.import', {
      source: { kind: 'text', fileName: 'set.jsonl', text: rows.join('\n') },
    });
    await vi.waitFor(() => {
      const now = client.state?.imports.find(({ id }) => id === report.id);
      expect(now).toMatchObject({ state: 'done', added: 1, duplicates: 1, defective: 2 });
      expect(now?.defects[0]).toContain('set.jsonl:3');
    });
    expect(client.state?.statements.total).toBe(1);
    const { items } = await client.call('statements.list', { query: 'one' });
    expect(items[0]).toMatchObject({ name: 'one', status: 'open', watched: false });
  });

  test('a file that is not there is told of', async () => {
    const { report } = await client.call('statements.import', {
      source: { kind: 'path', path: path.join(data, 'none.jsonl') },
    });
    await vi.waitFor(() =>
      expect(client.state?.imports.find(({ id }) => id === report.id)?.state).toBe('failed'),
    );
  });
});

describe('with real Lean', () => {
  test(
    'a text is proved, live; the proof is in the bank, found again, and watched for',
    { timeout: 240_000 },
    async () => {
      const text = 'theorem service_story (a b : Nat) : a + b = b + a := by sorry';
      const { session } = await client.call('prove.start', { source: { kind: 'text', text } });
      await client.call('statements.watch', { statement: session.statement, watched: true });
      await vi.waitFor(
        () => expect(client.state?.sessions.find(({ id }) => id === session.id)?.state).toBe('ended'),
        { timeout: 200_000 },
      );
      const { view, seq } = await client.call('prove.get', { session: session.id });
      expect(view.session.end).toBe('proved');
      expect(seq).toBe(client.seq);
      const last = view.attempts.at(-1);
      expect(last?.verdict).toBe('proved');
      const added = events.find(({ type }) => type === 'bank:proof-added');
      expect(added).toMatchObject({
        how: 'found',
        watched: true,
        proof: { id: view.session.proof, own: true },
      });
      expect(client.state?.bank).toMatchObject({ proofs: 1, own: 1 });
      expect(client.state?.activity.today.found).toBe(1);

      const { attempt } = await client.call('prove.attempt', {
        session: session.id,
        rollout: last?.rollout ?? 0,
        round: last?.round ?? 0,
        candidate: last?.candidate ?? 0,
      });
      expect(attempt.submission).toContain('service_story');
      const { items } = await client.call('bank.list', { own: true });
      expect(items.map(({ id }) => id)).toEqual([view.session.proof]);
      const found = await client.call('bank.search', { text: 'b + a = a + b', mode: 'meaning' });
      expect(found.items[0]?.id).toBe(view.session.proof);
      const row = await client.call('statements.get', { statement: session.statement });
      expect(row.statement.row).toMatchObject({ status: 'solved', watched: true });
      const target = path.join(data, 'export.jsonl');
      expect(await client.call('bank.export', { path: target })).toMatchObject({ proofs: 1 });
      expect(await readFile(target, 'utf8')).toContain(view.session.proof);
      await expect(client.call('bank.export', { path: target })).rejects.toEqual(refused('failed'));
      const { contributions } = await client.call('contributions.mine', {});
      expect(contributions).toMatchObject({ proofs: 1, firsts: 1 });
      // What Lean worked for it has been measured.
      expect(contributions.donated).toMatchObject({ gpuSeconds: 0, cpuSeconds: 0 });
      expect(contributions.donated.leanSeconds).toBeGreaterThan(0.005);
    },
  );

  test(
    'the editor is told what Lean says of a text, and of its latest only',
    { timeout: 120_000 },
    async () => {
      const document = 'editor-1';
      const superseded = client.call('lean.diagnose', { document, text: '#check Nat' });
      const latest = client.call('lean.diagnose', { document, text: 'theorem x : 1 = 2 := by decide' });
      expect(await superseded).toEqual({ kind: 'superseded' });
      const told = await latest;
      expect(told.kind === 'diagnosed' && told.diagnostics[0]).toMatchObject({
        severity: 'error',
        position: { line: 1, column: 24 },
      });
      const fine = await client.call('lean.diagnose', { document, text: 'theorem x : 1 = 1 := by decide' });
      expect(fine).toMatchObject({ kind: 'diagnosed', diagnostics: [] });
    },
  );

  const PROOF = [
    'theorem x (p q : Prop) (hp : p) (hq : q) : p ∧ q := by',
    '  constructor',
    '  · exact hp',
    '  · exact hq',
  ].join('\n');

  test.each([
    [{ line: 1, column: 54 }, ['⊢ p ∧ q']],
    [{ line: 2, column: 0 }, ['⊢ p ∧ q']],
    [{ line: 2, column: 13 }, ['⊢ p', '⊢ q']],
    [{ line: 4, column: 0 }, ['⊢ q']],
    [{ line: 4, column: 12 }, []],
  ])('goals at %j', { timeout: 120_000 }, async (position, expected) => {
    const reply = await client.call('lean.goals', { document: 'editor-2', text: PROOF, position });
    const goals = reply.kind === 'goals' ? reply.goals.map((goal) => goal.split('\n').at(-1)) : reply;
    expect(goals).toEqual(expected);
  });

  test('outside a proof there are no goals', { timeout: 120_000 }, async () => {
    const position = { line: 1, column: 10 };
    const reply = await client.call('lean.goals', { document: 'editor-3', text: 'def x := 1', position });
    expect(reply.kind).toBe('no-goals');
  });

  test('a session that is stopped ends as cancelled', { timeout: 120_000 }, async () => {
    const text = 'theorem hopeless (n : Nat) (h : n > 2) : ∃ p, p > n ∧ p * p = n * n + 1 := by sorry';
    const { session } = await client.call('prove.start', {
      source: { kind: 'text', text },
      settings: { seconds: 600 },
    });
    await vi.waitFor(
      () => expect(client.state?.sessions.find(({ id }) => id === session.id)?.attempts).toBeGreaterThan(0),
      { timeout: 100_000 },
    );
    await client.call('prove.stop', { session: session.id });
    await vi.waitFor(() =>
      expect(client.state?.sessions.find(({ id }) => id === session.id)).toMatchObject({
        state: 'ended',
        end: 'cancelled',
      }),
    );
    // Told while it goes on, though no proof is found; on disk a moment later.
    const { attempts } = await node.parts.bank.effort();
    expect(attempts).toBeGreaterThan(0);
    expect(client.state?.bank.attempts).toBe(attempts);
  });
});

test('rules and settings are kept, and told', async () => {
  const settings = client.state?.settings;
  if (settings === undefined) throw new Error('there is a state');
  const { restart } = await client.call('settings.update', {
    patch: {
      lean: { ...settings.lean, jobs: 2 },
      notifications: { ownProofs: false, watchedStatements: true },
    },
  });
  expect(restart).toEqual(['lean']);
  expect(client.state?.settings.notifications.ownProofs).toBe(false);
  const { firstRun } = await client.call('first-run.agree', { licence: 'Apache-2.0', network: false });
  expect(firstRun.agreedAt).toBeGreaterThan(0);
  await client.call('first-run.finish', {});
  expect(client.state?.firstRun.done).toBe(true);
});

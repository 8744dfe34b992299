import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ApiClient, type ApiEvent } from '../../../core/api/index.ts';
import { openBank } from '../../../core/memory/index.ts';
import { openNode } from '../../../core/node/service/index.ts';
import { TEST_CACHE } from '../../support/paths.ts';
import { numbered, prove } from '../../memory/proofs.ts';

test('proofs that another process puts into the bank are told of, each once', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-watch-'));
  const node = await openNode({ locations: { data, cache: TEST_CACHE } });
  const other = await openBank({ directory: path.join(data, 'bank') });
  onTestFinished(async () => {
    await other.close();
    await node[Symbol.asyncDispose]();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  });
  const client = new ApiClient(node.service.transport());
  const told: ApiEvent[] = [];
  client.subscribe((update) => {
    if (update.kind === 'event' && update.event.type === 'bank:proof-added') told.push(update.event);
  });
  const all = [1, 2, 3].map((n) => prove(numbered(n)));
  for (const { proof, signed } of all.slice(0, 2)) await other.insert(proof, signed);
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 30_000, interval: 50 });
  for (const { proof, signed } of all) await other.insert(proof, signed);
  await vi.waitFor(() => expect(client.state?.bank.proofs).toBe(3), { timeout: 30_000, interval: 50 });
  expect(told).toHaveLength(3);
  expect(told[0]).toMatchObject({ how: 'imported', proof: { own: false, trust: 'verified' } });
  const { items } = await client.call('bank.list', {});
  expect(items.map(({ id }) => id).sort()).toEqual(all.map(({ signed }) => signed.id).sort());
});

import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiClient } from '../../core/api/index.ts';
import { openBank } from '../../core/memory/index.ts';
import { openNode } from '../../core/node/service/index.ts';
import { makeStatement } from '../../core/record/index.ts';
import { numbered, prove } from '../memory/proofs.ts';
import { TEST_CACHE } from '../support/paths.ts';
import { run, runHere, SLOW } from './run.ts';

const good = [1, 2].map((n) => prove(numbered(n, { topic: 'nat' }), { by: 'by omega' }));
const wrong = prove(numbered(3), { by: 'by exact absurd rfl id' });
const elsewhere = prove(
  makeStatement({
    environment: { lean: '4.9.0', library: 'mathlib', revision: 'v4.9.0' },
    header: 'import Mathlib',
    formal: 'theorem far_away (x : ℝ) : x = x',
    name: 'far_away',
  }),
);

let root = '';
let file = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'proofswarm-bank-file-cli-'));
  file = path.join(root, 'bank.jsonl');
  const data = path.join(root, 'a');
  // What is in a bank is believed when it is exported: it is the reader who judges.
  await using bank = await openBank({ directory: path.join(data, 'bank') });
  for (const { proof, signed } of [...good, wrong, elsewhere]) await bank.insert(proof, signed);
  const { code, out } = await runHere('bank', 'export', file, '--data', data);
  expect({ code, out }).toEqual({ code: 0, out: `Wrote 4 proofs to ${file}\n` });
  await appendFile(file, '{"half a li');
});
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

test(
  'a bank goes to another machine as a file, each record through its own Lean',
  { timeout: SLOW },
  async () => {
    const data = path.join(root, 'b');
    const first = await run(['bank', 'import', file, '--json', '--jobs', '1', '--data', data], {
      data: root,
    });
    expect(first.code).toBe(1);
    const report = JSON.parse(first.out) as { problems: { line: number; detail: string }[] };
    expect(report).toMatchObject({ added: 2, known: 0, claimed: 1, bad: 2 });
    expect(report.problems.map(({ line }) => line)).toContain(5);
    expect(report.problems.map(({ detail }) => detail).join('\n')).toContain('Lean does not accept it');

    const { out } = await runHere('bank', 'search', 'numbered', '--json', '--data', data);
    const ids = out
      .trimEnd()
      .split('\n')
      .flatMap((line) => (JSON.parse(line) as { proofs: string[] }).proofs);
    expect(ids.sort()).toEqual(good.map(({ signed }) => signed.id).sort());
    expect(out).toContain('"topic":"nat"');

    const claimed = await runHere('bank', 'search', '--claimed', '--json', '--data', data);
    expect(JSON.parse(claimed.out)).toMatchObject({ trust: 'claimed', id: elsewhere.signed.id });
    expect((await runHere('bank', 'search', 'far_away', '--data', data)).out).toBe('');
    expect((await runHere('bank', 'search', '--claimed', 'nothing', '--data', data)).err).toBe(
      'Nothing found.\n',
    );
  },
);

test('a node that runs reads the file itself, and tells how far it is', { timeout: SLOW }, async () => {
  const data = path.join(root, 'c');
  await using node = await openNode({ locations: { data, cache: TEST_CACHE } });
  const client = new ApiClient(node.service.transport());
  const { report } = await client.call('bank.import', { path: file });
  await expect(client.call('bank.import', { path: file })).rejects.toMatchObject({ code: 'busy' });
  await vi.waitFor(
    async () => {
      const { reports } = await client.call('bank.imports', {});
      expect(reports[0]).toMatchObject({ id: report.id, state: 'done', added: 2, claimed: 1, bad: 2 });
    },
    { timeout: SLOW, interval: 50 },
  );
  expect(client.state?.bank).toMatchObject({ proofs: 2, own: 0 });
  const { items } = await client.call('bank.claimed', { text: 'FAR' });
  expect(items).toMatchObject([{ id: elsewhere.signed.id, trust: 'claimed' }]);
  const { proof } = await client.call('bank.proof', { proof: elsewhere.signed.id });
  expect(proof.row.trust).toBe('claimed');
  const again = await client.call('bank.import', { path: path.join(root, 'none') });
  await vi.waitFor(async () => {
    const { reports } = await client.call('bank.imports', {});
    expect(reports[0]).toMatchObject({ id: again.report.id, state: 'failed' });
  });
});

test('what cannot be read, or would be written over, is refused in one line', async () => {
  const none = await runHere('bank', 'import', path.join(root, 'none'), '--data', path.join(root, 'd'));
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^proofswarm: .*none: there is no such file\n$/) as string,
  });
  const there = await runHere('bank', 'export', file, '--data', path.join(root, 'a'));
  expect(there).toMatchObject({ code: 2, err: expect.stringMatching(/is there already/) as string });
});

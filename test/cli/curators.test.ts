import { expect, test, vi } from 'vitest';
import { createIdentity } from '../../core/record/index.ts';
import { run, runHere, SLOW, start, temporaryDirectory } from './run.ts';

const key = createIdentity(new Uint8Array(32).fill(3)).peer;

const listed = (out: string): { key: string; label: string; shipped: boolean }[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { key: string; label: string; shipped: boolean });

test('a curator is trusted and no longer trusted, over starts of the program', async () => {
  const data = await temporaryDirectory();
  const curators = (...args: string[]) => runHere('network', 'curators', ...args, '--data', data);
  const [shipped] = listed((await curators('list', '--json')).out);
  expect(shipped).toMatchObject({ shipped: true });
  expect(await curators('add', key, '--label', 'friends')).toMatchObject({ code: 0 });
  expect(await curators('add', key)).toMatchObject({ code: 1 });
  expect(await curators('remove', shipped?.key ?? '')).toMatchObject({ code: 0 });
  expect(listed((await curators('list', '--json')).out)).toEqual([{ key, label: 'friends', shipped: false }]);
  expect(await curators('remove', key)).toMatchObject({ code: 0 });
  expect(await curators('remove', key)).toMatchObject({ code: 1 });
  expect((await curators('list', '--json')).out).toBe('');
  expect(await curators('add', 'nobody')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no peer id') as string,
  });
});

test('a node that runs is told, and what its next start knows is the same', { timeout: SLOW }, async () => {
  const data = await temporaryDirectory();
  const node = start(['node', '--offline', '--no-prove', '--json'], { data });
  await vi.waitFor(() => expect(node.text.out).toContain('"started"'), { timeout: SLOW / 2, interval: 50 });
  const added = await run(['network', 'curators', 'add', key, '--json', '--data', data], { data });
  expect(JSON.parse(added.out)).toEqual({ curator: key, changed: true });
  node.child.kill('SIGINT');
  expect((await node.finished).code).toBe(0);
  const { out } = await runHere('network', 'curators', 'list', '--json', '--data', data);
  expect(listed(out).map((curator) => curator.key)).toContain(key);
});

import { appendFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import {
  createIdentity,
  encodeClaim,
  makeStatement,
  signProof,
  type ClaimedProof,
} from '../../../core/record/index.ts';

const finder = createIdentity(new Uint8Array(32).fill(7));

function claim(n: number): ClaimedProof {
  const statement = makeStatement({
    environment: { lean: '4.15.0', library: 'mathlib', revision: 'v4.15.0' },
    header: 'import Mathlib',
    formal: `theorem t${n} : (${n} : ℝ) = ${n}`,
    name: `t${n}`,
  });
  const signed = signProof(
    {
      statement: statement.id,
      submission: `${statement.formal} := rfl`,
      checker: { name: 'lean', version: '4.15.0' },
      finder: { peer: finder.peer, policy: 'portfolio', rounds: 1 },
      createdAt: n,
      licence: 'Apache-2.0',
    },
    finder,
  );
  return { signed, statement };
}

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'proofswarm-claimed-'));
  onTestFinished(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

test('keeps claims over restarts, each once', async () => {
  const where = await directory();
  const shelf = await ClaimedShelf.open(where);
  const claims = [1, 2, 3].map(claim);
  await Promise.all([...claims, ...claims].map((one) => shelf.add(one)));
  expect(shelf.size).toBe(3);
  for (const one of claims) expect(await shelf.read(one.signed.id)).toEqual(one);
  await shelf.close();
  const again = await ClaimedShelf.open(where);
  expect(
    again
      .keys()
      .map(({ createdAt }) => createdAt)
      .sort(),
  ).toEqual([1, 2, 3]);
  for (const one of claims) expect(await again.read(one.signed.id)).toEqual(one);
  await again.close();
});

test('what a crash cut short, or wrote over, is passed over; what comes next is whole', async () => {
  const where = await directory();
  const shelf = await ClaimedShelf.open(where);
  await shelf.add(claim(1));
  await shelf.add(claim(2));
  await shelf.close();
  const file = path.join(where, 'claimed.b64');
  await truncate(file, (await stat(file)).size - 20);
  await appendFile(file, '\nrubbish\n\u0000\n');
  const again = await ClaimedShelf.open(where);
  expect(again.size).toBe(1);
  await again.add(claim(3));
  expect(await again.read(claim(3).signed.id)).toEqual(claim(3));
  await again.close();
  const last = await ClaimedShelf.open(where);
  expect(last.size).toBe(2);
  expect(await last.read(claim(3).signed.id)).toEqual(claim(3));
  expect(await last.read(claim(2).signed.id)).toBeUndefined();
  await last.close();
});

test('takes no more than it has room for, over restarts too', async () => {
  const where = await directory();
  const one = encodeClaim(claim(1)).length;
  const limits = { maxBytes: 3 * 2 * one };
  const shelf = await ClaimedShelf.open(where, limits);
  const kept: boolean[] = [];
  for (let n = 1; n <= 8; n++) kept.push(await shelf.add(claim(n)));
  const taken = kept.filter(Boolean).length;
  expect(taken).toBeGreaterThan(1);
  expect(taken).toBeLessThan(8);
  expect((await stat(path.join(where, 'claimed.b64'))).size).toBeLessThanOrEqual(limits.maxBytes);
  // What is there is there.
  expect(await shelf.add(claim(1))).toBe(true);
  await shelf.close();
  const again = await ClaimedShelf.open(where, limits);
  expect([again.size, await again.add(claim(9))]).toEqual([taken, false]);
  await again.close();
});

test('whatever else peers claim, there is room for what is claimed of statements that were chosen', async () => {
  const where = await directory();
  const line = encodeClaim(claim(1)).length * 2;
  const shelf = await ClaimedShelf.open(where, { maxBytes: 12 * line });
  const fill = async (chosen: boolean, from: number): Promise<number> => {
    let taken = 0;
    while (await shelf.add(claim(from + taken), { chosen })) taken++;
    return taken;
  };
  const others = await fill(false, 100);
  expect(others).toBeGreaterThan(3);
  const chosen = await fill(true, 200);
  expect(Math.abs(chosen - others)).toBeLessThanOrEqual(1);
  // Of what is there nothing was given up for it.
  expect(shelf.size).toBe(others + chosen);
  await shelf.close();
});

test('lines longer than any record, and those over the edge of what is read at a time, are no obstacle', async () => {
  const where = await directory();
  const first = await ClaimedShelf.open(where);
  await first.add(claim(1));
  await first.close();
  const file = path.join(where, 'claimed.b64');
  await appendFile(file, 'x'.repeat(9 * 1024 ** 2));
  const second = await ClaimedShelf.open(where);
  await second.add(claim(2));
  await second.close();
  const body = await readFile(file);
  const line = body.subarray(body.lastIndexOf(0x0a, body.length - 2) + 1).toString();
  // More than a chunk of them, so that one lies over its edge.
  await appendFile(file, line.repeat(Math.ceil((2.5 * 1024 ** 2) / line.length)));
  const third = await ClaimedShelf.open(where);
  await third.add(claim(3));
  expect(third.size).toBe(3);
  for (const n of [1, 2, 3]) expect(await third.read(claim(n).signed.id)).toEqual(claim(n));
  await third.close();
});

test('what a full disk cut short is taken back, and what comes later is in its place', async () => {
  const where = await directory();
  const shelf = await ClaimedShelf.open(where);
  await shelf.add(claim(1));
  const handle = await open(path.join(where, 'claimed.b64'), 'r');
  const prototype = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
  await handle.close();
  const sync = vi.spyOn(prototype, 'sync').mockRejectedValueOnce(new Error('ENOSPC'));
  await expect(shelf.add(claim(2))).rejects.toThrow('ENOSPC');
  sync.mockRestore();
  expect(await shelf.add(claim(3))).toBe(true);
  expect(await shelf.read(claim(3).signed.id)).toEqual(claim(3));
  expect(shelf.has(claim(2).signed.id)).toBe(false);
  await shelf.close();
  const again = await ClaimedShelf.open(where);
  expect(again.keys().map(({ createdAt }) => createdAt)).toEqual([1, 3]);
  await again.close();
});

test('what cannot be taken back either is passed over, and what comes later is in its place', async () => {
  const where = await directory();
  const shelf = await ClaimedShelf.open(where);
  await shelf.add(claim(1));
  const handle = await open(path.join(where, 'claimed.b64'), 'r');
  const prototype = Object.getPrototypeOf(handle) as Record<'sync' | 'truncate', () => Promise<void>>;
  await handle.close();
  const sync = vi.spyOn(prototype, 'sync').mockRejectedValueOnce(new Error('ENOSPC'));
  const cut = vi.spyOn(prototype, 'truncate').mockRejectedValueOnce(new Error('EIO'));
  onTestFinished(() => {
    sync.mockRestore();
    cut.mockRestore();
  });
  await expect(shelf.add(claim(2))).rejects.toThrow('ENOSPC');
  expect(cut).toHaveBeenCalledOnce();
  expect(await shelf.add(claim(3))).toBe(true);
  for (const n of [1, 3]) expect(await shelf.read(claim(n).signed.id)).toEqual(claim(n));
  await shelf.close();
});

test('what stands in the place of another is not given for it', async () => {
  const where = await directory();
  const shelf = await ClaimedShelf.open(where);
  // Their lines are as long as each other.
  for (const n of [1, 2]) await shelf.add(claim(n));
  const file = path.join(where, 'claimed.b64');
  const [, first = '', , second = ''] = (await readFile(file, 'latin1')).split('\n');
  expect(second).toHaveLength(first.length);
  await writeFile(file, `\n${second}\n\n${second}\n`);
  expect(await shelf.read(claim(1).signed.id)).toBeUndefined();
  expect(await shelf.read(claim(2).signed.id)).toEqual(claim(2));
  await shelf.close();
});

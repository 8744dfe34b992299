import { appendFile, mkdtemp, rm, truncate, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import { createIdentity, makeStatement, signProof, type ClaimedProof } from '../../../core/record/index.ts';

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

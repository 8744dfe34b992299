import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DamagedIdentityError, loadIdentity, readIdentity } from '../../core/node/index.ts';
import { createIdentity } from '../../core/record/index.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-identity-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

test('an identity is made once, for the user alone, and used from then on', async () => {
  const directory = path.join(await temporaryDirectory(), 'made', 'when needed');
  expect(await readIdentity(directory)).toBeUndefined();
  const identity = await loadIdentity(directory);
  const file = path.join(directory, 'identity.key');
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toBe(`${Buffer.from(identity.secretKey).toString('hex')}\n`);
  expect(await loadIdentity(directory)).toEqual(identity);
  expect(await readIdentity(directory)).toEqual(identity);
  expect(await readdir(directory)).toEqual(['identity.key']);
});

test('two data directories have two identities', async () => {
  const [one, two] = [await temporaryDirectory(), await temporaryDirectory()];
  expect((await loadIdentity(one)).peer).not.toBe((await loadIdentity(two)).peer);
});

test('a seed without its line end, or in capitals, is taken as it is', async () => {
  const directory = await temporaryDirectory();
  const seed = new Uint8Array(32).fill(0xab);
  const file = path.join(directory, 'identity.key');
  for (const text of ['ab'.repeat(32), 'AB'.repeat(32), `${'ab'.repeat(32)}\r\n`]) {
    await writeFile(file, text);
    expect(await loadIdentity(directory)).toEqual(createIdentity(seed));
  }
});

test.each([
  ['empty', ''],
  ['cut short', 'ab'.repeat(31)],
  ['too long', 'ab'.repeat(33)],
  ['an odd digit too long', `${'ab'.repeat(32)}c`],
  ['followed by something', `${'ab'.repeat(32)} #`],
  ['half of a digit off', `${'ab'.repeat(31)}ag`],
  ['something else', '-----BEGIN PRIVATE KEY-----'],
])('a damaged file is refused and never overwritten: %s', async (_, text) => {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'identity.key');
  await writeFile(file, text);
  await chmod(file, 0o600);
  await expect(loadIdentity(directory)).rejects.toThrow(DamagedIdentityError);
  await expect(readIdentity(directory)).rejects.toThrow(`${file} does not hold a 32-byte key`);
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(await readdir(directory)).toEqual(['identity.key']);
});

test('a directory in its place is an error, and nothing is left beside it', async () => {
  const directory = await temporaryDirectory();
  await mkdir(path.join(directory, 'identity.key'));
  await expect(loadIdentity(directory)).rejects.toThrow(/EISDIR/);
  expect(await readdir(directory)).toEqual(['identity.key']);
});

test('callers that come at once agree, in one process and in several', async () => {
  const directory = path.join(await temporaryDirectory(), 'data');
  const processes = Array.from({ length: 3 }, () =>
    fork(new URL('./identity-process.ts', import.meta.url), [directory], { execArgv: [] }),
  );
  onTestFinished(() => processes.forEach((one) => void one.kill()));
  await Promise.all(processes.map((one) => once(one, 'message')));
  const told = processes.map((one) => once(one, 'message').then(([peers]) => peers as string[]));
  for (const one of processes) one.send('go');
  const here = await Promise.all(Array.from({ length: 10 }, () => loadIdentity(directory)));
  const peers = [...(await Promise.all(told)).flat(), ...here.map(({ peer }) => peer)];
  expect(peers).toHaveLength(40);
  expect(new Set(peers)).toEqual(new Set([(await loadIdentity(directory)).peer]));
  expect(await readdir(directory)).toEqual(['identity.key']);
});

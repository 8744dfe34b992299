import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDirectory, NodeRunningError } from '../../core/node/data-claim.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-claim-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('a directory is claimed once, whatever path leads there, and free again after', async () => {
  const data = path.join(directory, 'data');
  const claim = await claimDataDirectory(data);
  await symlink(data, path.join(directory, 'link'));
  await expect(claimDataDirectory(data)).rejects.toThrow(NodeRunningError);
  await expect(claimDataDirectory(path.join(directory, 'link'))).rejects.toThrow(/runs with the data in/);
  await using other = await claimDataDirectory(path.join(directory, 'other'));
  expect(other).toBeDefined();
  await claim[Symbol.asyncDispose]();
  await using again = await claimDataDirectory(data);
  expect(again).toBeDefined();
});

test('a process that is killed leaves no claim behind', async () => {
  const module = new URL('../../core/node/data-claim.ts', import.meta.url).href;
  const program = `import { claimDataDirectory } from ${JSON.stringify(module)};
    await claimDataDirectory(${JSON.stringify(directory)});
    setInterval(() => {}, 1000);
    process.send('claimed');`;
  const file = path.join(directory, 'holder.mjs');
  await writeFile(file, program);
  const child = fork(file, [], { stdio: 'inherit' });
  const exited = once(child, 'exit');
  try {
    await Promise.race([once(child, 'message'), exited]);
    await expect(claimDataDirectory(directory)).rejects.toThrow(NodeRunningError);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
  await using claim = await claimDataDirectory(directory);
  expect(claim).toBeDefined();
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { curate } from '../../core/cli/curate/main.ts';
import { decodePack } from '../../core/record/index.ts';

async function bench() {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-curate-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = (name: string): string => path.join(directory, name);
  await writeFile(file('a.lean'), 'theorem a : 1 = 1 := sorry\ntheorem b : 2 = 2 := sorry\n');
  const env: NodeJS.ProcessEnv = {};
  const run = async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    await curate(env, (line) => lines.push(line)).parseAsync(args, { from: 'user' });
    return lines.join('\n');
  };
  const sign = (version: number, source = 'a.lean'): Promise<string> =>
    run(
      'sign',
      file(source),
      '--name',
      'p',
      '--pack-version',
      `${version}`,
      '--licence',
      'MIT',
      '--out',
      file('p.pack'),
    );
  return { file, env, run, sign };
}

test('a key is made for its owner alone, and signs packs that others can check', async () => {
  const { file, env, run, sign } = await bench();
  const key = await run('new-key', file('key'));
  expect((await stat(file('key'))).mode & 0o777).toBe(0o600);
  await expect(run('new-key', file('key'))).rejects.toThrow(/EEXIST/);
  env['PROOFSWARM_CURATOR_KEY'] = await readFile(file('key'), 'utf8');
  expect(await sign(1)).toContain(key);
  const pack = decodePack(new Uint8Array(await readFile(file('p.pack'))));
  expect(pack.record).toMatchObject({ curator: key, name: 'p', version: 1, licence: 'MIT' });
  expect(pack.record.entries).toHaveLength(2);
});

test('versions go up, and nothing is signed without a key or of what cannot be read', async () => {
  const { file, env, sign } = await bench();
  await expect(sign(1)).rejects.toThrow(/PROOFSWARM_CURATOR_KEY/);
  env['PROOFSWARM_CURATOR_KEY'] = '07'.repeat(32);
  await sign(2);
  await expect(sign(2)).rejects.toThrow(/version 2 already/);
  await writeFile(file('bad.lean'), 'theorem : True := sorry');
  await expect(sign(3, 'bad.lean')).rejects.toThrow(/no name/);
  expect(decodePack(new Uint8Array(await readFile(file('p.pack')))).record.version).toBe(2);
});

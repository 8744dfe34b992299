import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { claimDataDirectory } from '../../core/node/data-claim.ts';
import { models } from '../../core/node/diagnose-models.ts';
import { nativeLean } from '../../core/node/diagnose-native.ts';
import { network } from '../../core/node/diagnose-network.ts';
import { runNode } from '../../core/node/headless/index.ts';
import type { Finding } from '../../core/node/index.ts';
import { tinyModel } from '../policy/models/gguf-bytes.ts';
import { numbered, prove } from '../memory/proofs.ts';
import { damagedBank } from './damaged-bank.ts';
import { run, runHere, SLOW, temporaryDirectory, write } from './run.ts';
import { writeProgram } from '../support/native-lean.ts';
import { TEST_CACHE } from '../support/paths.ts';

const TOPICS = [
  'node',
  'machine',
  'embedded Lean',
  'native Lean',
  'sandbox',
  'gpu',
  'models',
  'data directory',
  'cache directory',
  'identity',
  'bank',
  'statements',
  'network',
];

/** What this machine has little of is no matter here. */
const scarce = ({ topic, remedy }: Finding): boolean =>
  topic === 'machine' || (remedy ?? '').startsWith('free some space');

describe('doctor', { timeout: SLOW }, () => {
  test('says as JSON what is there, and ends with 0 where nothing is the matter', async () => {
    const data = await temporaryDirectory();
    const { code, out, err } = await run(['doctor', '--json'], { data });
    const findings = JSON.parse(out) as Finding[];
    expect(findings.map(({ topic }) => topic)).toEqual(TOPICS);
    const problems = findings.filter(({ state }) => state === 'problem');
    expect(problems.filter((finding) => !scarce(finding))).toEqual([]);
    expect({ code, err }).toEqual({ code: problems.length === 0 ? 0 : 1, err: '' });
    const by = new Map(findings.map((finding) => [finding.topic, finding]));
    expect(by.get('embedded Lean')?.detail).toMatch(
      /^Lean 4\.28\.0-pre, ready in [\d.]+ s, proves and checks$/,
    );
    expect(by.get('data directory')?.detail).toContain(data);
    expect(by.get('cache directory')?.detail).toContain(TEST_CACHE);
    expect(by.get('identity')).toMatchObject({ state: 'note' });
    expect(by.get('bank')?.detail).toBe('0 proofs of 0 statements, 0 attempts');
  });

  test('says what is broken and how to mend it, and ends with 1', async () => {
    const directory = await temporaryDirectory();
    const data = path.join(directory, 'data');
    await mkdir(path.join(data, 'statements'), { recursive: true });
    await write(data, 'identity.key', 'scrambled');
    await damagedBank(data, [prove(numbered(1)), prove(numbered(2))]);
    await write(path.join(data, 'statements'), 'statements.jsonl', 'scrambled');
    const { code, out } = await run(['doctor', '--data', data], { data: directory });
    expect(code).toBe(1);
    expect(out).toMatch(/^ok {7}node {13}Node 2\d\./m);
    expect(out).toMatch(
      /^PROBLEM {2}identity +.*identity\.key does not hold .*\n +→ put a copy of identity\.key back/m,
    );
    expect(out).toMatch(
      /^note {5}bank +2 proofs of 2 statements, 0 attempts\. A line of the bank is damaged: .* All others were loaded\.$/m,
    );
    expect(out).toMatch(
      /^note {5}statements +0 imported; damaged lines in .*: 1\n +→ import their statements again/m,
    );
  });

  test('shows the native Lean that is set, and says what is wrong with one that is none', async () => {
    const data = await temporaryDirectory();
    const script = "echo 'Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit 0123456789ab, Release)'";
    const lean = await writeProgram(path.join(data, 'own', 'bin', 'lean'), script);
    const native = (setting: string): Promise<Finding> => {
      vi.stubEnv('PROOFSWARM_LEAN', setting);
      onTestFinished(() => void vi.unstubAllEnvs());
      return nativeLean({ data, cache: TEST_CACHE });
    };
    expect(await native(lean)).toEqual({
      topic: 'native Lean',
      state: 'ok',
      detail: `lean 4.28.0, core, as set: ${path.join(data, 'own')}`,
    });
    expect(await native(path.join(data, 'nothing'))).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('there is no lean') as string,
    });
  });

  test('tells the models that are here, and whether the chosen one is', async () => {
    const data = await temporaryDirectory();
    const locations = { data, cache: TEST_CACHE };
    expect(await models(locations)).toEqual({
      topic: 'models',
      state: 'note',
      detail: 'none; the portfolio policy needs no model',
    });
    const file = path.join(data, 'Tiny Prover.gguf');
    await writeFile(file, tinyModel());
    await runHere('models', 'add', file, '--data', data);
    expect(await models(locations)).toMatchObject({
      state: 'ok',
      detail: 'tiny-prover; none is chosen: proofswarm models use',
    });
    await runHere('models', 'use', 'tiny-prover', '--data', data);
    expect(await models(locations)).toMatchObject({
      state: 'ok',
      detail: 'tiny-prover; in use: tiny-prover',
    });
    await rm(file);
    expect(await models(locations)).toEqual({
      topic: 'models',
      state: 'problem',
      detail: `tiny-prover; in use: tiny-prover, whose file ${file} is not there any more`,
      remedy: 'choose another with: proofswarm models use',
    });
    await writeFile(path.join(data, 'settings.json'), '{');
    expect(await models(locations)).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('settings.json does not hold settings: no JSON') as string,
    });
  });

  test('tells whether a node runs, and how it stands in the swarm', async () => {
    const data = await temporaryDirectory();
    const locations = { data, cache: TEST_CACHE };
    expect(await network(locations)).toEqual({
      topic: 'network',
      state: 'note',
      detail: 'no node runs here; proofswarm prove uses none and tells nobody anything',
    });
    const claim = await claimDataDirectory(data);
    expect((await network(locations)).detail).toMatch(/^a node runs here that the command line cannot ask/);
    await claim[Symbol.asyncDispose]();
    const node = await runNode({ locations, prove: false, offline: true });
    expect((await network(locations)).detail).toMatch(/^the node that runs here is not in the swarm \(off\)/);
    await node[Symbol.asyncDispose]();
    const settings = {
      enabled: true,
      mdns: false,
      dht: false,
      upnp: false,
      listen: ['/ip4/127.0.0.1/tcp/0'],
    };
    await writeFile(path.join(data, 'settings.json'), JSON.stringify({ version: 1, network: settings }));
    await using joined = await runNode({ locations, prove: false, offline: false });
    expect(joined.swarm).toBeDefined();
    const expected: Finding = {
      topic: 'network',
      state: 'ok',
      detail:
        'the node that runs here is in the swarm with 0 peers; proofswarm prove uses none and tells nobody anything',
    };
    // The swarm's state is told a moment after it was joined.
    await vi.waitFor(async () => expect(await network(locations)).toEqual(expected), { timeout: SLOW / 2 });
  });

  test.each([
    [['--install-lean', '1.0.0'], /Lean 1\.0\.0 is not among the releases that can be installed: 4\.28\.0/],
    [['--install-lean', '--json'], /--json does not go with an installation/],
    [['--install-mathlib'], /Mathlib v4\.28\.0 needs Lean 4\.28\.0; install it with --install-lean/],
  ])('installs nothing with %j, and says why', async (options, message) => {
    vi.stubEnv('PROOFSWARM_CACHE', await temporaryDirectory());
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, err } = await runHere('doctor', ...options);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('reports directories that cannot be any, and a Lean that cannot be prepared', async () => {
    const file = await write(await temporaryDirectory(), 'file', '');
    vi.stubEnv('PROOFSWARM_CACHE', file);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, out } = await runHere('doctor', '--data', file);
    expect(code).toBe(1);
    expect(out).toContain(`data directory   ${file}: a part of the path is no directory\n`);
    expect(out).toMatch(/^PROBLEM {2}identity .*: a part of the path is no directory$/m);
    for (const topic of ['data directory', 'identity', 'bank', 'statements']) {
      expect(out).toMatch(
        new RegExp(`^PROBLEM {2}${topic} .*\\n +→ choose another data directory with --data`, 'm'),
      );
    }
    expect(out).toMatch(/^PROBLEM {2}cache directory .*\n +→ set PROOFSWARM_CACHE/m);
    expect(out).toMatch(/^PROBLEM {2}embedded Lean .*\n +→ run npm ci/m);
  });
});

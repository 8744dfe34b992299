import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../core/lean/index.ts';
import {
  prepareMathlib,
  type PreparedLibrary,
  type PrepareMathlibOptions,
} from '../../../lean-bundle/toolchains/mathlib.ts';
import { writeProgram } from '../../support/native-lean.ts';
import { temporaryDirectory } from '../../support/release-server.ts';

const PIN = {
  lean: '4.28.0',
  tag: 'v4.28.0',
  revision: 'a'.repeat(40),
  url: 'https://example.org/mathlib4',
};

/** A `lake` that is a script: how the real one is run is tested here, not what it does. */
const UPDATE =
  'echo "{\\"packages\\":[{\\"name\\":\\"mathlib\\",\\"rev\\":\\"$REV\\"}]}" > lake-manifest.json';
const GET = [
  'for p in mathlib batteries; do mkdir -p .lake/packages/$p/.lake/build/lib/lean; done',
  'mkdir -p .lake/packages/unbuilt',
  'touch .lake/packages/mathlib/.lake/build/lib/lean/Mathlib.olean; echo "Decompressing: 40%"',
];

async function setUp(
  update = UPDATE,
  get = GET,
): Promise<{
  root: string;
  prepare: (more?: Partial<PrepareMathlibOptions>) => Promise<PreparedLibrary>;
  calls: () => Promise<string[]>;
}> {
  const root = await temporaryDirectory();
  const bin = path.join(root, 'bin');
  const log = path.join(bin, 'calls');
  const lake = await writeProgram(
    path.join(bin, 'lake'),
    `REV=${PIN.revision}; echo "$*" >> '${log}'; env > '${bin}/environment'`,
    `case "$1" in update) ${update} ;; exe) ${get.join('; ')} ;; esac`,
  );
  return {
    root,
    prepare: (more = {}) =>
      prepareMathlib({
        root: path.join(root, 'libraries'),
        pin: PIN,
        lake,
        run: runCommand,
        bytes: 1,
        ...more,
      }),
    calls: async () =>
      (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
  };
}

describe.skipIf(process.platform === 'win32')('preparing Mathlib', () => {
  test('writes the project, runs lake twice, and tells where the libraries lie', async () => {
    const { root, prepare, calls } = await setUp();
    const seen: unknown[] = [];
    const prepared = await prepare({ onProgress: (progress) => seen.push(progress) });
    const directory = path.join(root, 'libraries', 'mathlib-aaaaaaaaaaaa');
    expect(prepared).toEqual({
      directory,
      revision: PIN.revision,
      leanPath: ['batteries', 'mathlib'].map((name) =>
        path.join(directory, '.lake', 'packages', name, '.lake', 'build', 'lib', 'lean'),
      ),
    });
    expect(await calls()).toEqual(['update mathlib', 'exe cache get']);
    expect(await readFile(path.join(directory, 'lean-toolchain'), 'utf8')).toBe('leanprover/lean4:v4.28.0\n');
    expect(await readFile(path.join(directory, 'lakefile.toml'), 'utf8')).toContain(
      `rev = "${PIN.revision}"`,
    );
    expect(seen).toContainEqual({ step: 'fetching what is built of Mathlib', fraction: 0.4 });
    expect(await prepare()).toEqual(prepared);
    expect((await calls()).length).toBe(2);
  });

  test('gives lake its own home and the toolchain first on the PATH', async () => {
    const { root, prepare } = await setUp();
    await prepare();
    const environment = await readFile(path.join(root, 'bin', 'environment'), 'utf8');
    expect(environment).toMatch(new RegExp(`^PATH=${path.join(root, 'bin')}:`, 'm'));
    expect(environment).toMatch(/^HOME=.*\/libraries\/mathlib-a+\/home$/m);
    expect(environment).toMatch(/^MATHLIB_NO_CACHE_ON_UPDATE=1$/m);
  });

  test.each([
    ['fails', 'echo "error: no network" >&2; exit 1', GET, /lake update mathlib failed: .*no network/s],
    ['takes another commit', UPDATE.replace('$REV', 'b'.repeat(40)), GET, /took Mathlib b+, not a+/],
    ['writes no manifest', ':', GET, /no readable lake-manifest/],
    ['gets nothing', UPDATE, [':'], /did not bring Mathlib\.olean/],
    ['fails to get', UPDATE, ['exit 3'], /lake exe cache get failed/],
  ])('is not done where lake %s', async (_, update, get, message) => {
    const { root, prepare } = await setUp(update, get);
    await expect(prepare()).rejects.toMatchObject({ name: 'ToolchainError', stage: 'library' });
    await expect(prepare()).rejects.toThrow(message);
    expect(await readdir(path.join(root, 'libraries', 'mathlib-aaaaaaaaaaaa'))).not.toContain(
      'proofswarm-prepared.json',
    );
  });

  test('ends a lake that says nothing any more, and one that is not wanted any more', async () => {
    const { prepare } = await setUp('exec sleep 600');
    await expect(prepare({ stallMs: 200 })).rejects.toThrow(/nothing came for 0\.2 s/);
    await expect(prepare({ signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/);
  });

  test('goes on with what was cut off', async () => {
    const { root, prepare, calls } = await setUp();
    const directory = path.join(root, 'libraries', 'mathlib-aaaaaaaaaaaa');
    await mkdir(path.join(directory, '.lake'), { recursive: true });
    await writeFile(path.join(directory, 'proofswarm-prepared.json'), '{"revis');
    await prepare();
    expect((await calls()).length).toBe(2);
  });

  test('needs room on the disk', async () => {
    const { prepare, calls } = await setUp();
    await expect(prepare({ bytes: 1e18 })).rejects.toMatchObject({ stage: 'space' });
    expect(await calls()).toEqual([]);
  });
});

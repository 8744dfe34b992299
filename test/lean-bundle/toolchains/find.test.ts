import { mkdir, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findToolchains,
  type FindOptions,
  type FoundToolchain,
  type NoToolchain,
} from '../../../lean-bundle/toolchains/find.ts';
import { isAtLeast, parseVersion, readVersion } from '../../../lean-bundle/toolchains/version.ts';
import { LEAN_WASM } from '../../../lean-bundle/wasm/package.ts';
import { shimToolchain, writeProgram } from '../../support/native-lean.ts';
import { temporaryDirectory } from '../../support/release-server.ts';

const says = (version: string): string =>
  `[ "$1" = --version ] && echo 'Lean (version ${version}, x86_64-unknown-linux-gnu, commit 0123456789ab, Release)'`;

async function places(): Promise<{
  root: string;
  options: FindOptions;
  find: (more?: Partial<FindOptions>) => Promise<(FoundToolchain | NoToolchain)[]>;
}> {
  const root = await realpath(await temporaryDirectory());
  const env = { HOME: root, PATH: '' };
  const options = { bundled: path.join(root, 'bundled'), env };
  return {
    root,
    options,
    find: async (more = {}) => {
      const found: (FoundToolchain | NoToolchain)[] = [];
      for await (const item of findToolchains({ ...options, ...more })) found.push(item);
      return found;
    },
  };
}

describe.skipIf(process.platform === 'win32')('looking for toolchains', () => {
  test('goes by setting, bundle, elan, PATH, each toolchain once', async () => {
    const { root, find } = await places();
    const lean = (...parts: string[]): string => path.join(root, ...parts, 'bin', 'lean');
    await writeProgram(lean('own'), says('4.30.0'));
    await writeProgram(lean('bundled', 'lean-4.28.0-linux'), says('4.28.0'));
    await writeProgram(lean('bundled', 'lean-4.9.0-linux'), says('4.9.0'));
    await writeProgram(lean('bundled', 'lean-4.28.0-linux.tmp-1-x'), says('4.28.0'));
    await writeProgram(path.join(root, 'bundled', 'lean-4.28.0-linux', 'bin', 'lake'), 'exit 0');
    await writeProgram(lean('.elan', 'toolchains', 'leanprover--lean4---v4.15.0'), says('4.15.0'));
    await writeProgram(path.join(root, '.elan', 'bin', 'lean'), `touch '${root}/downloaded'`);
    await writeProgram(path.join(root, 'tools', 'lean'), says('4.35.0-rc2'));
    await symlink(path.join(root, 'own', 'bin'), path.join(root, 'linked'));
    const directories = ['.elan/bin', 'missing', 'linked', 'tools', 'tools'].map((name) =>
      path.join(root, name),
    );
    const found = await find({
      setting: path.join(root, 'own'),
      env: { HOME: root, PATH: ['relative', ...directories].join(path.delimiter) },
    });
    expect(found).toEqual([
      {
        source: 'setting',
        version: '4.30.0',
        commit: '0123456789ab',
        lean: lean('own'),
        directory: path.join(root, 'own'),
      },
      {
        source: 'bundled',
        version: '4.28.0',
        commit: '0123456789ab',
        lean: lean('bundled', 'lean-4.28.0-linux'),
        lake: path.join(root, 'bundled', 'lean-4.28.0-linux', 'bin', 'lake'),
        directory: path.join(root, 'bundled', 'lean-4.28.0-linux'),
      },
      expect.objectContaining({ source: 'bundled', version: '4.9.0' }),
      expect.objectContaining({ source: 'elan', version: '4.15.0' }),
      expect.objectContaining({ source: 'path', version: '4.35.0-rc2' }),
    ]);
    await expect(realpath(path.join(root, 'downloaded'))).rejects.toThrow(/ENOENT/);
  });

  test('takes a setting that is an executable, and says what is wrong with one that is none', async () => {
    const { root, find } = await places();
    const lean = await writeProgram(path.join(root, 'own', 'bin', 'lean'), says('4.28.0'));
    expect(await find({ setting: lean })).toMatchObject([{ source: 'setting', version: '4.28.0', lean }]);
    await mkdir(path.join(root, 'empty'));
    for (const [place, reason] of [
      [path.join(root, 'missing'), /no lean/],
      [path.join(root, 'empty'), /no lean/],
      [await writeProgram(path.join(root, 'silent'), ':'), /does not say/],
      [await writeProgram(path.join(root, 'failing'), `${says('4.28.0')}; exit 1`), /does not say/],
      [await writeProgram(path.join(root, 'elan'), says('4.28.0')), /it is elan/],
    ] as const) {
      expect(await find({ setting: place })).toEqual([
        { source: 'setting', place, reason: expect.stringMatching(reason) as string },
      ]);
    }
  });

  test('finds nothing where there is nothing', async () => {
    expect(await (await places()).find()).toEqual([]);
  });

  test('stops when the signal is aborted', async () => {
    const { find } = await places();
    await expect(find({ setting: '/', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});

describe('the version', () => {
  test.each([
    ['Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit 7e01a1bf5c70fc6167d49c345d3bf80596e9a79b, Release)\n', { version: '4.28.0', commit: '7e01a1bf5c70fc6167d49c345d3bf80596e9a79b' }],
    ['Lean (version 4.35.0-rc2, arm64-apple-darwin23.6.0, commit 11acb17ec6b0, Release)', { version: '4.35.0-rc2', commit: '11acb17ec6b0' }],
    ['Lean (version 4.9.0, Release)', { version: '4.9.0' }],
    ['warning: something\nLean (version 4.28.0-pre, wasm32, commit 38f3c0c45b8d, Release)', { version: '4.28.0-pre', commit: '38f3c0c45b8d' }],
    ['Lean (version four)', undefined],
    ['', undefined],
  ])('is read from %j', (output, version) => {
    expect(parseVersion(output)).toEqual(version);
  }); // prettier-ignore

  test.each([
    ['4.35.0', true],
    ['4.35.0-rc2', true],
    ['4.36.1', true],
    ['5.0.0', true],
    ['4.34.9', false],
    ['4.9.0', false],
  ])('%s is at least 4.35: %s', (version, expected) => {
    expect(isAtLeast(version, [4, 35, 0])).toBe(expected);
  });

  test.skipIf(process.platform === 'win32')('is what real Lean says', { timeout: 60_000 }, async () => {
    await using toolchain = await shimToolchain();
    const found = await readVersion(toolchain.lean);
    expect(found?.version).toBe(LEAN_WASM.lean);
    expect(found?.commit?.slice(0, 12)).toBe(LEAN_WASM.commit);
  });
});

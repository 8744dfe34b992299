import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runHere, SLOW, temporaryDirectory, write } from './run.ts';
import { shimToolchain, writeProgram } from '../support/native-lean.ts';
import { TEST_CACHE } from '../support/paths.ts';

describe.skipIf(process.platform === 'win32')('--lean', { timeout: SLOW }, () => {
  test('has a native Lean judge: the user’s own submission, without a sandbox too', async () => {
    await using toolchain = await shimToolchain();
    // No bubblewrap is found: this Lean lies behind more than its own directory.
    vi.stubEnv('PATH', '');
    vi.stubEnv('PROOFSWARM_CACHE', TEST_CACHE);
    onTestFinished(() => void vi.unstubAllEnvs());
    const directory = await temporaryDirectory();
    const challenge = await write(
      directory,
      'C.lean',
      'theorem swap (a b : Nat) : a + b = b + a := by sorry',
    );
    const proof = await write(directory, 'S.lean', 'theorem swap (a b : Nat) : a + b = b + a := by omega');
    const accepted = await runHere('verify', challenge, proof, '--lean', toolchain.lean);
    expect(accepted).toMatchObject({ code: 0, err: '' });
    expect(accepted.out).toMatch(/^swap: accepted by lean 4\.28\.0-pre\+38f3c0c45b8d in \d+ ms/);
  });

  test('says that there is no such Lean, with 2', async () => {
    const directory = await temporaryDirectory();
    const file = await write(directory, 'C.lean', 'theorem t : 1 = 1 := by sorry');
    for (const args of [
      ['verify', file, file],
      ['prove', file, '--data', directory],
    ]) {
      const lean = path.join(directory, 'missing');
      const { code, err } = await runHere(...args, '--lean', lean);
      expect({ code, err }).toEqual({ code: 2, err: `proofswarm: ${lean}: there is no lean\n` });
    }
  });

  test('passes on that a native Lean cannot judge', async () => {
    const directory = await temporaryDirectory();
    const lean = await writeProgram(
      path.join(directory, 'bin', 'lean'),
      `[ "$1" = --version ] && echo 'Lean (version 4.28.0, somewhere, Release)' && exit`,
      'echo "cannot" >&2; exit 7',
    );
    const file = await write(directory, 'C.lean', 'theorem t : 1 = 1 := by sorry');
    const { code, err } = await runHere('verify', file, file, '--lean', lean);
    expect(code).toBe(2);
    expect(err).toMatch(/t does not elaborate: Lean ended with exit code 7: cannot/);
  });
});

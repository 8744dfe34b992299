import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createNativeChecker,
  LeanUnavailableError,
  UnjudgeableError,
  type CreateNativeCheckerInit,
  type NativeToolchain,
  type SandboxState,
  type LeanChecker,
} from '../../../core/lean/index.ts';
import { CORE, statement } from '../../support/lean.ts';
import {
  NATIVE_PROGRAMS,
  shimToolchain,
  writeProgram,
  type ShimToolchain,
} from '../../support/native-lean.ts';
import { sandboxState } from '../../support/sandbox.ts';

const UNAVAILABLE: SandboxState = { kind: 'unavailable', reason: 'there is none in this test' };
const IDENTITY = { name: 'lean', version: '4.28.0-pre' };
/** Loaded machines start Lean slowly, and each check starts it up to three times. */
const SLOW = 180_000;

function nativeChecker(
  toolchain: NativeToolchain,
  sandbox: SandboxState,
  more: Partial<CreateNativeCheckerInit> = {},
): LeanChecker {
  return createNativeChecker(
    { toolchain, sandbox },
    {
      programs: NATIVE_PROGRAMS,
      identity: IDENTITY,
      environment: CORE,
      jobs: 2,
      allowUnsandboxed: false,
      defaultTimeoutMs: SLOW,
      ...more,
    },
  );
}

const SWAP = statement('theorem swap (a b : Nat) : a + b = b + a');
const SWAPPED = 'theorem swap (a b : Nat) : a + b = b + a := by omega';

/** With real Lean behind `lean --run`, in this machine's sandbox where there is one. */
describe('the native checker', { timeout: SLOW }, () => {
  let toolchain: ShimToolchain;
  let checker: LeanChecker;
  let temporary = '';
  beforeAll(async () => {
    toolchain = await shimToolchain();
    temporary = await mkdtemp(path.join(tmpdir(), 'proofswarm-native-'));
    vi.stubEnv('TMPDIR', temporary);
    checker = nativeChecker(toolchain, sandboxState, { allowUnsandboxed: true });
  });
  afterAll(async () => {
    await checker.dispose();
    await toolchain[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    await rm(temporary, { recursive: true, force: true });
  });

  test('accepts a proof with definitions, types, instances, lemmas and axioms of its own making and the statement’s', async () => {
    const header = 'structure Box (α : Type) where\n  item : α\n  deriving Repr\ndef two : Nat := 2';
    const { verdict, proof } = await checker.check(
      statement('theorem boxed (b : Box Nat) (p : Prop) : (b.item + two = two + b.item) ∧ (p ∨ ¬p)', header),
      [
        header,
        'inductive Tree | leaf | node (l r : Tree)',
        'def Tree.size : Tree → Nat | leaf => 1 | node l r => l.size + r.size',
        'instance : Inhabited Tree := ⟨.leaf⟩',
        'theorem Tree.pos (t : Tree) : 0 < t.size := by induction t <;> simp [Tree.size] <;> omega',
        'theorem boxed (b : Box Nat) (p : Prop) : (b.item + two = two + b.item) ∧ (p ∨ ¬p) :=',
        '  have := (default : Tree).pos; have : p = p := propext .rfl; ⟨Nat.add_comm _ _, Classical.em p⟩',
      ].join('\n'),
    );
    expect(verdict).toMatchObject({
      kind: 'proved',
      checker: IDENTITY,
      axioms: ['propext'],
    });
    expect(proof?.statement.name).toBe('boxed');
  });

  test.each([
    ['a false axiom', 'axiom no : False\n', ' := no.elim', 'forbidden-axiom'],
    ['sorry', '', ' := by sorry', 'forbidden-axiom'],
    [
      'a proof that skipped the kernel',
      'set_option debug.skipKernelTC true\n',
      ' := by decide +kernel',
      'kernel-refused',
    ],
  ])('rejects %s', async (_, before, proof, reason) => {
    const formal = 'theorem no_way : 2 + 2 = 5';
    const { verdict } = await checker.check(statement(formal), `${before}${formal}${proof}`);
    expect(verdict).toMatchObject({ kind: 'rejected', reason });
  });

  test('rejects a changed statement', async () => {
    const { verdict } = await checker.check(SWAP, 'theorem swap (a b : Nat) : a + b = a + b := rfl');
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'statement-changed' });
  });

  test('judges definitions that a statement leaves open', async () => {
    const target = statement('theorem even : f 1 % 2 = 0', 'def f (n : Nat) : Nat := sorry');
    const given = (f: string): string => `${f}\ntheorem even : f 1 % 2 = 0 := by simp [f]`;
    const honest = given('def f (n : Nat) : Nat := 2 * n');
    expect(await checker.checkOpen(target, ['f'], honest)).toMatchObject({ kind: 'proved' });
    const chosen = given(
      'noncomputable def f (n : Nat) : Nat := 2 * (fun _ => n) (Classical.choice ⟨n⟩ : Nat)',
    );
    expect(await checker.checkOpen(target, ['f'], chosen)).toMatchObject({
      kind: 'rejected',
      reason: 'forbidden-axiom',
      detail: 'the definition of f rests on Classical.choice',
    });
    const hidden = statement(
      'theorem even : f g % 2 = 0',
      'def f (n : Nat) : Nat := sorry\ndef g : Nat := sorry',
    );
    await expect(checker.checkOpen(hidden, ['f'], honest)).rejects.toThrow(/rests on sorry beside it/);
  });

  test('gives Lean’s messages and goals, and the heartbeats that were asked for', async () => {
    const { verdict } = await checker.check(SWAP, 'theorem swap (a b : Nat) : a + b = b + a := by\n  skip');
    expect(verdict).toMatchObject({
      kind: 'failed',
      goals: ['a b : Nat\n⊢ a + b = b + a'],
      diagnostics: [{ severity: 'error', position: { line: 1, column: 44 } }],
    });
    const slow = 'theorem swap (a b : Nat) : a + b = b + a := by\n  have : ∀ x : Fin 300, x.val * x.val < 90000 := by decide\n  omega'; // prettier-ignore
    const { verdict: limited } = await checker.check(SWAP, slow, { maxHeartbeats: 1 });
    expect(limited).toMatchObject({ kind: 'exhausted', resource: 'heartbeats' });
  });

  test('says that the environment has no such module', async () => {
    const { verdict } = await checker.check(SWAP, `import Std.Missing\n${SWAPPED}`);
    expect(verdict).toMatchObject({ kind: 'rejected', reason: 'environment-mismatch' });
  });

  test('leaves nothing in the temporary directory', () => {
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith(`proofswarm-lean-${process.pid}-`)),
    ).toEqual([]);
  });
});

/** What a submission could make Lean do, or what stands where Lean should be: short scripts. */
describe.skipIf(process.platform === 'win32')('the native checker, whatever Lean prints', () => {
  async function scripted(...lines: readonly string[]): Promise<NativeToolchain & { directory: string }> {
    const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-scripted-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const lean = await writeProgram(path.join(directory, 'bin', 'lean'), ...lines);
    return { lean, directories: [directory], leanPath: [], directory };
  }
  /** Tells the statement's elaboration from the submission's and from the replay; `$6` is the source. */
  const PARTS = ['case "$4" in *Replay.lean) part=judge;; *) part=submission; while read -r l; do case "$l" in *nat_lit*) part=statement;; esac; done < "$6";; esac']; // prettier-ignore
  const check = (toolchain: NativeToolchain, options = {}): ReturnType<LeanChecker['check']> =>
    nativeChecker(toolchain, UNAVAILABLE, { allowUnsandboxed: true }).check(SWAP, SWAPPED, options);

  test.each([
    ['nothing', ':', /^swap does not elaborate: Lean ended without a result/],
    ['garbage', 'echo "{\\"ie\\":7}"; echo "{\\"done\\":[]}"; echo "{\\"x"; echo junk', /without a result/],
    ['a failure', 'echo "panic" >&2; exit 7', /exit code 7: panic/],
    ['too little memory', 'echo "INTERNAL PANIC: out of memory" >&2; exit 1', /out of memory/],
    ['a result without an export', 'echo \'{"done":{"failed":false,"exported":"exported","target":1,"marked":true}}\'', /declares no swap/], // prettier-ignore
    ['a malformed export', 'echo \'{"meta":{}}\'; echo \'{"app":{"fn":0,"arg":0},"ie":0}\'; echo \'{"done":{"failed":false,"exported":"exported","target":1,"marked":true}}\'', /./], // prettier-ignore
  ])('calls a statement unjudgeable that answers with %s', async (_, script, message) => {
    const failed = check(await scripted(script));
    await expect(failed).rejects.toThrow(UnjudgeableError);
    await expect(failed).rejects.toThrow(message);
  });

  test('ends what takes too long, with all that it started', async () => {
    const toolchain = await scripted('sleep 600 & echo $! > "$0.pid"; wait');
    await expect(check(toolchain, { timeoutMs: 1500 })).rejects.toThrow(/no answer within 1.5 s/);
    const pid = Number(await readFile(`${toolchain.lean}.pid`, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 10_000 });
  });

  test('ends what writes a long file, without a sandbox too', async () => {
    const toolchain = await scripted(
      'exec dd if=/dev/zero of="$0.long" bs=1 count=1 seek=100000000 2> /dev/null',
    );
    await expect(check(toolchain)).rejects.toThrow(/ended by SIGXFSZ/);
    expect((await stat(`${toolchain.lean}.long`)).size).toBeLessThan(100_000_000);
  });

  test('throws the signal’s reason, and is closed by dispose', async () => {
    const toolchain = await scripted('exec sleep 600');
    const signal = AbortSignal.timeout(300);
    await expect(check(toolchain, { signal })).rejects.toThrow(/timeout/);
    const checker = nativeChecker(toolchain, UNAVAILABLE, { allowUnsandboxed: true });
    const work = checker.check(SWAP, SWAPPED);
    const closed = expect(work).rejects.toThrow(LeanUnavailableError);
    await checker.dispose();
    await closed;
    await expect(checker.check(SWAP, SWAPPED)).rejects.toThrow('closed');
  });

  test('says that Lean cannot be started', async () => {
    const toolchain = { lean: '/nowhere/lean', directories: [], leanPath: [] };
    await expect(check(toolchain)).rejects.toThrow(/exit code 127|could not be started/);
  });

  test('believes no export of a submission that the kernel does not accept', async () => {
    const toolchain = await scripted(
      ...PARTS,
      'meta=\'{"meta":{}}\'; name=\'{"str":{"pre":0,"str":"swap"},"in":1}\'; type=\'{"sort":0,"ie":0}\'',
      'case $part in',
      'statement) echo "$meta"; echo "$name"; echo "$type"; echo \'{"axiom":{"name":1,"levelParams":[],"type":0,"isUnsafe":false}}\';',
      '  echo \'{"message":{"severity":"warning","pos":{"line":1,"column":8},"endPos":null,"data":"sorry","kind":"hasSorry"}}\';;',
      'submission) echo "$meta"; echo "$name"; echo "$type"; echo \'{"thm":{"name":1,"levelParams":[],"type":0,"value":0,"all":[1]}}\';;',
      'judge) echo \'{"refused":{"name":"swap","error":"a proof of nothing"}}\'; exit 0;;',
      'esac',
      'echo \'{"done":{"failed":false,"exported":"exported","target":1,"marked":true}}\'',
    );
    expect((await check(toolchain)).verdict).toMatchObject({
      kind: 'rejected',
      reason: 'kernel-refused',
      detail: 'the kernel refused swap: a proof of nothing',
    });
  });

  test('refuses what comes from strangers where there is no sandbox, unless it is told otherwise', async () => {
    const toolchain = await scripted('echo "reached" >&2; exit 7');
    const checker = nativeChecker(toolchain, UNAVAILABLE);
    for (const options of [{}, { origin: 'peer' as const }]) {
      await expect(checker.check(SWAP, SWAPPED, options)).rejects.toThrow(
        'native Lean runs sources of strangers only in a sandbox, and there is none in this test',
      );
    }
    await expect(checker.check(SWAP, SWAPPED, { origin: 'own' })).rejects.toThrow('reached');
    await expect(check(toolchain)).rejects.toThrow('reached');
  });
});

test('statements of another Lean or another Mathlib are not supported', () => {
  const mathlib = { lean: '4.28.0', library: 'mathlib', revision: 'v4.28.0' } as const;
  const checker = nativeChecker({ lean: '', directories: [], leanPath: [] }, UNAVAILABLE, {
    environment: mathlib,
  });
  expect(checker.supports(mathlib)).toBe(true);
  expect(checker.supports({ ...mathlib, revision: 'v4.29.0' })).toBe(false);
  expect(checker.supports({ ...mathlib, lean: '4.29.0' })).toBe(false);
  expect(checker.supports(CORE)).toBe(false);
});

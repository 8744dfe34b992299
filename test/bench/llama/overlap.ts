import { LlamaPolicy } from '../../../core/policy/llama/index.ts';
import { prove, type ProofChecker } from '../../../core/repair/index.ts';
import { statement, testChecker } from '../../support/lean.ts';
import { HUNDRED_MB, tinyGguf } from '../../support/tiny-gguf.ts';
import { print, quantile, round } from '../table.ts';
import { engineOn, type Gpu } from './models.ts';

const SLOTS = 4;
/** All different: a proof that is known is not checked again. */
const GRAMMAR = 'root ::= "by " ("simp" | "omega" | "decide") "; exact h" [a-z]{24}';

/** The share of time in which no slot was busy because all replies were being checked. */
export async function overlap(gpu: Gpu): Promise<void> {
  const rows: (string | number)[][] = [];
  const target = statement('theorem overlap (a b : Nat) : a * b + 1 = b * a + 2');
  await using lean = testChecker();
  await lean.warmUp();
  const checkers: [string, ProofChecker][] = [
    ['simulated, 100 ms', slow(100)],
    ['simulated, 400 ms', slow(400)],
    ['Lean', lean],
  ];
  const file = tinyGguf({ ...HUNDRED_MB, sharpness: 0.2 });
  await using engine = engineOn(file, { gpu, slots: SLOTS, contextSize: 2048 });
  await engine.load();
  for (const [name, checker] of checkers) {
    for (const concurrency of [SLOTS, 2 * SLOTS, 3 * SLOTS]) {
      const before = engine.totals;
      const policy = new LlamaPolicy({ engine }, { grammar: GRAMMAR, seed: concurrency });
      const began = performance.now();
      const outcome = await prove(
        target,
        { policy, checker },
        { rollouts: 24, rounds: 1, concurrency, seconds: 600 },
      );
      const seconds = (performance.now() - began) / 1000;
      const waiting = engine.totals.waitingForLeanMs - before.waitingForLeanMs;
      const busy = engine.totals.busyMs - before.busyMs;
      const checked = outcome.attempts.map((attempt) => attempt.cost.milliseconds);
      rows.push([
        name,
        concurrency,
        round(quantile(checked, 0.5)),
        `${round((100 * waiting) / (waiting + busy))} %`,
        round((engine.totals.generatedTokens - before.generatedTokens) / seconds),
      ]);
    }
  }
  print(
    `Overlap: 24 rollouts on ${SLOTS} slots, 100 MB model`,
    ['checker', 'rollouts at a time', 'check, median ms', 'model idle for Lean', 'tokens/s'],
    rows,
  );
}

function slow(milliseconds: number): ProofChecker {
  return {
    async check() {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return { verdict: { kind: 'failed', diagnostics: [], goals: [], milliseconds } };
    },
  };
}

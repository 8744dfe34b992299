/**
 * The judge over the hostile and the honest corpus: verdicts and time by kind, the pool's scaling, what a known header
 * saves, memory over thousands of mixed checks, and one-shot runs of Lean's command line on the same inputs.
 * Run by hand, on a machine that does nothing else: `npm run bench:judge`, or with `-- kinds`, `-- speed` or `-- memory` for one part.
 * `BENCH_CHECKS` sets how many checks the memory table takes (5000).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LeanChecker } from '../../core/lean/index.ts';
import { isInert } from '../../core/lean/inert/text.ts';
import { splitImports } from '../../core/lean/source.ts';
import type { Statement, Verdict } from '../../core/record/index.ts';
import { prepareEmbeddedLean } from '../../core/node/embedded-lean.ts';
import { kindsOfCases, loadCases, type Case } from '../hostile/cases.ts';
import { statement } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import { APP_LIMITS, fresh, openChecker, type BenchChecker } from './checker.ts';
import { machine, print, quantile, round } from './table.ts';

const MEMORY_CHECKS = Number(process.env['BENCH_CHECKS'] ?? 5000);
const ONE_SHOT_RUNS = 8;
const PASSES = 3;
/** In which the kernel counts. */
const TICK_MS = 10;
const [ONLY] = process.argv.slice(2);
const runs = (part: 'kinds' | 'speed' | 'memory'): boolean => ONLY === undefined || ONLY === part;

const cacheRoot = mkdtempSync(path.join(tmpdir(), 'proofswarm-bench-'));
const directory = await prepareEmbeddedLean({ locations: { cache: cacheRoot } });

const open = (size: number): BenchChecker => openChecker(directory, size, APP_LIMITS, 60_000);

async function timed(
  checker: LeanChecker,
  target: Statement,
  submission: string,
  seconds: number,
  maxHeartbeats?: number,
): Promise<{ verdict: Verdict; milliseconds: number }> {
  const started = performance.now();
  const { verdict } = await checker.check(target, fresh(submission), {
    timeoutMs: seconds * 1000,
    ...(maxHeartbeats === undefined ? {} : { maxHeartbeats }),
  });
  return { verdict, milliseconds: performance.now() - started };
}

function asExpected(verdict: Verdict, { expected }: Case): boolean {
  if (verdict.kind !== expected.verdict) return false;
  return verdict.kind !== 'rejected' || expected.reason === undefined || verdict.reason === expected.reason;
}

console.log(machine());
const opened = open(1);
await opened.checker.warmUp();
const byKind: (string | number)[][] = [];
const honestTimes: number[] = [];
const honestCases = loadCases(['honest']).filter((one) => one.submission !== undefined);
/** Those that can run no code of their author's, and so need no worker of their own. */
const honest = honestCases.filter(({ submission = '' }) => {
  const source = splitImports(submission);
  return source.kind === 'source' && isInert(source.imports, source.body);
});
for (const kind of runs('kinds') ? kindsOfCases() : []) {
  const cases = loadCases([kind]).filter((one) => !one.expected.long);
  const verdicts = new Map<string, number>();
  const times: number[] = [];
  let expected = 0;
  for (const one of cases) {
    if (one.submission === undefined) continue;
    const { seconds, heartbeats } = one.expected;
    const { verdict, milliseconds } = await timed(
      opened.checker,
      one.statement,
      one.submission,
      seconds,
      heartbeats,
    );
    verdicts.set(verdict.kind, (verdicts.get(verdict.kind) ?? 0) + 1);
    times.push(milliseconds);
    if (asExpected(verdict, one)) expected++;
    else console.log(`not as expected: ${kind}/${one.name}: ${verdict.kind}`);
  }
  byKind.push([
    kind,
    times.length,
    expected,
    [...verdicts].map(([name, count]) => `${name} ${count}`).join(', '),
    round(quantile(times, 0.5)),
    round(quantile(times, 0.95)),
    round(Math.max(...times)),
  ]);
}
if (runs('kinds'))
  print(
    'Verdicts and milliseconds by kind, 1 worker, statements elaborated in it too',
    ['kind', 'checks', 'as expected', 'verdicts', 'p50', 'p95', 'max'],
    byKind,
  );

/** Checks the honest cases, so many at a time, and notes how long each took where asked. */
async function honestPass({ checker }: BenchChecker, lanes: number, times?: number[]): Promise<number> {
  const queue = [...honest];
  const started = performance.now();
  const lane = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { milliseconds } = await timed(checker, next.statement, next.submission ?? '', 60);
      times?.push(milliseconds);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return honest.length / ((performance.now() - started) / 1000);
}

/** Milliseconds of all processors that the checker's processes have used so far, this one included. Linux only. */
function processorTime({ elaborators, judges }: BenchChecker): number {
  const pids = [process.pid, ...[...elaborators.workers, ...judges.workers].map(({ pid }) => pid)];
  return pids.reduce<number>((sum, pid) => {
    const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = after.split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }, 0);
}

const scaling: (string | number)[][] = [];
/** Workers, and checks under way: with more than workers, the judge never keeps one from its work. */
const LOADS = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 4],
] as const;
for (const [workers, lanes] of runs('speed') ? LOADS : []) {
  const pool = workers === 1 ? opened : open(workers);
  await pool.checker.warmUp();
  // Each worker comes to its speed by itself.
  for (let i = 0; i < 2 * workers; i++) await honestPass(pool, lanes);
  const times: number[] = lanes === 1 ? honestTimes : [];
  const rates: number[] = [];
  const before = processorTime(pool);
  for (let i = 0; i < PASSES; i++) rates.push(await honestPass(pool, lanes, times));
  scaling.push([
    workers,
    lanes,
    round((processorTime(pool) - before) / (PASSES * honest.length)),
    round(quantile(rates, 0.5)),
    round(quantile(times, 0.5)),
    round(quantile(times, 0.95)),
    round(Math.max(...times)),
  ]);
  if (workers > 1) await pool.checker.dispose();
}
if (runs('speed'))
  print(
    `Warm honest checks (${honest.length} of ${honestCases.length} cases; the others use a worker up each, as they may run code)`,
    ['workers', 'at once', 'processor ms', 'checks/s', 'p50', 'p95', 'max'],
    scaling,
  );

const HEADER = `open Nat
inductive Tree (α : Type) where | leaf | node (left : Tree α) (value : α) (right : Tree α)
def Tree.size {α : Type} : Tree α → Nat
  | .leaf => 0
  | .node l _ r => l.size + 1 + r.size
def Tree.mirror {α : Type} : Tree α → Tree α
  | .leaf => .leaf
  | .node l v r => .node r.mirror v l.mirror
theorem Tree.size_leaf {α : Type} : (Tree.leaf : Tree α).size = 0 := by simp [Tree.size]`;
const target = statement('theorem t {α : Type} : (Tree.leaf : Tree α).mirror.size = 0', HEADER);
const proof = `${HEADER}\n\ntheorem t {α : Type} : (Tree.leaf : Tree α).mirror.size = 0 := by\n  simp [Tree.mirror, Tree.size]`;
const known: number[] = [];
const unknown: number[] = [];
for (let i = 0; runs('speed') && i < 20; i++) {
  known.push((await timed(opened.checker, target, proof, 60)).milliseconds);
  // A blank more makes it another header for the worker, and the same for Lean.
  const other = proof.replace('open Nat', `open Nat${' '.repeat(i + 1)}`);
  unknown.push((await timed(opened.checker, target, other, 60)).milliseconds);
}
if (runs('speed'))
  print(
    'A header of definitions',
    ['what', 'median ms'],
    [
      ['known to the worker', round(quantile(known.slice(1), 0.5))],
      ['elaborated anew', round(quantile(unknown, 0.5))],
    ],
  );

const memory: (string | number)[][] = [];
const mixed = [...honestCases, ...loadCases(['sorry', 'drift', 'axiom', 'names'])].filter(
  (one) => one.submission !== undefined && !one.expected.long,
);
const pids = new Set<number>();
for (let i = 0; runs('memory') && i <= MEMORY_CHECKS; i++) {
  for (const { pid } of opened.elaborators.workers) if (pid !== undefined) pids.add(pid);
  if (i % (MEMORY_CHECKS / 5) === 0) {
    const all = [...opened.elaborators.workers, ...opened.judges.workers];
    memory.push([
      i,
      Math.round(process.memoryUsage.rss() / 1e6),
      Math.round(Math.max(...opened.elaborators.workers.map((worker) => worker.residentBytes)) / 1e6),
      Math.round(Math.max(...opened.judges.workers.map((worker) => worker.residentBytes)) / 1e6),
      Math.round(all.reduce((sum, worker) => sum + worker.residentBytes, 0) / 1e6),
      pids.size,
    ]);
  }
  const next = mixed[i % mixed.length];
  if (next !== undefined) await timed(opened.checker, next.statement, next.submission ?? '', 60);
}
if (runs('memory'))
  print(
    'Resident memory over mixed checks, MB',
    ['checks', 'supervisor', 'largest elaborator', 'judge', 'all workers', 'elaborators so far'],
    memory,
  );
await opened.checker.dispose();

/** What many tools do: a process a check, which only elaborates. */
const scratch = mkdtempSync(path.join(tmpdir(), 'proofswarm-oneshot-'));
const command = path.join(PROJECT, 'lean-bundle/wasm/lean-command.ts');
const shots = honest.slice(0, runs('speed') ? ONE_SHOT_RUNS : 0).map(({ submission }) => {
  writeFileSync(path.join(scratch, 'a.lean'), submission ?? '');
  const started = performance.now();
  try {
    execFileSync(process.execPath, [command, directory, scratch, '--json', '/source/a.lean'], {
      stdio: 'ignore',
    });
  } catch {
    // Lean says no by its exit code: this build cannot compile every definition.
  }
  return performance.now() - started;
});
rmSync(scratch, { recursive: true });
if (runs('speed'))
  print(
    `One-shot \`lean --json\`, ${shots.length} of the honest cases, elaboration only`,
    ['p50', 'max'],
    [[round(quantile(shots, 0.5)), round(Math.max(...shots))]],
  );
rmSync(cacheRoot, { recursive: true });

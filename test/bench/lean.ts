/**
 * What the embedded Lean costs: preparation, cold start, warm checks with 1 and 2 workers, memory over 2,000 checks, and
 * the same statements through one-shot runs of Lean's command line.
 * Run by hand, on a machine that does nothing else: `npm run bench:lean`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LeanPool } from '../../core/lean/pool.ts';
import type { LeanChecker } from '../../core/lean/index.ts';
import type { Statement } from '../../core/record/index.ts';
import { parseDatasetLine } from '../../core/statement/index.ts';
import { prepareLean } from '../../lean-bundle/wasm/prepare.ts';
import { prepareEmbeddedLean } from '../../core/node/embedded-lean.ts';
import { CORE } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import { fresh, NO_LIMITS, openChecker, startWorker } from './checker.ts';
import { machine, print, quantile, round } from './table.ts';

const ONE_SHOT_RUNS = 10;
const PASSES = 2;
const QUICK_MS = 60;
const MEMORY_CHECKS = 1000;

const cacheRoot = mkdtempSync(path.join(tmpdir(), 'proofswarm-bench-'));
const prepareStarted = performance.now();
await prepareLean({ cacheRoot });
const compileStarted = performance.now();
const directory = await prepareEmbeddedLean({ locations: { cache: cacheRoot } });
const prepareSeconds = (compileStarted - prepareStarted) / 1000;
const compileSeconds = (performance.now() - compileStarted) / 1000;

/** The easy half of the starter pack, with a proof for each. */
function easyHalf(): { statement: Statement; submission: string }[] {
  const proofs = new Map<string, string>();
  for (const line of readFileSync(path.join(PROJECT, 'test/fixtures/starter-proofs.jsonl'), 'utf8').split(
    '\n',
  )) {
    if (line === '') continue;
    const { name, proof } = JSON.parse(line) as { name: string; proof: string };
    proofs.set(name, proof.replace(/^noncomputable section\n/, ''));
  }
  const pack = readFileSync(path.join(PROJECT, 'resources/statements/starter.jsonl'), 'utf8').split('\n');
  return pack
    .filter((line) => line !== '')
    .flatMap((line) => parseDatasetLine(line, { environment: CORE }))
    .flatMap((entry) => {
      if (entry.kind !== 'statement' || entry.statement.difficulty !== 'easy') return [];
      const submission = proofs.get(entry.statement.name);
      return submission === undefined ? [] : [{ statement: entry.statement, submission }];
    });
}

async function coldStarts(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const pool = new LeanPool(
      { start: () => startWorker(directory, NO_LIMITS) },
      { ...NO_LIMITS, size: 1, spares: 0, idleMs: 3_600_000, startTimeoutMs: 120_000 },
    );
    const started = performance.now();
    await pool.warmUp();
    times.push((performance.now() - started) / 1000);
    await pool.dispose();
  }
  return times;
}

const easy = easyHalf();
/** Those that take little time, so that thousands of checks do too. */
let quick = easy;
console.log(machine());
const cold = await coldStarts();
print(
  'Preparation and cold start',
  ['what', 'seconds'],
  [
    ['preparation, once', round(prepareSeconds, 2)],
    ['compiling for this processor, once', round(compileSeconds, 2)],
    ['a worker ready, median of 5', round(quantile(cold, 0.5), 2)],
  ],
);

const rows: (string | number)[][] = [];
for (const workers of [1, 2]) {
  const { checker, elaborators, judges } = openChecker(directory, workers, NO_LIMITS, 120_000);
  await checker.warmUp();
  const times: number[] = [];
  const slow = new Set<string>();
  const once = async (record: boolean): Promise<number> => {
    const queue = [...easy];
    const started = performance.now();
    const lane = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const { verdict } = await checker.check(next.statement, fresh(next.submission));
        if (verdict.kind !== 'proved') throw new Error(`${next.statement.name}: ${JSON.stringify(verdict)}`);
        if (record) times.push(verdict.milliseconds);
        if (verdict.milliseconds > QUICK_MS) slow.add(next.statement.name);
      }
    };
    await Promise.all(Array.from({ length: workers }, lane));
    return (performance.now() - started) / 1000;
  };
  // The first passes warm V8 up and elaborate the statements.
  for (let i = 0; i < 2; i++) await once(false);
  let seconds = 0;
  for (let i = 0; i < PASSES; i++) seconds += await once(true);
  rows.push([
    workers,
    round(times.length / seconds),
    round(quantile(times, 0.5)),
    round(quantile(times, 0.95)),
    round(Math.max(...times)),
  ]);
  quick = easy.filter(({ statement }) => !slow.has(statement.name));
  print(
    `Warm checks, ${easy.length} easy statements: elaboration, export, judging`,
    ['workers', 'checks/s', 'median ms', 'p95 ms', 'max ms'],
    rows,
  );
  if (workers === 1) await memory(checker, elaborators, judges);
  await checker.dispose();
}

async function memory(checker: LeanChecker, elaborators: LeanPool, judges: LeanPool): Promise<void> {
  const table: (string | number)[][] = [];
  const note = (checks: number): void => {
    const used = elaborators.workers.toSorted((a, b) => b.requests - a.requests)[0];
    const judge = judges.workers[0];
    const mb = (bytes = 0): number => Math.round(bytes / 1e6);
    table.push([
      checks,
      mb(used?.residentBytes),
      mb(used?.wasmBytes),
      mb(judge?.residentBytes),
      mb(judge?.wasmBytes),
    ]);
  };
  for (let i = 0; i <= 2 * MEMORY_CHECKS; i++) {
    if (i % (MEMORY_CHECKS / 2) === 0) note(i);
    const next = quick[i % quick.length];
    if (next !== undefined) await checker.check(next.statement, fresh(next.submission));
  }
  print('Memory, MB', ['checks', 'elaborator resident', 'wasm', 'judge resident', 'wasm'], table);
}

/** A process a check, as many tools do it. It only elaborates: no identity, no kernel re-check. */
function oneShot(): number[] {
  const scratch = mkdtempSync(path.join(tmpdir(), 'proofswarm-oneshot-'));
  const command = path.join(PROJECT, 'lean-bundle/wasm/lean-command.ts');
  const times = easy.slice(0, ONE_SHOT_RUNS).map(({ submission }) => {
    writeFileSync(path.join(scratch, 'a.lean'), `noncomputable section\n${submission}`);
    const started = performance.now();
    execFileSync(process.execPath, [command, directory, scratch, '--json', '/source/a.lean'], {
      stdio: 'ignore',
    });
    return performance.now() - started;
  });
  rmSync(scratch, { recursive: true });
  return times;
}

const shots = oneShot();
print(
  `One-shot \`lean --json\`, ${shots.length} of the same statements, elaboration only`,
  ['median ms', 'p95 ms'],
  [[round(quantile(shots, 0.5)), round(quantile(shots, 0.95))]],
);
rmSync(cacheRoot, { recursive: true });

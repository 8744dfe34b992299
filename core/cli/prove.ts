import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  asOwn,
  chooseLean,
  loadIdentity,
  locate,
  OwnProofs,
  proveAll,
  ProofNotWrittenError,
  type ModelChoice,
  type ChosenLean,
  type Locations,
  type ProverComponents,
} from '../node/index.ts';
import type { ResultLine } from '../api/index.ts';
import type { Statement } from '../record/index.ts';
import { bankDirectory } from './describe.ts';
import { budgetSplits, describeSplits, type BudgetSplit } from './budget-split.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { openOwnBank } from './open-bank.ts';
import { createRunProgress, createStepProgress } from './progress.ts';
import { holdPolicy, modelChoice, policyOptionsSchema } from './prove-policy.ts';
import { readStatementFile } from './read-statements.ts';
import { ResultsFile, toResultLine } from './results-file.ts';
import { summarise, summaryTable } from './summary.ts';
import { formatDuration, printable, type Terminal } from './terminal.ts';

export const proveOptionsSchema = policyOptionsSchema.extend({
  rollouts: z.int(),
  rounds: z.int(),
  seconds: z.number(),
  jobs: z.int(),
  retrieval: z.boolean(),
  feedback: z.boolean(),
  out: z.string().optional(),
  lean: z.string(),
  resume: z.boolean(),
  data: z.string().optional(),
  json: z.boolean(),
});
export type ProveOptions = z.infer<typeof proveOptionsSchema>;

const RETRIEVED = 4;

/** `proofswarm prove FILE`: tries every statement of a file, and ends with a table. */
export async function proveCommand(file: string, options: ProveOptions, terminal: Terminal): Promise<number> {
  const locations = locate(options.data);
  const choice = await modelChoice(options, locations);
  const lean = await chooseLean({ locations, choice: options.lean });
  const statements = await readStatementFile(file, terminal, lean.environment);
  const out = options.out ?? defaultOut(locations, file);
  await refuseSameFile(file, out);
  const results = await ResultsFile.open(out, options.resume);
  const interrupt = onInterrupt(terminal);
  try {
    const left = statements.filter((statement) => !results.earlier.has(statement.id));
    if (left.length < statements.length) {
      terminal.err.write(`${statements.length - left.length} of ${statements.length} were done before\n`);
    }
    const lines = statements.flatMap((statement) => results.earlier.get(statement.id) ?? []);
    const report = (line: ResultLine): void => void lines.push(line);
    const run = { results, report, lean, choice };
    const budgets = await proveLeft(left, run, locations, options, terminal, interrupt.signal);
    const summary = summarise(lines, statements);
    const divided = budgets.length > 0;
    if (options.json) {
      const shown = { ...summary, ...(divided ? { budgets } : {}), results: results.path };
      terminal.out.write(`${JSON.stringify(shown)}\n`);
    } else {
      const split = divided ? `\n${describeSplits(budgets)}\n` : '';
      terminal.out.write(
        `\n${summaryTable(summary)}\n${split}\nResults: ${results.path}\nBank:    ${bankDirectory(locations)}\n`,
      );
    }
    if (lines.length === statements.length) return EXIT.ok;
    terminal.err.write(
      `Stopped after ${lines.length} of ${statements.length}. To go on, give the same command with: --out ${quote(results.path)} --resume\n`,
    );
    return EXIT.interrupted;
  } finally {
    interrupt.dispose();
    await results.close();
  }
}

/** What a run works with. */
interface Run {
  readonly results: ResultsFile;
  readonly report: (line: ResultLine) => void;
  readonly lean: ChosenLean;
  readonly choice: ModelChoice | undefined;
}

/**
 * Tries the statements, writing each result as it comes. Returns early once the signal is aborted.
 * @returns how the policy divides their budgets by what it has learnt; empty where it does not
 */
async function proveLeft(
  statements: readonly Statement[],
  run: Run,
  locations: Locations,
  options: ProveOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<BudgetSplit[]> {
  if (statements.length === 0) return [];
  const settings = {
    jobs: Math.min(options.jobs, statements.length),
    rollouts: options.rollouts,
    rounds: options.rounds,
    seconds: options.seconds,
    retrieve: options.retrieval ? RETRIEVED : 0,
    feedback: options.feedback,
  };
  try {
    await using components = await openComponents(run, locations, settings.jobs, options, terminal, signal);
    const { concurrency } = components;
    const progress = createRunProgress(terminal, {
      statements,
      budget: settings.seconds,
      jobs: settings.jobs,
    });
    try {
      const onStart = ({ name }: Statement): void => progress.working(name);
      for await (const result of proveAll(
        statements,
        components,
        { ...settings, concurrency: Math.min(concurrency, settings.rollouts) },
        { signal, onStart },
      )) {
        const line = toResultLine(result);
        await run.results.append(line);
        run.report(line);
        const { name, solved, seconds, reason, attempts } = line;
        const note = solved ? `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}` : reason;
        const { difficulty } = result.statement;
        progress.finished({ name, difficulty, solved, seconds, note });
      }
    } finally {
      progress.stop();
    }
    const { policy } = components;
    return budgetSplits(statements, (statement) => policy.explain?.(statement) ?? []).filter(
      ({ shares }) => shares.length > 0,
    );
  } catch (error) {
    // Stopped before the first statement was begun.
    if (error === signal.reason) return [];
    // Nobody else has it, and with this process it would be gone.
    if (error instanceof ProofNotWrittenError)
      throw new CommandError(printable(`${error.message}. It reads:\n\n${error.submission}`));
    throw error;
  }
}

async function openComponents(
  { lean, choice }: Run,
  locations: Locations,
  jobs: number,
  options: ProveOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ProverComponents & AsyncDisposable & { readonly concurrency: number }> {
  await using opened = new AsyncDisposableStack();
  const step = createStepProgress(terminal, 'Preparing the embedded Lean (once)');
  const started = performance.now();
  let steps = 0;
  const onProgress = ({ step: name, fraction }: { step: string; fraction: number }): void => {
    steps++;
    step(name, fraction);
  };
  const checker = opened.use(await lean.open({ locations, jobs, onProgress, signal }));
  if (steps > 0) terminal.err.write(`Prepared in ${formatDuration((performance.now() - started) / 1000)}\n`);
  // Starting Lean is no part of the first statement's time. Meanwhile the bank is opened.
  const warm = untilAborted(checker.warmUp(), signal);
  warm.catch(() => {});
  const bank = opened.use(await openOwnBank(locations, terminal));
  const own = opened.use(new OwnProofs({ bank }));
  const identity = await loadIdentity(locations.data);
  const held = opened.use(await holdPolicy(opened, { choice, locations, options, terminal, jobs }));
  await Promise.all([warm, held.warmUp(signal)]);
  const kept = opened.move();
  return {
    checker: asOwn(checker),
    bank: own,
    identity,
    policy: held.policy,
    concurrency: held.concurrency,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Waits for the work or for the signal, whose reason it then throws. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A slip of the hand must not cost the user the statements. */
async function refuseSameFile(file: string, out: string): Promise<void> {
  const [input, output] = await Promise.all([file, out].map((one) => realpath(one).catch(() => undefined)));
  if (input !== undefined && input === output) {
    throw new CommandError(`the results would replace the statements in ${file}; choose another --out`);
  }
}

/** As a shell takes it for one word. */
const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** `DATA/runs/starter-2026-01-31T12-00-00-4711.jsonl`; the process id keeps runs of one second apart. */
function defaultOut(locations: Locations, file: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return path.join(locations.data, 'runs', `${path.parse(file).name}-${time}-${process.pid}.jsonl`);
}

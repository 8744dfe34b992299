import path from 'node:path';
import { z } from 'zod';
import {
  loadIdentity,
  locate,
  openEmbeddedLean,
  proveAll,
  type Locations,
  type ProverComponents,
} from '../node/index.ts';
import { openBank } from '../memory/index.ts';
import { portfolio } from '../policy/portfolio/index.ts';
import type { Statement } from '../record/index.ts';
import { bankDirectory } from './describe.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { createRunProgress, createStepProgress } from './progress.ts';
import { readStatementFile } from './read-statements.ts';
import { ResultsFile, toResultLine } from './results-file.ts';
import { summarise, summaryTable } from './summary.ts';
import { formatDuration, type Terminal } from './terminal.ts';

export const proveOptionsSchema = z.object({
  policy: z.enum(['portfolio', 'llama']),
  model: z.string().optional(),
  rollouts: z.int(),
  rounds: z.int(),
  seconds: z.number(),
  jobs: z.int(),
  retrieval: z.boolean(),
  feedback: z.boolean(),
  out: z.string().optional(),
  resume: z.boolean(),
  data: z.string().optional(),
  json: z.boolean(),
});
export type ProveOptions = z.infer<typeof proveOptionsSchema>;

const RETRIEVED = 4;

/** `proofswarm prove FILE`: tries every statement of a file, and ends with a table. */
export async function proveCommand(file: string, options: ProveOptions, terminal: Terminal): Promise<number> {
  if (options.policy !== 'portfolio' || options.model !== undefined) {
    throw new CommandError('this version proves without a model only: use --policy portfolio');
  }
  const locations = locate(options.data);
  const statements = await readStatementFile(file, terminal);
  const results = await ResultsFile.open(options.out ?? defaultOut(locations, file), options.resume);
  const interrupt = onInterrupt(terminal);
  try {
    const left = statements.filter((statement) => !results.earlier.has(statement.id));
    if (left.length < statements.length) {
      terminal.err.write(`${statements.length - left.length} of ${statements.length} were done before\n`);
    }
    const lines = statements.flatMap((statement) => results.earlier.get(statement.id) ?? []);
    if (left.length > 0) {
      await using components = await openComponents(locations, options, terminal, interrupt.signal);
      const settings = {
        jobs: options.jobs,
        rollouts: options.rollouts,
        rounds: options.rounds,
        seconds: options.seconds,
        retrieve: options.retrieval ? RETRIEVED : 0,
        feedback: options.feedback,
      };
      const progress = createRunProgress(terminal, left.length);
      try {
        const onStart = ({ name }: Statement): void => progress.working(name);
        for await (const result of proveAll(left, components, settings, {
          signal: interrupt.signal,
          onStart,
        })) {
          const line = toResultLine(result);
          await results.append(line);
          lines.push(line);
          const { name, solved, seconds, reason, attempts } = line;
          progress.finished({ name, solved, seconds, note: solved ? `${attempts} attempts` : reason });
        }
      } finally {
        progress.stop();
      }
    }
    const summary = summarise(lines, statements);
    if (options.json) terminal.out.write(`${JSON.stringify({ ...summary, results: results.path })}\n`);
    else {
      terminal.out.write(
        `\n${summaryTable(summary)}\n\nResults: ${results.path}\nBank:    ${bankDirectory(locations)}\n`,
      );
    }
    if (!interrupt.signal.aborted) return EXIT.ok;
    const again = ['prove', file, '--out', results.path, '--resume'].join(' ');
    terminal.err.write(
      `Stopped after ${lines.length} of ${statements.length}. To go on: proofswarm ${again}\n`,
    );
    return EXIT.interrupted;
  } finally {
    interrupt.dispose();
    await results.close();
  }
}

async function openComponents(
  locations: Locations,
  options: ProveOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ProverComponents & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const step = createStepProgress(terminal, 'Preparing the embedded Lean (once)');
  const started = performance.now();
  let prepared = false;
  const onProgress = ({ step: name, fraction }: { step: string; fraction: number }): void => {
    prepared = true;
    step(name, fraction);
  };
  const checker = opened.use(await openEmbeddedLean({ locations, jobs: options.jobs, onProgress, signal }));
  if (prepared) terminal.err.write(`Prepared in ${formatDuration((performance.now() - started) / 1000)}\n`);
  const onEvent = (event: { type: string }): void => {
    if (event.type.includes('recover') || event.type.includes('broken')) {
      terminal.err.write(`bank: ${JSON.stringify(event)}\n`);
    }
  };
  const bank = opened.use(await openBank({ directory: bankDirectory(locations), onEvent }));
  const identity = await loadIdentity(locations.data);
  const kept = opened.move();
  return {
    checker,
    bank,
    identity,
    policy: portfolio(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** `DATA/runs/starter-2026-01-31T12-00-00.jsonl` */
function defaultOut(locations: Locations, file: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return path.join(locations.data, 'runs', `${path.parse(file).name}-${time}.jsonl`);
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { chooseLean, locate } from '../node/index.ts';
import { LeanUnavailableError, UnjudgeableError, type LeanChecker } from '../lean/index.ts';
import { normalizeSource, type CheckOptions, type Environment, type Verdict } from '../record/index.ts';
import { whyUnreadable } from '../process/index.ts';
import { describeEntry, parseChallenge, withFilling, type Task } from '../statement/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { createStepProgress } from './progress.ts';
import { printable, type Terminal } from './terminal.ts';

export const verifyOptionsSchema = z.object({
  theorem: z.string().optional(),
  seconds: z.number(),
  lean: z.string(),
  json: z.boolean(),
});
export type VerifyOptions = z.infer<typeof verifyOptionsSchema>;

interface Judged {
  readonly task: Task;
  readonly verdict: Verdict;
}

/**
 * `proofswarm verify CHALLENGE SUBMISSION`: does the submission prove the challenge's theorems, and give the definitions
 * that it leaves open?
 */
export async function verifyCommand(
  challenge: string,
  submission: string,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<number> {
  const step = createStepProgress(terminal, 'Preparing the embedded Lean (once)');
  const interrupt = onInterrupt(terminal);
  try {
    const locations = locate();
    const lean = await chooseLean({ locations, choice: options.lean, signal: interrupt.signal });
    const source = { file: challenge, text: await readText(challenge), environment: lean.environment };
    const tasks = readChallenge(source, options.theorem, terminal);
    const text = await readText(submission);
    await using checker = await lean.open({
      locations,
      jobs: 1,
      onProgress: ({ step: name, fraction }) => step(name, fraction),
      signal: interrupt.signal,
    });
    // All processes start at once, not each when its turn comes.
    await checker.warmUp();
    const judged: Judged[] = [];
    for (const task of tasks) {
      const limits = { timeoutMs: options.seconds * 1000, signal: interrupt.signal, origin: 'own' as const };
      judged.push({ task, verdict: await judge(checker, task, text, limits) });
    }
    return report(judged, options.json, terminal);
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (error instanceof UnjudgeableError || error instanceof LeanUnavailableError) {
      throw new CommandError(error.message);
    }
    throw error;
  } finally {
    interrupt.dispose();
  }
}

async function judge(
  checker: LeanChecker,
  { kind, name, statement, open }: Task,
  text: string,
  limits: CheckOptions,
): Promise<Verdict> {
  if (open.length === 0) return (await checker.check(statement, text, limits)).verdict;
  if (kind === 'theorem') return checker.checkOpen(statement, open, text, limits);
  const verdict = await checker.checkOpen(statement, open, withFilling(text, name), limits);
  if (verdict.kind !== 'failed') return verdict;
  // What is said of our own lines below the text says that the name is not there.
  const lines = normalizeSource(text).split('\n').length;
  const errors = verdict.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ position }) => position.line <= lines)) return verdict;
  const { diagnostics, milliseconds } = verdict;
  const detail = `the submission holds no definition ${name}`;
  return { kind: 'rejected', reason: 'theorem-missing', detail, diagnostics, milliseconds };
}

function readChallenge(
  {
    file,
    text,
    environment,
  }: { readonly file: string; readonly text: string; readonly environment: Environment },
  theorem: string | undefined,
  terminal: Terminal,
): readonly Task[] {
  const tasks: Task[] = [];
  let incomplete = false;
  for (const entry of parseChallenge(text, { environment, file })) {
    if (entry.kind !== 'problem') tasks.push(entry);
    else {
      incomplete = true;
      terminal.err.write(`${printable(describeEntry(entry))}\n`);
    }
  }
  if (theorem !== undefined) {
    const named = tasks.filter(({ name }) => name === theorem);
    if (named.length > 0) return named;
    const names = tasks.map(({ name }) => name).join(', ');
    throw new CommandError(
      `${file} states no theorem ${theorem} with sorry; it states ${names === '' ? 'none' : names}`,
    );
  }
  if (tasks.length === 0) throw new CommandError(`${file} states no theorem with sorry`);
  if (incomplete)
    throw new CommandError(`${file} could not be read as a whole; name a theorem with --theorem`);
  return tasks;
}

/** Accepted only if every theorem is proved and every definition is given. */
function report(judged: readonly Judged[], json: boolean, terminal: Terminal): number {
  const accepted = judged.every(({ verdict }) => verdict.kind === 'proved');
  if (json) {
    const of = (wanted: Task['kind']): object[] =>
      judged
        .filter(({ task }) => task.kind === wanted)
        .map(({ task: { name, statement }, verdict }) => ({ name, id: statement.id, verdict }));
    const result = { accepted, theorems: of('theorem'), definitions: of('definition') };
    terminal.out.write(`${JSON.stringify(result)}\n`);
  } else {
    for (const { task, verdict } of judged)
      terminal.out.write(printable(`${task.name}: ${describeVerdict(verdict)}\n`));
  }
  return exitCodeOf(judged.map(({ verdict }) => verdict));
}

/** Where Lean broke down nothing was decided, unless something else was not accepted. */
export function exitCodeOf(verdicts: readonly Pick<Verdict, 'kind'>[]): number {
  const open = verdicts.filter(({ kind }) => kind !== 'proved');
  if (open.length === 0) return EXIT.ok;
  return open.every(({ kind }) => kind === 'crashed') ? EXIT.failure : EXIT.no;
}

/** A verdict in words. */
export function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'proved': {
      const axioms = verdict.axioms.length === 0 ? '' : `; uses ${verdict.axioms.join(', ')}`;
      return `accepted by ${verdict.checker.name} ${verdict.checker.version} in ${Math.round(verdict.milliseconds)} ms${axioms}`;
    }
    case 'failed': {
      const errors = verdict.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
      const shown = errors
        .slice(0, 5)
        .map(
          ({ position, message }) =>
            `\n  ${position.line}:${position.column} ${message.replaceAll('\n', '\n    ')}`,
        );
      const more = errors.length > shown.length ? `\n  and ${errors.length - shown.length} more` : '';
      return `not accepted: Lean reports ${errors.length === 1 ? 'an error' : 'errors'}${shown.join('')}${more}`;
    }
    case 'rejected':
      return `not accepted (${verdict.reason}): ${verdict.detail}`;
    case 'exhausted':
      return `not accepted: out of ${verdict.resource} (${verdict.detail})`;
    case 'crashed':
      return `could not be judged: ${verdict.detail}`;
  }
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new CommandError(
      `cannot read ${file}: ${error instanceof TypeError ? 'not UTF-8 text' : whyUnreadable(error)}`,
    );
  }
}

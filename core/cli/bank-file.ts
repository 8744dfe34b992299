import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../api/index.ts';
import { exportBank, importBank, type BankImportReport } from '../node/bank-file/index.ts';
import { ClaimedShelf } from '../node/claimed/index.ts';
import { claimDataDirectory } from '../node/data-claim.ts';
import { connectToNode } from '../node/headless/index.ts';
import { LeanByEnvironment, locate, type Locations } from '../node/index.ts';
import { claimedDirectory } from './describe.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { openOwnBank } from './open-bank.ts';
import { createStepProgress } from './progress.ts';
import { formatBytes, printable, type Terminal } from './terminal.ts';

export const exportOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
export const importOptionsSchema = exportOptionsSchema.extend({ jobs: z.int() });
type ImportOptions = z.infer<typeof importOptionsSchema>;

const LOOK_MS = 200;

/** `proofswarm bank export FILE` */
export async function bankExport(
  file: string,
  options: z.infer<typeof exportOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const locations = locate(options.data);
  const interrupt = onInterrupt(terminal);
  try {
    await using bank = await openOwnBank(locations, terminal);
    const shelf = await ClaimedShelf.open(claimedDirectory(locations));
    try {
      const tell = progressLine(terminal);
      const { signal } = interrupt;
      const done = await exportBank(
        file,
        { bank, claimed: shelf.all() },
        { signal, onProgress: (records) => tell(`${records} records`) },
      );
      tell();
      if (options.json) terminal.out.write(`${JSON.stringify(done)}\n`);
      else {
        const claimed = done.claimed === 0 ? '' : ` and ${done.claimed} claimed ones`;
        terminal.out.write(`Wrote ${done.proofs} proofs${claimed} to ${done.path}\n`);
      }
      return EXIT.ok;
    } finally {
      await shelf.close();
    }
  } catch (error) {
    if (error === interrupt.signal.reason) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.dispose();
  }
}

/**
 * `proofswarm bank import FILE`: through the running node, where there is one, as only it may write what is kept as
 * claimed. Ends with 1 where some lines were bad.
 */
export async function bankImport(file: string, options: ImportOptions, terminal: Terminal): Promise<number> {
  const locations = locate(options.data);
  const interrupt = onInterrupt(terminal);
  try {
    const { signal } = interrupt;
    const node = await connectToNode(locations.data);
    const report =
      node === undefined
        ? await importHere(file, locations, options, terminal, signal)
        : await importThere(node, file, terminal, signal);
    tellReport(report, file, options.json, terminal);
    return report.bad === 0 ? EXIT.ok : EXIT.no;
  } catch (error) {
    if (error !== interrupt.signal.reason) throw error;
    terminal.err.write('What was accepted so far is kept. To go on, give the same command again.\n');
    return EXIT.interrupted;
  } finally {
    interrupt.dispose();
  }
}

async function importHere(
  file: string,
  locations: Locations,
  { jobs }: ImportOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<BankImportReport> {
  // The app's node has no web host for the command line: where it runs, the import is made in the app.
  await using held = new AsyncDisposableStack();
  held.use(await claimDataDirectory(locations.data));
  await using bank = await openOwnBank(locations, terminal);
  const shelf = await ClaimedShelf.open(claimedDirectory(locations));
  const step = createStepProgress(terminal, 'Preparing the embedded Lean (once)');
  const onProgress = (progress: { step: string; fraction: number }): void =>
    step(progress.step, progress.fraction);
  try {
    await using lean = new LeanByEnvironment({ locations, jobs, onProgress, signal });
    const known = new Set((await bank.keys()).map(({ id }) => id));
    const tell = progressLine(terminal);
    const report = await importBank(
      file,
      {
        isKnown: (id) => known.has(id) || shelf.has(id),
        check: (statement, submission, limits) => lean.check(statement, submission, limits),
        keep: async (proof, signed) => {
          await bank.insert(proof, signed);
          known.add(signed.id);
        },
        keepClaimed: (claim) => shelf.add(claim),
      },
      { signal, width: 2 * jobs, onProgress: (now) => tell(describe(now)) },
    );
    tell();
    return report;
  } finally {
    await shelf.close();
  }
}

async function importThere(
  node: ApiClient,
  file: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<BankImportReport> {
  try {
    const tell = progressLine(terminal);
    const { report } = await node.call('bank.import', { path: path.resolve(file) });
    for (;;) {
      const { reports } = await node.call('bank.imports', {});
      const now = reports.find(({ id }) => id === report.id);
      if (now === undefined) throw new CommandError('the node no longer knows of the import');
      tell(describe(now));
      if (now.state === 'failed') throw new CommandError(now.detail ?? 'the import failed');
      if (now.state === 'cancelled') throw new CommandError('the node has ended the import');
      if (now.state === 'done') {
        tell();
        return now;
      }
      if (signal.aborted) {
        await node.call('bank.cancel-import', { import: report.id });
        signal.throwIfAborted();
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    node.close();
  }
}

function tellReport(report: BankImportReport, file: string, json: boolean, terminal: Terminal): void {
  if (json) {
    const { added, known, claimed, bad, problems } = report;
    terminal.out.write(`${JSON.stringify({ added, known, claimed, bad, problems })}\n`);
    return;
  }
  for (const { line, detail } of report.problems)
    terminal.err.write(printable(`${file}:${line}: ${detail}\n`));
  if (report.bad > report.problems.length)
    terminal.err.write(`and ${report.bad - report.problems.length} more\n`);
  terminal.out.write(`${describe(report)}\n`);
}

const describe = ({ bytes, bytesRead, added, known, claimed, bad }: BankImportReport): string =>
  [
    `${added} proofs added`,
    `${known} here before`,
    ...(claimed === 0 ? [] : [`${claimed} kept as claimed`]),
    ...(bad === 0 ? [] : [`${bad} bad lines`]),
    `${formatBytes(bytesRead)} of ${formatBytes(bytes)}`,
  ].join(', ');

/** One line that is rewritten in place; nothing where standard error is no terminal. Without a text it is taken away. */
function progressLine({ err }: Terminal): (text?: string) => void {
  return (text) => {
    if (err.isTTY === true) err.write(`\r\u001B[K${text ?? ''}`);
  };
}

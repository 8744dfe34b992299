import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { defaultJobs, installation } from '../node/index.ts';
import { DIFFICULTIES } from '../record/index.ts';
import { addBankCommands } from './bank-commands.ts';
import { describeError } from './describe-error.ts';
import { CommandError, EXIT } from './exit.ts';
import { addModelCommands } from './models-commands.ts';
import { addNodeCommands, addPublishCommand } from './node-commands.ts';
import { allowClosedPipes, printable, standardTerminal, type Terminal } from './terminal.ts';

/*
 * Commands are loaded when they are run: `--help` should not wait for the database's native library.
 */

/** Runs the command line and returns its exit code. Writes nothing but to the terminal. */
export async function main(args: readonly string[], terminal: Terminal = standardTerminal): Promise<number> {
  let exitCode: number = EXIT.ok;
  if (terminal === standardTerminal) allowClosedPipes(terminal);
  const program = build(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failure;
    if (error instanceof CommandError) {
      terminal.err.write(`proofswarm: ${error.message}\n`);
      return error.exitCode;
    }
    // What a file or a server wrote may be in it.
    terminal.err.write(`proofswarm: ${printable(describeError(error))}\n`);
    return EXIT.failure;
  }
}

function build(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('proofswarm')
    .description('Prove Lean 4 theorems on this machine, with real Lean, and keep what was proved.')
    .version(packageVersion())
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  const data = (): Option => new Option('--data <dir>', 'where the bank, results and your key are kept');
  const lean = (): Option =>
    new Option(
      '--lean <which>',
      'embedded, native (the one that doctor shows), or the path of a lean',
    ).default('embedded');

  program
    .command('prove <file>')
    .description('try every open statement of a .lean or .jsonl file')
    .addOption(
      new Option('--policy <name>', 'what to try')
        .choices(['portfolio', 'llama', 'mixed'])
        .default('portfolio'),
    )
    .option('--model <model>', 'a GGUF file or the id of a model, for --policy llama and mixed')
    .addOption(
      new Option('--grammar <name>', 'hold a small model to this form').choices([
        'tactics',
        'term',
        'closer',
      ]),
    )
    .option('--rollouts <n>', 'independent tries of a statement', count, 1)
    .option('--rounds <n>', 'rounds of one rollout: the first try and its repairs', count, 16)
    .option('--seconds <s>', 'time for one statement', seconds, 60)
    .option(
      '--jobs <n>',
      'statements at a time; each takes up to two cores and some 0.8 GB',
      count,
      defaultJobs(),
    )
    .addOption(lean())
    .option('--no-retrieval', 'do not look at proofs of similar statements')
    .option('--no-feedback', 'do not look at what Lean said of the round before')
    .option('--out <file>', 'results, a JSON line a statement (default: below the data directory)')
    .option('--resume', 'keep the results that are in the file and do the rest', false)
    .addOption(data())
    .option('--json', 'print the summary as JSON', false)
    .addHelpText(
      'after',
      examples(
        'prove theorems.lean',
        'prove set.jsonl --out R.jsonl --seconds 20 --jobs 2',
        'prove set.jsonl --out R.jsonl --resume',
      ),
    )
    .action(async (file: string, options: unknown) => {
      const { proveCommand, proveOptionsSchema } = await import('./prove.ts');
      done(await proveCommand(file, proveOptionsSchema.parse(options), terminal));
    });

  program
    .command('verify <challenge> <submission>')
    .description('does the submission prove the theorems that the challenge states with sorry?')
    .option('--theorem <name>', 'judge this theorem only')
    .option('--seconds <s>', 'time for one theorem', seconds, 300)
    .addOption(lean())
    .option('--json', 'print the verdicts as JSON', false)
    .addHelpText(
      'after',
      `\nExit codes: 0 accepted; 1 not accepted; 2 could not be judged.\n${examples('verify Challenge.lean Submission.lean', 'verify Challenge.lean Submission.lean --theorem Foo.bar --json')}`,
    )
    .action(async (challenge: string, submission: string, options: unknown) => {
      const { verifyCommand, verifyOptionsSchema } = await import('./verify.ts');
      done(await verifyCommand(challenge, submission, verifyOptionsSchema.parse(options), terminal));
    });

  const statements = program.command('statements').description('the statements that this node knows of');
  statements
    .command('import <files...>')
    .description('add the open statements of .lean and .jsonl files')
    .addOption(data())
    .option('--json', 'print the counts as JSON', false)
    .addHelpText('after', examples('statements import minif2f.jsonl problems.lean'))
    .action(async (files: string[], options: unknown) => {
      const { statementsImport, statementsOptionsSchema } = await import('./statements.ts');
      done(await statementsImport(files, statementsOptionsSchema.parse(options), terminal));
    });
  statements
    .command('list')
    .description('list them')
    .option('--topic <topic>', 'only this topic')
    .addOption(new Option('--difficulty <d>', 'only this difficulty').choices(DIFFICULTIES))
    .addOption(
      new Option('--status <s>', 'only open or solved ones')
        .choices(['all', 'open', 'solved'])
        .default('all'),
    )
    .option('--limit <n>', 'how many to show', count, 50)
    .addOption(data())
    .option('--json', 'a JSON line a statement', false)
    .addHelpText('after', examples('statements list --status open --difficulty easy'))
    .action(async (options: unknown) => {
      const { statementsList, listOptionsSchema } = await import('./statements.ts');
      done(await statementsList(listOptionsSchema.parse(options), terminal));
    });
  statements
    .command('show <id>')
    .description('one statement, by its name, its id or the beginning of it')
    .addOption(data())
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      examples('statements show sun_tzu_remainders', 'statements show bafyreifa536i --json'),
    )
    .action(async (id: string, options: unknown) => {
      const { statementsShow, statementsOptionsSchema } = await import('./statements.ts');
      done(await statementsShow(id, statementsOptionsSchema.parse(options), terminal));
    });

  const context = { terminal, done, dataOption: data, examples, count };
  addPublishCommand(statements, context);
  addBankCommands(program, { ...context, defaultJobs });
  addModelCommands(program, context);
  addNodeCommands(program, context);

  program
    .command('doctor')
    .description('what is there, what is missing, and how to mend it')
    .option('--install-lean [version]', 'install an official Lean: 0.5 GB to download, 3 GB on the disk')
    .option('--install-mathlib', 'prepare Mathlib for it: 7 GB on the disk', false)
    .option('--accept-unverified', 'install a Lean whose checksum this program does not know', false)
    .addOption(data())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('doctor', 'doctor --json', 'doctor --install-lean'))
    .action(async (options: unknown) => {
      const { doctorCommand, doctorOptionsSchema } = await import('./doctor.ts');
      done(await doctorCommand(doctorOptionsSchema.parse(options), terminal));
    });
  return program;
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ proofswarm ${line}`).join('\n')}`;
}

/** Far above what anyone can wait for, and within what the settings of a run and timers hold. */
const MOST = 1_000_000;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MOST)
    throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST}`);
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= MOST))
    throw new InvalidArgumentError(`expected a positive number of seconds, at most ${MOST}`);
  return value;
}

function packageVersion(): string {
  const text = readFileSync(path.join(installation.root, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

if (import.meta.main) {
  // Set, not called: what is still being written to a pipe must get out.
  process.exitCode = await main(process.argv.slice(2));
}

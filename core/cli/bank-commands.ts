import type { Command } from 'commander';
import type { CommandContext } from './models-commands.ts';

export interface BankContext extends CommandContext {
  /** Checks at one time unless said otherwise. */
  readonly defaultJobs: () => number;
}

/** `proofswarm bank …`; what it takes to run them is loaded when one is run. */
export function addBankCommands(program: Command, context: BankContext): void {
  const { terminal, done, dataOption, examples, count, defaultJobs } = context;
  const bank = program.command('bank').description('the verified proofs on this machine');
  bank
    .command('search [text...]')
    .description('search statements and proofs by words, names and symbols')
    .option('--claimed', 'search what peers claim and this machine cannot judge, newest first', false)
    .option('--limit <n>', 'how many to show', count, 20)
    .addOption(dataOption())
    .option('--json', 'a JSON line a statement', false)
    .addHelpText(
      'after',
      examples('bank search "List.reverse ++"', 'bank search sum of odd numbers', 'bank search --claimed'),
    )
    .action(async (text: string[], options: unknown, command: Command) => {
      const { bankSearch, searchOptionsSchema } = await import('./bank.ts');
      const parsed = searchOptionsSchema.parse(options);
      if (text.length === 0 && !parsed.claimed) command.error("error: missing required argument 'text'");
      done(await bankSearch(text.join(' '), parsed, terminal));
    });
  bank
    .command('show <id>')
    .description('a proof, or a statement with its proofs, by the beginning of its id')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('bank show bafyreifa536i'))
    .action(async (id: string, options: unknown) => {
      const { bankShow, bankOptionsSchema } = await import('./bank.ts');
      done(await bankShow(id, bankOptionsSchema.parse(options), terminal));
    });
  bank
    .command('stats')
    .description('what is in it')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('bank stats', 'bank stats --json'))
    .action(async (options: unknown) => {
      const { bankStats, bankOptionsSchema } = await import('./bank.ts');
      done(await bankStats(bankOptionsSchema.parse(options), terminal));
    });
  bank
    .command('export <file>')
    .description('write all of it to a new file, a JSON line a signed record')
    .addOption(dataOption())
    .option('--json', 'print the counts as JSON', false)
    .addHelpText('after', examples('bank export bank.jsonl'))
    .action(async (file: string, options: unknown) => {
      const { bankExport, exportOptionsSchema } = await import('./bank-file.ts');
      done(await bankExport(file, exportOptionsSchema.parse(options), terminal));
    });
  bank
    .command('import <file>')
    .description('add the records of such a file, each checked by Lean on this machine')
    .option(
      '--jobs <n>',
      'checks at a time, where no node runs; each takes a core and some 0.8 GB',
      count,
      defaultJobs(),
    )
    .addOption(dataOption())
    .option('--json', 'print the counts as JSON', false)
    .addHelpText(
      'after',
      `\nExit codes: 0 all lines were good; 1 some were not; 2 it could not be read; 130 interrupted, and the same command goes on.\n${examples('bank import bank.jsonl')}`,
    )
    .action(async (file: string, options: unknown) => {
      const { bankImport, importOptionsSchema } = await import('./bank-file.ts');
      done(await bankImport(file, importOptionsSchema.parse(options), terminal));
    });
}

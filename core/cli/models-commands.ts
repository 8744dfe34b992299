import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What main.ts shares with a family of commands. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly done: (exitCode: number) => void;
  readonly dataOption: () => Option;
  readonly examples: (...lines: readonly string[]) => string;
  /** Parses a whole number from 1 on. */
  readonly count: (text: string) => number;
}

/** `proofswarm models …`; what it takes to run them is loaded when one is run. */
export function addModelCommands(program: Command, context: CommandContext): void {
  const { terminal, done, dataOption, examples, count } = context;
  const models = program.command('models').description('language models: get, add, choose and measure them');
  const id = (): Option => new Option('--id <id>', 'the name that it gets here');
  const family = (): Option =>
    new Option('--family <name>', 'how it is asked: oprover, goedel, generic … (default: by its name)');
  const json = (): Option => new Option('--json', 'print JSON').default(false);

  models
    .command('list')
    .description('the models that are here, and those that can be fetched')
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models list'))
    .action(async (options: unknown) => {
      const { modelsList, modelsOptionsSchema } = await import('./models.ts');
      done(await modelsList(modelsOptionsSchema.parse(options), terminal));
    });
  models
    .command('show <model>')
    .description('what a model is: of the list, here, or any GGUF file')
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models show goedel-prover-v2-8b', 'models show my-model.gguf'))
    .action(async (model: string, options: unknown) => {
      const { modelsShow, modelsOptionsSchema } = await import('./models.ts');
      done(await modelsShow(model, modelsOptionsSchema.parse(options), terminal));
    });
  models
    .command('get <model>')
    .description('fetch a model of the list, or a GGUF file by its https address')
    .addOption(id())
    .addOption(family())
    .option('--sha256 <hex>', 'the checksum that it must have', sha256)
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models get goedel-prover-v2-8b', 'models get qwen3-8b:Q8_0'))
    .action(async (model: string, options: unknown) => {
      const { modelsGet, getOptionsSchema } = await import('./models-fetch.ts');
      done(await modelsGet(model, getOptionsSchema.parse(options), terminal));
    });
  models
    .command('add <file>')
    .description('use a GGUF file that is on this machine; it stays where it is')
    .addOption(id())
    .addOption(family())
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models add ~/models/OProver-8B.Q4_K_M.gguf --id oprover-8b'))
    .action(async (file: string, options: unknown) => {
      const { modelsAdd, addOptionsSchema } = await import('./models-fetch.ts');
      done(await modelsAdd(file, addOptionsSchema.parse(options), terminal));
    });
  models
    .command('remove <model>')
    .description('delete a model that was fetched, or forget one that was added')
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models remove qwen3-8b-q8_0'))
    .action(async (model: string, options: unknown) => {
      const { modelsRemove, modelsOptionsSchema } = await import('./models.ts');
      done(await modelsRemove(model, modelsOptionsSchema.parse(options), terminal));
    });
  models
    .command('estimate <model>')
    .description('what memory it takes, whether this machine has it, and what would help')
    .option('--context <tokens>', 'tokens of one rollout, prompt and reply together', count, 8192)
    .option('--parallel <n>', 'rollouts at one time', count, 4)
    .addOption(
      new Option('--cache <type>', 'how the KV cache keeps its numbers')
        .choices(['f16', 'q8_0', 'q4_0'])
        .default('f16'),
    )
    .addOption(dataOption())
    .addOption(json())
    .addHelpText(
      'after',
      `\nExit codes: 0 it fits; 1 it does not.\n${examples('models estimate goedel-prover-v2-32b --parallel 1')}`,
    )
    .action(async (model: string, options: unknown) => {
      const { modelsEstimate, estimateOptionsSchema } = await import('./models-estimate.ts');
      done(await modelsEstimate(model, estimateOptionsSchema.parse(options), terminal));
    });
  models
    .command('use [model]')
    .description('choose the model that is used where none is named, and how it is run')
    .option('--none', 'choose none', false)
    .addOption(
      new Option('--gpu <type>', 'where it runs').choices(['auto', 'cuda', 'metal', 'vulkan', 'cpu']),
    )
    .option('--gpu-layers <n>', 'layers kept on the card', wholeNumber)
    .option('--context <tokens>', 'tokens of one rollout, prompt and reply together', count)
    .option('--parallel <n>', 'rollouts at one time', count)
    .option('--threads <n>', 'CPU threads', count)
    .addOption(family())
    .addOption(dataOption())
    .addOption(json())
    .addHelpText('after', examples('models use goedel-prover-v2-8b --parallel 8', 'models use --none'))
    .action(async (model: string | undefined, options: unknown) => {
      const { modelsUse, useOptionsSchema } = await import('./models-use.ts');
      done(await modelsUse(model, useOptionsSchema.parse(options), terminal));
    });
}

function sha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('expected 64 hexadecimal digits');
  return text.toLowerCase();
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 10_000)
    throw new InvalidArgumentError('expected a whole number up to 10000');
  return value;
}

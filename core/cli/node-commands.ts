import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext } from './models-commands.ts';

/** `proofswarm node` and `proofswarm network …`; what it takes to run them is loaded when one is run. */
export function addNodeCommands(
  program: Command,
  { terminal, done, dataOption, examples }: CommandContext,
): void {
  program
    .command('node')
    .description(
      'run a node: prove from the board, share proofs with the swarm, serve a page on this machine',
    )
    .addOption(dataOption())
    .option('--listen <addr...>', 'multiaddrs to listen on (default: a free port on every interface)')
    .option('--bootstrap <addr...>', 'multiaddrs of peers to begin with, ending in /p2p/<peer id>')
    .option('--web <port>', 'serve the page on this port of 127.0.0.1 and print its address', port)
    .option('--no-prove', 'keep, check and pass on proofs, but do not look for any')
    .option('--offline', 'do not join the swarm', false)
    .option('--json', 'print status and events as JSON lines', false)
    .addHelpText(
      'after',
      examples('node --web 4180', 'node --no-prove --listen /ip4/0.0.0.0/tcp/4001', 'node --offline'),
    )
    .action(async (options: unknown) => {
      const { nodeCommand, nodeOptionsSchema } = await import('./node.ts');
      done(await nodeCommand(nodeOptionsSchema.parse(options), terminal));
    });

  const network = program.command('network').description('what the running node knows of the swarm');
  network
    .command('status')
    .description('connection, records, and what waits to be checked')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('network status'))
    .action(async (options: unknown) => {
      const { networkOptionsSchema, networkStatus } = await import('./network.ts');
      done(await networkStatus(networkOptionsSchema.parse(options), terminal));
    });
  network
    .command('peers')
    .description('connected peers, and those that something is held against')
    .addOption(dataOption())
    .option('--json', 'a JSON line a peer', false)
    .addHelpText('after', examples('network peers --json'))
    .action(async (options: unknown) => {
      const { networkOptionsSchema, networkPeers } = await import('./network.ts');
      done(await networkPeers(networkOptionsSchema.parse(options), terminal));
    });
}

/** `proofswarm statements publish`, which needs a node that runs. */
export function addPublishCommand(
  statements: Command,
  { terminal, done, dataOption, examples }: CommandContext,
): void {
  statements
    .command('publish <file>')
    .description(
      'sign a pack of the open statements of a file and offer it to the swarm, through the running node',
    )
    .requiredOption('--name <name>', 'of the pack: lower-case letters, digits and hyphens')
    .option('--description <text>', 'what they are', '')
    .option('--licence <spdx>', 'of the statements', 'Apache-2.0')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('statements publish open.jsonl --name open-problems'))
    .action(async (file: string, options: unknown) => {
      const { publishOptionsSchema, statementsPublish } = await import('./publish.ts');
      done(await statementsPublish(file, publishOptionsSchema.parse(options), terminal));
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port from 0 (any) to 65535');
  return value;
}

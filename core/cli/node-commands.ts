import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext } from './models-commands.ts';
import { parseOptions } from './parse-options.ts';

/** `proofswarm node` and `proofswarm network …`; what it takes to run them is loaded when one is run. */
export function addNodeCommands(
  program: Command,
  { terminal, done, dataOption, examples, count }: CommandContext,
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
    .addOption(
      new Option('--relay', 'let peers that others cannot reach be reached through this node, within bounds')
        .default(false)
        .conflicts('offline'),
    )
    .option('--json', 'print status and events as JSON lines', false)
    .addHelpText(
      'after',
      examples('node --web 4180', 'node --no-prove --relay --listen /ip4/0.0.0.0/tcp/4001', 'node --offline'),
    )
    .action(async (_: unknown, command: Command) => {
      const { nodeCommand, nodeOptionsSchema } = await import('./node.ts');
      done(await nodeCommand(parseOptions(nodeOptionsSchema, command), terminal));
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
  addCuratorCommands(network, { terminal, done, dataOption, examples, count });
}

/** `proofswarm network curators …`: with the node that runs, or without one. */
function addCuratorCommands(
  network: Command,
  { terminal, done, dataOption, examples }: CommandContext,
): void {
  const curators = network.command('curators').description('whose packs of statements are put on the board');
  curators
    .command('list')
    .description('the keys that are trusted')
    .addOption(dataOption())
    .option('--json', 'a JSON line a curator', false)
    .addHelpText('after', examples('network curators list'))
    .action(async (options: unknown) => {
      const { curatorsList, curatorsOptionsSchema } = await import('./curators.ts');
      done(await curatorsList(curatorsOptionsSchema.parse(options), terminal));
    });
  curators
    .command('add <key>')
    .description('trust a curator, named by its peer id (12D3KooW…)')
    .option('--label <text>', 'who that is', '')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      examples(
        'network curators add 12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN --label "the number theorists"',
      ),
    )
    .action(async (key: string, options: unknown) => {
      const { addOptionsSchema, curatorsAdd } = await import('./curators.ts');
      done(await curatorsAdd(key, addOptionsSchema.parse(options), terminal));
    });
  curators
    .command('remove <key>')
    .description('trust a curator no longer; what only it has put up is taken down')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      examples('network curators remove 12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'),
    )
    .action(async (key: string, options: unknown) => {
      const { curatorsOptionsSchema, curatorsRemove } = await import('./curators.ts');
      done(await curatorsRemove(key, curatorsOptionsSchema.parse(options), terminal));
    });
}

/** `proofswarm statements publish` and `withdraw`, which need a node that runs. */
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
  statements
    .command('withdraw <id>')
    .description('tell the swarm that a statement which this node has put up is no longer asked for')
    .option('--misstated', 'it does not say what it should; curators can say so of any statement', false)
    .option('--detail <text>', 'why', '')
    .addOption(dataOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('statements withdraw bafyreifa536i --detail "follows from another one"'))
    .action(async (id: string, options: unknown) => {
      const { statementsWithdraw, withdrawOptionsSchema } = await import('./publish.ts');
      done(await statementsWithdraw(id, withdrawOptionsSchema.parse(options), terminal));
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port from 0 (any) to 65535');
  return value;
}

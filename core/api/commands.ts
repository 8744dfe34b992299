import { z } from 'zod';
import { bankCommands } from './areas/bank.ts';
import { contributionsCommands } from './areas/contributions.ts';
import { donationCommands } from './areas/donation.ts';
import { leanCommands } from './areas/lean.ts';
import { modelsCommands } from './areas/models.ts';
import { networkCommands } from './areas/network.ts';
import { nodeCommands } from './areas/node.ts';
import { proveCommands } from './areas/prove.ts';
import { settingsCommands } from './areas/settings.ts';
import { statementsCommands } from './areas/statements.ts';
import { command, nothing } from './define.ts';
import { snapshotSchema } from './state.ts';

/** Everything that a face can ask of a node. */
export const commands = {
  /** For a client that missed events; a subscription begins with one by itself. */
  'api.snapshot': command(nothing, snapshotSchema),
  ...nodeCommands,
  ...donationCommands,
  ...proveCommands,
  ...statementsCommands,
  ...bankCommands,
  ...networkCommands,
  ...contributionsCommands,
  ...modelsCommands,
  ...settingsCommands,
  ...leanCommands,
} as const;

export type CommandName = keyof typeof commands;
/** What a caller gives: fields with a default may be left out. */
export type CommandInput<C extends CommandName> = z.input<(typeof commands)[C]['input']>;
/** What the node gets: parsed, with its defaults. */
export type ParsedInput<C extends CommandName> = z.output<(typeof commands)[C]['input']>;
export type CommandOutput<C extends CommandName> = z.output<(typeof commands)[C]['output']>;

export const commandNameSchema = z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]);

/** One function a command: what a node is, seen from its faces. */
export type CommandHandlers = {
  readonly [C in CommandName]: (
    input: ParsedInput<C>,
    signal: AbortSignal,
  ) => CommandOutput<C> | Promise<CommandOutput<C>>;
};

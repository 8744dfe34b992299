import type { Command } from 'commander';
import type { z } from 'zod';

/**
 * The options of a command, where what decides on them is loaded with the command only. What is wrong is said as
 * commander says it of the others.
 * @throws CommanderError
 */
export function parseOptions<T>(schema: z.ZodType<T>, command: Command): T {
  const options = command.opts();
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  // Of several complaints about one argument the last asks for most.
  const issue = parsed.error.issues.at(-1);
  const [name = '', index] = issue?.path ?? [];
  const flags =
    command.options.find((option) => option.attributeName() === name)?.flags ?? `--${String(name)}`;
  const value: unknown = options[String(name)];
  const given =
    Array.isArray(value) && typeof index === 'number' ? ` argument '${String(value[index])}'` : '';
  return command.error(`error: option '${flags}'${given} is invalid. ${issue?.message ?? ''}`);
}

import { describeSystemError } from '../process/index.ts';

/** What nobody has thrown to be read. */
const FAULTS: readonly string[] = [
  'AggregateError',
  'Error',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'ZodError',
];

/** What ended a command: in words where the system or an error of ours says what the matter is, else with the stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `internal fault, please report it: ${String(error)}`;
  const system = describeSystemError(error);
  if (system !== undefined) return system;
  if (!FAULTS.includes(error.name)) return error.message;
  return `internal fault, please report it:\n${error.stack ?? error.message}`;
}

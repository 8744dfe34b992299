import { EMBEDDED_ENVIRONMENT } from '../node/index.ts';
import type { Environment, Statement } from '../record/index.ts';
import {
  describeEntry,
  readStatements,
  UnknownFileTypeError,
  UnreadableFileError,
} from '../statement/index.ts';
import { CommandError } from './exit.ts';
import { printable, type Terminal } from './terminal.ts';

/**
 * The statements of a file; what could not be read is told on standard error.
 * @throws CommandError where the file cannot be read or holds no statement
 */
export async function readStatementFile(
  file: string,
  terminal: Terminal,
  environment: Environment = EMBEDDED_ENVIRONMENT,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  try {
    for await (const entry of readStatements(file, { environment })) {
      if (entry.kind === 'statement') statements.push(entry.statement);
      else terminal.err.write(`${printable(describeEntry(entry))}\n`);
    }
  } catch (error) {
    if (error instanceof UnknownFileTypeError || error instanceof UnreadableFileError) {
      throw new CommandError(error.message);
    }
    throw error;
  }
  if (statements.length === 0) throw new CommandError(`${file} holds no open statement`);
  return statements;
}

import type { Statement } from '../record/index.ts';
import { StatementTooLongError } from './errors.ts';
import { MAX_LINE_BYTES } from './parse-dataset.ts';

/**
 * A statement as one line of JSONL, without the line end. The reader makes the same statement of it, id included; other
 * tools find `name`, `header` and `formal_statement` as MiniF2F has them.
 * @throws StatementTooLongError where the line would be longer than a reader takes.
 */
export function toDatasetLine(statement: Statement): string {
  const { id, name, environment, header, formal, ...metadata } = statement;
  const row = {
    id,
    name,
    environment,
    header,
    formal,
    formal_statement: `${formal} := by sorry`,
    ...metadata,
  };
  const line = JSON.stringify(row);
  const bytes = Buffer.byteLength(line);
  if (bytes > MAX_LINE_BYTES) throw new StatementTooLongError(name, bytes, MAX_LINE_BYTES);
  return line;
}

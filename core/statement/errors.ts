import { whyUnreadable } from '../process/index.ts';

/** A file whose ending does not say how to read it. */
export class UnknownFileTypeError extends Error {
  override readonly name = 'UnknownFileTypeError';
  readonly file: string;

  constructor(file: string) {
    super(`${file}: unknown file type; expected a name that ends in .lean, .jsonl, .ndjson or .json`);
    this.file = file;
  }
}

/** A file that could not be opened or read; `cause` is the system's error. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file}: cannot be read: ${whyUnreadable(cause)}`, { cause });
    this.file = file;
  }
}

/** A statement whose dataset line no reader would take. */
export class StatementTooLongError extends Error {
  override readonly name = 'StatementTooLongError';
  readonly statement: string;
  readonly bytes: number;

  constructor(statement: string, bytes: number, limit: number) {
    super(`${statement}: its dataset line has ${bytes} bytes, at most ${limit} can be read back`);
    this.statement = statement;
    this.bytes = bytes;
  }
}

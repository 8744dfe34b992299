import * as errors from '../errors.ts';

/** An error as it is told to another process, which keeps of an error's own fields none. */
export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Its own fields, as far as they are texts, numbers and truth values: `directory`, `stage`, `code` … */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: Fault;
}

/** Errors that callers tell apart by their class. */
const CLASSES: ReadonlyMap<string, { readonly prototype: Error }> = new Map(
  [
    errors.BankClosedError,
    errors.BankDiskFullError,
    errors.BankNotWritableError,
    errors.BankProcessError,
    errors.BankTablesUnavailableError,
    errors.BankTooNewError,
    errors.CorruptRowError,
    errors.JournalWriteError,
    errors.NotABankError,
    errors.RecordMismatchError,
  ].map((one) => [one.name, one]),
);

const DEPTH = 8;

/** Of an insertion: it is in the journal and in memory, and there was no room for it in the tables. */
export const isUnstored = ({ name, fields }: Fault): boolean =>
  name === 'BankDiskFullError' && fields['stage'] === 'tables';

export function toFault(error: unknown, depth = DEPTH): Fault {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), fields: {} };
  const { name, message, stack, cause, ...rest } = Object.assign({}, error, {
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: error.cause,
  });
  const fields = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  ) as Fault['fields'];
  return {
    name,
    message,
    stack,
    fields,
    ...(cause === undefined || depth === 0 ? {} : { cause: toFault(cause, depth - 1) }),
  };
}

/** The error again, of its own class where it is one of the bank's. */
export function toError({ name, message, stack, fields, cause }: Fault): Error {
  const error = new Error(message, cause === undefined ? {} : { cause: toError(cause) });
  const known = CLASSES.get(name);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype);
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, { name }, fields);
}

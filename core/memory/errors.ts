import { systemErrorCode } from '../process/index.ts';

/** The directory, or a file in it, cannot be written. */
export class BankNotWritableError extends Error {
  override readonly name = 'BankNotWritableError';
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    super(`the bank directory cannot be written: ${directory}`, { cause });
    this.directory = directory;
  }
}

/** The path holds something that is no bank; nothing in it was touched. */
export class NotABankError extends Error {
  override readonly name = 'NotABankError';
  readonly directory: string;

  constructor(directory: string, detail: string) {
    super(`not a bank directory: ${directory} (${detail})`);
    this.directory = directory;
  }
}

/** The bank was written by a later program; opening it with this one could lose what only that one understands. */
export class BankTooNewError extends Error {
  override readonly name = 'BankTooNewError';
  readonly directory: string;
  readonly found: number;
  readonly known: number;

  constructor(directory: string, found: number, known: number) {
    super(`${directory} is a bank of format ${found}; this program knows formats up to ${known}`);
    this.directory = directory;
    this.found = found;
    this.known = known;
  }
}

/**
 * The disk is full. At the `journal` nothing was kept; at the `tables` the proof is in the journal already, so that it
 * will be in the tables once there is room.
 */
export class BankDiskFullError extends Error {
  override readonly name = 'BankDiskFullError';
  readonly directory: string;
  readonly stage: 'journal' | 'tables';

  constructor(directory: string, stage: 'journal' | 'tables', cause: unknown) {
    super(`no space left for the bank's ${stage} in ${directory}`, { cause });
    this.directory = directory;
    this.stage = stage;
  }
}

/**
 * The system keeps the tables from being read or written: rights, a limit, the disk. Nothing was moved, and the next try may
 * succeed.
 */
export class BankTablesUnavailableError extends Error {
  override readonly name = 'BankTablesUnavailableError';
  readonly directory: string;

  /** @param why what the system says */
  constructor(directory: string, why: string, cause: unknown) {
    super(`the bank's tables in ${directory} cannot be used now: ${why}`, { cause });
    this.directory = directory;
  }
}

/** The journal could not be appended to for another reason than a full disk; nothing was kept. */
export class JournalWriteError extends Error {
  override readonly name = 'JournalWriteError';
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`cannot append to the journal ${file}`, { cause });
    this.file = file;
  }
}

/** The signed record is not one of the verified proof it was handed in with. */
export class RecordMismatchError extends Error {
  override readonly name = 'RecordMismatchError';
  readonly record: string;
  readonly field: 'statement' | 'submission' | 'signature';

  constructor(record: string, field: 'statement' | 'submission' | 'signature', cause?: unknown) {
    super(`record ${record} does not match the verified proof: ${field}`, { cause });
    this.record = record;
    this.field = field;
  }
}

/** A stored row that is not what its id says. */
export class CorruptRowError extends Error {
  override readonly name = 'CorruptRowError';
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super(`the stored record ${id} is damaged`, { cause });
    this.id = id;
  }
}

/** The bank was closed. */
export class BankClosedError extends Error {
  override readonly name = 'BankClosedError';

  constructor() {
    super('the bank is closed');
  }
}

/** The process that has the bank open ended instead of answering. */
export class BankProcessError extends Error {
  override readonly name = 'BankProcessError';

  /**
   * @param how a signal's name, or an exit code
   * @param stderr what it wrote last
   */
  constructor(how: string, stderr: string) {
    const said = stderr.trim();
    super(`the bank's process ended (${how})${said === '' ? '' : `: ${said}`}`);
  }
}

/** Whether an error, LanceDB's included (which only tells it in its text), means that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  if (systemErrorCode(error) === 'ENOSPC' || systemErrorCode(error) === 'EDQUOT') return true;
  return (
    error instanceof Error && /no space left on device|os error 28\b|disk quota exceeded/i.test(error.message)
  );
}

import { whyUnwritable } from '../../process/index.ts';

/** The file cannot be read, or is no file. */
export class UnreadableBankFileError extends Error {
  override readonly name = 'UnreadableBankFileError';
  readonly file: string;

  constructor(file: string, detail: string, cause?: unknown) {
    super(`${file}: ${detail}`, { cause });
    this.file = file;
  }
}

/** The file cannot be made, or what goes into it does not fit. */
export class UnwritableBankFileError extends Error {
  override readonly name = 'UnwritableBankFileError';
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file}: cannot be written: ${whyUnwritable(cause)}`, { cause });
    this.file = file;
  }
}

/** There is something at the place where the file should go: nothing is written over. */
export class BankFileExistsError extends Error {
  override readonly name = 'BankFileExistsError';
  readonly file: string;

  constructor(file: string) {
    super(`${file} is there already; choose another name`);
    this.file = file;
  }
}

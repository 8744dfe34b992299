/** A file of this folder is there but cannot be read; it is never overwritten without the user's saying so. */
export class DamagedBoardFileError extends Error {
  override readonly name = 'DamagedBoardFileError';
  readonly file: string;

  constructor(file: string, detail: string) {
    super(`${file} is damaged: ${detail}`);
    this.file = file;
  }
}

/** More keys than a trust store holds. */
export class TrustStoreFullError extends Error {
  override readonly name = 'TrustStoreFullError';

  constructor(limit: number) {
    super(`at most ${limit} curators can be trusted`);
  }
}

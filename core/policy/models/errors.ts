/** No model of that name, file or address is known, or several could be meant. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';
  readonly reference: string;

  constructor(reference: string, detail: string) {
    super(`${reference}: ${detail}`);
    this.reference = reference;
  }
}

/** A file of ours (the manifest, a model's record) that does not hold what it should. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  readonly file: string;

  constructor(file: string, detail: string, cause?: unknown) {
    super(`${file}: ${detail}`, { cause });
    this.file = file;
  }
}

/** A model of that id is there already. */
export class ModelExistsError extends Error {
  override readonly name = 'ModelExistsError';
  readonly id: string;

  constructor(id: string, detail: string) {
    super(`${id}: ${detail}`);
    this.id = id;
  }
}

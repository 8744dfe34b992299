export type GgufDefect =
  /** Another kind of file. */
  | 'not-gguf'
  /** A version that llama.cpp does not read either, or a byte order that it does not. */
  | 'unsupported'
  /** It ends before what its header promises. */
  | 'truncated'
  /** A count, length or type in it cannot be right. */
  | 'corrupt'
  /** One part of a model that is spread over several files. */
  | 'split';

/** A file that is no model that could be loaded; the message says what is wrong with it. */
export class UnreadableModelError extends Error {
  override readonly name = 'UnreadableModelError';
  readonly file: string;
  readonly defect: GgufDefect;
  readonly detail: string;

  constructor(file: string, defect: GgufDefect, detail: string) {
    super(`${file}: ${detail}`);
    this.file = file;
    this.defect = defect;
    this.detail = detail;
  }
}

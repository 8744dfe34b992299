import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines; what is longer than the bound is dropped and counted. */
export class LineSplitter {
  /** Lines dropped for their length. */
  dropped = 0;
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxCharacters: number;
  readonly #onLine: (line: string) => void;
  #rest = '';
  #dropping = false;

  constructor(maxCharacters: number, onLine: (line: string) => void) {
    this.#maxCharacters = maxCharacters;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const pieces = this.#decoder.write(chunk).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#append(piece);
      const line = this.#rest;
      this.#rest = '';
      if (this.#dropping) this.#dropping = false;
      else this.#onLine(line);
    }
    this.#append(last);
  }

  #append(text: string): void {
    if (this.#dropping) return;
    this.#rest += text;
    if (this.#rest.length <= this.#maxCharacters) return;
    this.#rest = '';
    this.#dropping = true;
    this.dropped++;
  }
}

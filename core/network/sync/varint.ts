import { ProtocolViolationError } from '../errors.ts';

/** Writes numbers and bytes one after another, numbers as unsigned LEB128. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  length = 0;

  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.length++] = rest;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Throws ProtocolViolationError (malformed) beyond the end or the safe integers. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtocolViolationError('malformed', 'a number is cut off');
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER)
        throw new ProtocolViolationError('malformed', 'a number is too large');
      if (byte < 0x80) {
        if (byte === 0 && scale > 1)
          throw new ProtocolViolationError('malformed', 'a number is not in short form');
        return value;
      }
      scale *= 0x80;
    }
  }

  bytes(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at)
      throw new ProtocolViolationError('malformed', 'bytes are cut off');
    return this.#bytes.slice(this.#at, (this.#at += count));
  }

  /** How many items of that size could still follow: what a count may at most say. */
  roomFor(bytesEach: number): number {
    return Math.floor((this.#bytes.length - this.#at) / bytesEach);
  }
}

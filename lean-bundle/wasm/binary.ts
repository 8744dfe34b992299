/** Reads the parts of a WebAssembly binary that the preparation must understand. */
export class WasmReader {
  readonly bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    return this.bytes.readUInt8(this.position++);
  }

  /** LEB128, unsigned. */
  unsigned(): number {
    let result = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      result += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) return result;
    }
  }

  /** LEB128, signed, of up to 32 bits. */
  signed(): number {
    let result = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      result |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return shift < 32 && (byte & 0x40) !== 0 ? result | (-1 << shift) : result;
    }
  }

  text(): string {
    const length = this.unsigned();
    this.position += length;
    return this.bytes.toString('utf8', this.position - length, this.position);
  }

  /** Skips the limits of a table or memory. */
  limits(): { minimum: number; maximum: number | undefined } {
    const hasMaximum = (this.byte() & 1) === 1;
    const minimum = this.unsigned();
    return { minimum, maximum: hasMaximum ? this.unsigned() : undefined };
  }
}

export function unsignedLeb(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

export function signedLeb(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return Buffer.from(bytes);
  }
}

/** A section with its id and length in front. */
export function section(id: number, ...body: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(body);
  return Buffer.concat([Buffer.from([id]), unsignedLeb(content.length), content]);
}

/** One value of a file of JSON values, or why its text is not there. */
export type JsonValueText =
  | { readonly kind: 'value'; readonly line: number; readonly text: string }
  | { readonly kind: 'too-large' | 'encoding'; readonly line: number }
  | { readonly kind: 'syntax'; readonly line: number; readonly message: string; readonly expected: string };

const LF = 0x0a;

/** Collects the bytes of one value, up to a bound; beyond it they are counted, not kept. */
export class ValueBytes {
  private readonly limit: number;
  private parts: Uint8Array[] = [];
  private size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.size > this.limit) this.parts = [];
    else if (bytes.length > 0) this.parts.push(bytes);
  }

  /** Ends the value and starts the next. */
  take(line: number): JsonValueText {
    const { parts, size, limit } = this;
    this.parts = [];
    this.size = 0;
    if (size > limit) return { kind: 'too-large', line };
    try {
      return {
        kind: 'value',
        line,
        text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)),
      };
    } catch {
      return { kind: 'encoding', line };
    }
  }
}

/** The lines of a file, without their ends; memory is bounded by `limit` bytes and one chunk. Blank lines are left out. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): AsyncGenerator<JsonValueText, void, undefined> {
  const value = new ValueBytes(limit);
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      value.add(chunk.subarray(start, end));
      const taken = value.take(line++);
      if (!isBlank(taken)) yield taken;
      start = end + 1;
    }
    value.add(chunk.subarray(start));
  }
  const taken = value.take(line);
  if (!isBlank(taken)) yield taken;
}

const isBlank = (taken: JsonValueText): boolean => taken.kind === 'value' && taken.text.trim() === '';

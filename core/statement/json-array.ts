import { ValueBytes, type JsonValueText } from './json-values.ts';

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPENERS: ReadonlySet<number> = new Set([OPEN_ARRAY, 0x7b]);
const CLOSERS: ReadonlySet<number> = new Set([CLOSE_ARRAY, 0x7d]);
/** Space, and the bytes of a byte order mark. */
const SKIPPED: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, LF, 0xef, 0xbb, 0xbf]);

/**
 * The elements of a JSON array, one at a time, each bounded by `limit` bytes. Only their extent is found here; what is
 * wrong inside an element is for `JSON.parse` to say.
 */
export async function* splitArray(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limit: number,
): AsyncGenerator<JsonValueText, void, undefined> {
  const splitter = new ArraySplitter(limit);
  for await (const chunk of chunks) {
    yield* splitter.read(chunk);
    if (splitter.failed) return;
  }
  const wrong = splitter.finish();
  if (wrong !== undefined) yield wrong;
}

type State =
  /** Before `[`. */
  | 'start'
  /** After `[`: an element or `]`. */
  | 'first'
  /** After a comma: an element. */
  | 'next'
  | 'element'
  /** After `]`. */
  | 'end'
  | 'failed';

class ArraySplitter {
  private readonly value: ValueBytes;
  private state: State = 'start';
  private line = 1;
  private startLine = 1;
  private depth = 0;
  private string: 'outside' | 'inside' | 'escape' = 'outside';

  constructor(limit: number) {
    this.value = new ValueBytes(limit);
  }

  get failed(): boolean {
    return this.state === 'failed';
  }

  *read(chunk: Uint8Array): Generator<JsonValueText, void, undefined> {
    let start = 0;
    for (const [at, byte] of chunk.entries()) {
      if (byte === LF) this.line++;
      if (this.state === 'element') {
        if (!this.endsElement(byte)) continue;
        this.value.add(chunk.subarray(start, at));
        yield this.value.take(this.startLine);
        this.state = byte === COMMA ? 'next' : 'end';
      } else if (!SKIPPED.has(byte)) {
        const wrong = this.between(byte);
        if (wrong !== undefined) {
          yield wrong;
          return;
        }
        start = at;
      }
    }
    if (this.state === 'element') this.value.add(chunk.subarray(start));
  }

  /** Called after the last chunk. */
  finish(): JsonValueText | undefined {
    if (this.state === 'end') return undefined;
    return this.state === 'start'
      ? this.wrong('the file is empty', 'an array of objects')
      : this.wrong('the array is never closed', '`]`');
  }

  /** Takes a byte of an element; true where it is the comma or bracket after it. */
  private endsElement(byte: number): boolean {
    if (this.string !== 'outside') {
      if (this.string === 'escape') this.string = 'inside';
      else if (byte === BACKSLASH) this.string = 'escape';
      else if (byte === QUOTE) this.string = 'outside';
      return false;
    }
    if (this.depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) return true;
    if (byte === QUOTE) this.string = 'inside';
    else if (OPENERS.has(byte)) this.depth++;
    else if (CLOSERS.has(byte)) this.depth--;
    return false;
  }

  /** Takes a byte outside of elements, which may start one. */
  private between(byte: number): JsonValueText | undefined {
    if (this.state === 'start') {
      if (byte !== OPEN_ARRAY) return this.wrong('the file does not start with an array', '`[`');
      this.state = 'first';
      return undefined;
    }
    if (this.state === 'end') return this.wrong('something follows the array', 'the end of the file');
    if (this.state === 'first' && byte === CLOSE_ARRAY) {
      this.state = 'end';
      return undefined;
    }
    if (byte === COMMA || byte === CLOSE_ARRAY) {
      return this.wrong('an element of the array is missing', 'a JSON object');
    }
    this.state = 'element';
    this.startLine = this.line;
    this.depth = OPENERS.has(byte) ? 1 : 0;
    this.string = byte === QUOTE ? 'inside' : 'outside';
    return undefined;
  }

  private wrong(message: string, expected: string): JsonValueText {
    this.state = 'failed';
    return { kind: 'syntax', line: this.line, message, expected };
  }
}

import { ProtocolViolationError } from '../errors.ts';
import { compareBounds, END, START, type Bound } from './key.ts';
import { FINGERPRINT_BYTES } from './record-set.ts';
import { SHORT_ID_BYTES } from './short-id.ts';
import { DIGEST_BYTES } from '../wire/digest-bytes.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/** What one side says about the keys from the previous range's upper bound up to and without `upper`. */
export type Range = { readonly upper: Bound } &
  /** Both sides hold the same, or will as soon as what was found has been fetched. */
  (
    | { readonly kind: 'settled' }
    | { readonly kind: 'fingerprint'; readonly fingerprint: Uint8Array }
    /** Short ids of all keys that the sender holds. */
    | { readonly kind: 'list'; readonly shortIds: readonly Uint8Array[] }
    /** Digests that only the sender holds, and short ids out of the other's list that it would like in full. */
    | {
        readonly kind: 'answer';
        readonly missing: readonly Uint8Array[];
        readonly wanted: readonly Uint8Array[];
      }
  );

export type RangeKind = Range['kind'];

/** Honest lists are far shorter; a range that was listed may have grown meanwhile, but not by so much. */
export const MAX_LISTED_KEYS = 256;

const CODES: Record<RangeKind, number> = { settled: 0, fingerprint: 1, list: 2, answer: 3 };

/** Whether nothing in this turn asks for another one. */
export const isFinal = (range: Range): boolean =>
  range.kind === 'settled' || (range.kind === 'answer' && range.wanted.length === 0);

/**
 * Writes one turn: ranges in ascending order without gaps; what follows the last one is settled. Times are differences
 * to the previous bound, and neighbouring settled ranges become one.
 */
export class TurnWriter {
  readonly #writer = new ByteWriter();
  #time = 0;
  #settledUpTo: Bound | undefined;
  /** Whether the other side has nothing to answer. */
  final = true;

  get length(): number {
    return this.#writer.length;
  }

  write(range: Range): void {
    if (range.kind === 'settled') {
      this.#settledUpTo = range.upper;
      return;
    }
    if (this.#settledUpTo !== undefined) this.#head({ kind: 'settled', upper: this.#settledUpTo });
    this.#settledUpTo = undefined;
    this.#head(range);
    this.final &&= isFinal(range);
    switch (range.kind) {
      case 'fingerprint':
        this.#writer.bytes(range.fingerprint);
        return;
      case 'list':
        this.#items(range.shortIds);
        return;
      case 'answer':
        this.#items(range.missing);
        this.#items(range.wanted);
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.finish();
  }

  #head(range: Range): void {
    const { time, prefix } = range.upper;
    this.#writer.number(time === Infinity ? 0 : time - this.#time + 1);
    if (time !== Infinity) {
      this.#time = time;
      this.#writer.number(prefix.length);
      this.#writer.bytes(prefix);
    }
    this.#writer.number(CODES[range.kind]);
  }

  #items(items: readonly Uint8Array[]): void {
    this.#writer.number(items.length);
    for (const item of items) this.#writer.bytes(item);
  }
}

/**
 * Reads a turn range by range.
 * @throws ProtocolViolationError (malformed) on bytes that no TurnWriter wrote: bounds out of order, unknown kinds, cut off
 */
export function* readTurn(bytes: Uint8Array): Generator<Range> {
  const reader = new ByteReader(bytes);
  let previous: Bound = START;
  while (!reader.done) {
    if (previous.time === Infinity)
      throw new ProtocolViolationError('malformed', 'a range after the last one');
    const upper = readBound(reader, previous.time);
    if (compareBounds(upper, previous) <= 0) {
      throw new ProtocolViolationError('malformed', 'a range that ends before it begins');
    }
    previous = upper;
    yield readRange(reader, upper);
  }
}

function readBound(reader: ByteReader, previous: number): Bound {
  const step = reader.number();
  if (step === 0) return END;
  const time = previous + step - 1;
  if (!Number.isSafeInteger(time)) throw new ProtocolViolationError('malformed', 'a time is too large');
  const length = reader.number();
  if (length > DIGEST_BYTES) throw new ProtocolViolationError('malformed', 'a bound longer than a digest');
  return { time, prefix: reader.bytes(length) };
}

function readRange(reader: ByteReader, upper: Bound): Range {
  const code = reader.number();
  switch (code) {
    case CODES.settled:
      return { kind: 'settled', upper };
    case CODES.fingerprint:
      return { kind: 'fingerprint', upper, fingerprint: reader.bytes(FINGERPRINT_BYTES) };
    case CODES.list:
      return { kind: 'list', upper, shortIds: readItems(reader, SHORT_ID_BYTES, MAX_LISTED_KEYS) };
    case CODES.answer: {
      const missing = readItems(reader, DIGEST_BYTES);
      return { kind: 'answer', upper, missing, wanted: readItems(reader, SHORT_ID_BYTES, MAX_LISTED_KEYS) };
    }
    default:
      throw new ProtocolViolationError('malformed', `no range kind ${code}`);
  }
}

function readItems(reader: ByteReader, bytesEach: number, maximum = Infinity): Uint8Array[] {
  const count = reader.number();
  if (count > maximum) throw new ProtocolViolationError('malformed', `a list of ${count} items`);
  if (count > reader.roomFor(bytesEach)) throw new ProtocolViolationError('malformed', 'a list is cut off');
  return Array.from({ length: count }, () => reader.bytes(bytesEach));
}

import type { LeanRuntime, WasmMemory } from './runtime.ts';

/** The address of a Lean object in wasm memory, or a boxed scalar (an odd number). */
export type Ref = number;

/** An IO action that ended in an error of Lean's. */
export class LeanIOError extends Error {
  override readonly name = 'LeanIOError';
}

/** An object that is not where or what it should be: only memory that a submission has scribbled over shows this. */
export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError';
}

/** `box(0)`: also `()`, `false`, `[]`, `none`, `Name.anonymous` and the empty `KVMap`. */
export const BOX_ZERO: Ref = 1;
export const box = (value: number): Ref => value * 2 + 1;

const HEADER_BYTES = 8;
const TAG = { array: 246, scalarArray: 248, string: 249, mpz: 250 } as const;
const MAX_BOXED = 2 ** 31;
const MAX_STRING_BYTES = 16_000_000;
/** Nothing of Lean's lies below. */
const LOWEST_ADDRESS = 1024;

/**
 * Reads and makes Lean objects. On wasm32 an object is {rc: i32 @0, size: u16 @4, objects or element size: u8 @6, tag:
 * u8 @7}, then its fields of 4 bytes each, then its scalars. Every read is bounded by the memory's size.
 */
export class LeanObjects {
  readonly #api: LeanRuntime['api'];
  readonly #memory: WasmMemory;
  #view: DataView = new DataView(new ArrayBuffer());
  #bytes: Uint8Array = new Uint8Array();
  #words: Int32Array = new Int32Array();
  /** How much of the memory these views cover. */
  #end = 0;

  constructor({ api, memory }: LeanRuntime) {
    this.#api = api;
    this.#memory = memory;
  }

  get api(): LeanRuntime['api'] {
    return this.#api;
  }

  /** Size of the wasm memory, which never shrinks. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  isScalar(ref: Ref): boolean {
    return (ref & 1) === 1;
  }

  unbox(ref: Ref): number {
    return ref >>> 1;
  }

  tag(ref: Ref): number {
    return this.byteAt(ref, 7);
  }

  /** Number of object fields of a constructor object. */
  fieldCount(ref: Ref): number {
    return this.byteAt(ref, 6);
  }

  /** A field, borrowed. */
  field(ref: Ref, index: number): Ref {
    return this.u32(ref + HEADER_BYTES + 4 * index);
  }

  /** A byte scalar behind `objects` object fields. */
  scalarByte(ref: Ref, objects: number, offset: number): number {
    return this.byteAt(ref, HEADER_BYTES + 4 * objects + offset);
  }

  scalarU32(ref: Ref, objects: number, offset: number): number {
    return this.u32(ref + HEADER_BYTES + 4 * objects + offset);
  }

  arraySize(ref: Ref): number {
    return this.u32(ref + HEADER_BYTES);
  }

  /** An array's element, borrowed. */
  element(ref: Ref, index: number): Ref {
    return this.u32(ref + HEADER_BYTES + 8 + 4 * index);
  }

  /** An array's elements, borrowed. */
  elements(ref: Ref): Ref[] {
    return Array.from({ length: this.arraySize(ref) }, (_, index) => this.element(ref, index));
  }

  /** The elements of a `List`, borrowed. */
  list(ref: Ref): Ref[] {
    const items: Ref[] = [];
    for (let at = ref; !this.isScalar(at); at = this.field(at, 1)) {
      items.push(this.field(at, 0));
      if (items.length > 100_000) throw new CorruptObjectError('a list without end');
    }
    return items;
  }

  text(ref: Ref): string {
    if (this.isScalar(ref) || this.tag(ref) !== TAG.string) throw new CorruptObjectError('not a string');
    const size = this.u32(ref + HEADER_BYTES);
    if (size < 1 || size > MAX_STRING_BYTES) throw new CorruptObjectError(`a string of ${size} bytes`);
    const start = ref + HEADER_BYTES + 12;
    this.#reach(start, size);
    // Copied: a thread of the submission's must not change it while it is decoded.
    return Buffer.from(this.#bytes.subarray(start, start + size - 1)).toString('utf8');
  }

  /** A natural number of any size, in decimal. */
  natText(ref: Ref): string {
    if (this.isScalar(ref)) return String(this.unbox(ref));
    if (this.tag(ref) !== TAG.mpz) throw new CorruptObjectError('not a natural number');
    const shown = this.#api.l_Nat_reprFast(this.retain(ref));
    const text = this.text(shown);
    this.release(shown);
    return text;
  }

  /** A natural number that must be small (an index or a count). */
  natNumber(ref: Ref): number {
    if (!this.isScalar(ref)) throw new CorruptObjectError('not a small natural number');
    return this.unbox(ref);
  }

  /** Adds one owner and returns the same reference. */
  retain(ref: Ref): Ref {
    if (this.isScalar(ref)) return ref;
    this.#reach(ref, 4);
    const count = this.#view.getInt32(ref, true);
    if (count > 0) this.#view.setInt32(ref, count + 1, true);
    else if (count < 0) Atomics.sub(this.#words, ref >> 2, 1);
    return ref;
  }

  /** Gives up one ownership. */
  release(ref: Ref): void {
    if (this.isScalar(ref)) return;
    this.#reach(ref, 4);
    const count = this.#view.getInt32(ref, true);
    if (count > 1) this.#view.setInt32(ref, count - 1, true);
    else if (count !== 0) this.#api.lean_dec_ref_cold(ref);
  }

  string(text: string): Ref {
    const length = Buffer.byteLength(text, 'utf8');
    return this.#withBytes(text, (address) => this.#api.lean_mk_string_from_bytes(address, length));
  }

  /** A natural number from its decimal digits. */
  nat(value: number | string): Ref {
    const small = Number(value);
    if (Number.isInteger(small) && small >= 0 && small < MAX_BOXED) return box(small);
    const digits = String(value);
    if (!/^\d+$/.test(digits)) throw new RangeError(`not a natural number: ${digits.slice(0, 40)}`);
    return this.#withBytes(digits, (address) => this.#api.lean_cstr_to_nat(address));
  }

  /** A constructor object with other fields here and there, which are taken over; the original is borrowed. */
  copyWith(ref: Ref, changed: Readonly<Record<number, Ref>>): Ref {
    const count = this.fieldCount(ref);
    const fields = Array.from(
      { length: count },
      (_, index) => changed[index] ?? this.retain(this.field(ref, index)),
    );
    const first = HEADER_BYTES + 4 * count;
    const size = this.byteAt(ref, 4) + 256 * this.byteAt(ref, 5);
    const scalars = Array.from({ length: size - first }, (_, index) => this.byteAt(ref, first + index));
    return this.make(this.tag(ref), fields, scalars);
  }

  /** A constructor object; takes ownership of the fields. */
  make(tag: number, fields: readonly Ref[], scalars: readonly number[] = []): Ref {
    const size = HEADER_BYTES + 4 * fields.length + scalars.length;
    const ref = this.#allocate(size, fields.length, tag);
    fields.forEach((value, i) => this.#view.setUint32(ref + HEADER_BYTES + 4 * i, value, true));
    scalars.forEach((value, i) => this.#view.setUint8(ref + HEADER_BYTES + 4 * fields.length + i, value));
    return ref;
  }

  /** An `Array`; takes ownership of the items. */
  array(items: readonly Ref[]): Ref {
    const ref = this.#allocate(HEADER_BYTES + 8 + 4 * items.length, 0, TAG.array);
    this.#view.setUint32(ref + HEADER_BYTES, items.length, true);
    this.#view.setUint32(ref + HEADER_BYTES + 4, items.length, true);
    items.forEach((item, i) => this.#view.setUint32(ref + HEADER_BYTES + 8 + 4 * i, item, true));
    return ref;
  }

  /** A `List`; takes ownership of the items. */
  listOf(items: readonly Ref[]): Ref {
    return items.reduceRight((tail, head) => this.make(1, [head, tail]), BOX_ZERO);
  }

  /** A name from its components; numbers make numeric components. */
  name(parts: readonly (string | number)[]): Ref {
    return parts.reduce<Ref>(
      (prefix, part) =>
        typeof part === 'string'
          ? this.#api.lean_name_mk_string(prefix, this.string(part))
          : this.#api.lean_name_mk_numeral(prefix, this.nat(part)),
      BOX_ZERO,
    );
  }

  /**
   * The value of an `IO` result, owned by the caller. (A `BaseIO` action cannot fail; this build returns its value bare.)
   * @throws LeanIOError with Lean's own message
   */
  io(result: Ref): Ref {
    const failed = this.tag(result) !== 0;
    const value = this.retain(this.field(result, 0));
    this.release(result);
    if (!failed) return value;
    const shown = this.#api.lean_io_error_to_string(value);
    const message = this.text(shown);
    this.release(shown);
    throw new LeanIOError(message);
  }

  u32(address: number): number {
    this.#reach(address, 4);
    return this.#view.getUint32(address, true);
  }

  byteAt(ref: Ref, offset: number): number {
    this.#reach(ref + offset, 1);
    return this.#view.getUint8(ref + offset);
  }

  /** Shared memory that has grown leaves its old views good for what they cover: new ones are made for what lies beyond. */
  #reach(address: number, bytes: number): void {
    if (address >= LOWEST_ADDRESS && address + bytes <= this.#end) return;
    const { buffer } = this.#memory;
    if (address < LOWEST_ADDRESS || address + bytes > buffer.byteLength)
      throw new CorruptObjectError(`address ${address}`);
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#end = buffer.byteLength;
  }

  #allocate(size: number, objects: number, tag: number): Ref {
    const rounded = (size + 7) & ~7;
    const ref = this.#api.lean_alloc_object(rounded);
    this.#reach(ref, rounded);
    this.#view.setInt32(ref, 1, true);
    // Only small objects note their size, by which they are freed; big ones know it from their allocation.
    this.#view.setUint16(ref + 4, tag === TAG.array ? 0 : rounded, true);
    this.#view.setUint8(ref + 6, objects);
    this.#view.setUint8(ref + 7, tag);
    return ref;
  }

  #withBytes(text: string, use: (address: number) => Ref): Ref {
    const bytes = Buffer.from(`${text}\0`, 'utf8');
    const address = this.#api.malloc(bytes.length);
    if (address === 0) throw new RangeError('Lean is out of memory');
    this.#reach(address, bytes.length);
    this.#bytes.set(bytes, address);
    const ref = use(address);
    this.#api.free(address);
    return ref;
  }
}

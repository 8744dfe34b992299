import type { LeanApi } from './api.ts';
import { LeanBundleError } from './errors.ts';

/** What is used of WebAssembly's memory; its buffer is replaced where it grows. */
interface Memory {
  readonly buffer: SharedArrayBuffer;
}

/**
 * Bytes; no page of it is taken before it is used. The calls that V8's own stack has room for (4 MB, which V8 guards) took at most a
 * quarter of that here in all that was tried.
 */
const STACK_BYTES = 16 * 1024 * 1024;
/** Bytes at its end that nothing may ever touch; no frame of the module's is a seventh as large. */
const GUARD_BYTES = 64 * 1024;
const GUARD = Buffer.alloc(GUARD_BYTES, 0x5c);
const ALIGNMENT = 16;

/**
 * The stack that compiled C++ keeps in WebAssembly's memory, beside V8's. The module comes with one of 64 KiB for the thread that
 * starts it, right above its static data, and nothing stops it there: some hundred calls deep, the kernel would write over
 * the constants that it works with, and go on. So the thread gets another, which V8's ends before, and whose end is watched.
 */
export class LinearStack {
  readonly #memory: Memory;
  /** Addresses; it grows from the base to the end. */
  readonly base: number;
  readonly end: number;

  private constructor(memory: Memory, { base, end }: { readonly base: number; readonly end: number }) {
    this.#memory = memory;
    this.base = base;
    this.end = end;
  }

  /**
   * Gives the calling thread its stack; nothing of Lean may have run before.
   * @throws LeanBundleError where there is no memory for it
   */
  static replace(
    api: Pick<LeanApi, 'malloc' | 'emscripten_stack_set_limits' | '_emscripten_stack_restore'>,
    memory: Memory,
  ): LinearStack {
    const start = api.malloc(STACK_BYTES);
    if (start === 0) throw new LeanBundleError('start', 'no memory for the stack');
    const end = Math.ceil(start / ALIGNMENT) * ALIGNMENT;
    // Some bytes below the block's end, behind which the allocator keeps its own.
    const base = Math.floor((start + STACK_BYTES) / ALIGNMENT - 1) * ALIGNMENT;
    new Uint8Array(memory.buffer, end, GUARD_BYTES).set(GUARD);
    api.emscripten_stack_set_limits(base, end);
    api._emscripten_stack_restore(base);
    return new LinearStack(memory, { base, end });
  }

  /** Whether it has never come to its end: where it has, what lies below may have been written over. */
  get isWhole(): boolean {
    return Buffer.from(this.#memory.buffer, this.end, GUARD_BYTES).equals(GUARD);
  }

  /** @throws RangeError where it is not whole */
  check(): void {
    if (!this.isWhole) throw new RangeError("the stack in WebAssembly's memory was full");
  }
}

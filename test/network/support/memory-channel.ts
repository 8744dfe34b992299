import { PeerTooSlowError, ProtocolViolationError, StreamEndedError } from '../../../core/network/errors.ts';
import {
  PREFIX_BYTES,
  type FrameChannel,
  type ReadOptions,
  type WriteOptions,
} from '../../../core/network/wire/channel.ts';
import { race } from '../../../core/network/wire/race.ts';

/** One end of a channel in memory, with the same manners as a stream's. */
export class MemoryChannel implements FrameChannel {
  bytesIn = 0;
  bytesOut = 0;
  readonly #frames: Uint8Array[] = [];
  readonly #wake = new Set<() => void>();
  #other: MemoryChannel | undefined;
  #ended = false;
  #error: Error | undefined;
  /** Breaks the channel once so many frames have been written. */
  breakAfter = Infinity;

  static pair(): [MemoryChannel, MemoryChannel] {
    const left = new MemoryChannel();
    const right = new MemoryChannel();
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  get error(): Error | undefined {
    return this.#error;
  }

  async read(options: ReadOptions): Promise<Uint8Array | undefined> {
    const deadline = Date.now() + options.timeoutMs;
    for (;;) {
      options.signal?.throwIfAborted();
      const frame = this.#frames.shift();
      if (frame !== undefined) {
        this.bytesIn += frame.length + PREFIX_BYTES;
        if (frame.length > options.maxBytes)
          throw new ProtocolViolationError('oversized', `${frame.length} bytes`);
        return frame;
      }
      if (this.#error !== undefined) throw new StreamEndedError('reset', this.#error);
      if (this.#ended) return undefined;
      const outcome = await race(
        (wake) => this.#wake.add(wake),
        (wake) => this.#wake.delete(wake),
        {
          milliseconds: deadline - Date.now(),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
      );
      if (outcome === 'late') throw new PeerTooSlowError('a frame did not arrive in time');
    }
  }

  async write(frame: Uint8Array, options: WriteOptions): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.breakAfter-- <= 0) this.abort(new Error('the connection broke'));
    if (this.#error !== undefined) throw new StreamEndedError('reset', this.#error);
    this.bytesOut += frame.length + PREFIX_BYTES;
    this.#other?.receive(frame);
    await Promise.resolve();
  }

  receive(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  close(): Promise<void> {
    this.#other?.end();
    return Promise.resolve();
  }

  abort(error: Error): void {
    for (const end of [this, this.#other]) {
      if (end === undefined || end.#error !== undefined) continue;
      end.#error = error;
      end.#notify();
    }
  }

  #notify(): void {
    for (const wake of this.#wake) wake();
  }
}

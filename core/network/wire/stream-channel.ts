import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';
import { PeerTooSlowError, ProtocolViolationError, StreamEndedError } from '../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { PREFIX_BYTES, type FrameChannel, type ReadOptions, type WriteOptions } from './channel.ts';
import { Deadline } from './deadline.ts';
import { race } from './race.ts';

/** Unread bytes above which the stream is paused, so that the sender's window closes. */
const HIGH_WATER = 256 * 1024;

/**
 * Frames over a libp2p stream. Not built on the stream's own iterator, which buffers without bound, nor on `onDrain`,
 * which in @libp2p/utils waits for the first drain only.
 */
export class StreamChannel implements FrameChannel {
  readonly #stream: Stream;
  readonly #queue = new ByteQueue();
  readonly #wake = new Set<() => void>();
  /** Bytes that the reader waits for. */
  #wanted = 0;
  #ended = false;
  #error: Error | undefined;
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
    stream.addEventListener('message', this.#onMessage);
    stream.addEventListener('end', this.#onEnd);
    stream.addEventListener('close', this.#onClose);
    stream.addEventListener('drain', this.#notify);
    if (stream.readableEnded) this.#ended = true;
  }

  get bytesIn(): number {
    return this.#bytesIn;
  }

  get bytesOut(): number {
    return this.#bytesOut;
  }

  async read(options: ReadOptions): Promise<Uint8Array | undefined> {
    const deadline = new Deadline(options.timeoutMs);
    if (!(await this.#await(PREFIX_BYTES, deadline, options.signal))) {
      if (this.#queue.length === 0) return undefined;
      throw new StreamEndedError('within a frame');
    }
    const length = Buffer.from(this.#queue.take(PREFIX_BYTES)).readUInt32BE();
    if (length > options.maxBytes) {
      throw new ProtocolViolationError(
        'oversized',
        `a frame of ${length} bytes, at most ${options.maxBytes}`,
      );
    }
    if (!(await this.#await(length, deadline, options.signal))) throw new StreamEndedError('within a frame');
    return this.#queue.take(length);
  }

  async write(frame: Uint8Array, options: WriteOptions): Promise<void> {
    if (this.#error !== undefined) throw new StreamEndedError('reset', this.#error);
    const bytes = Buffer.allocUnsafe(PREFIX_BYTES + frame.length);
    bytes.writeUInt32BE(frame.length);
    bytes.set(frame, PREFIX_BYTES);
    try {
      this.#stream.send(bytes);
    } catch (error) {
      throw new StreamEndedError('not writable', error);
    }
    this.#bytesOut += bytes.length;
    const deadline = new Deadline(options.timeoutMs);
    while (this.#stream.writableNeedsDrain) {
      if (this.#stream.status !== 'open') throw new StreamEndedError(this.#stream.status, this.#error);
      await this.#change(deadline, options.signal, 'nothing of what was sent is read');
    }
  }

  async close(): Promise<void> {
    if (this.#stream.writeStatus !== 'writable') return;
    await this.#stream.close().catch((error: unknown) => this.abort(error as Error));
  }

  abort(error: Error): void {
    this.#error ??= error;
    this.#queue.clear();
    this.#stream.abort(error);
    this.#notify();
  }

  readonly #notify = (): void => {
    for (const wake of this.#wake) wake();
  };

  readonly #onMessage = (event: StreamMessageEvent): void => {
    const bytes = event.data.subarray();
    this.#bytesIn += bytes.length;
    this.#queue.push(bytes);
    if (this.#queue.length >= Math.max(HIGH_WATER, this.#wanted) && this.#stream.readStatus === 'readable') {
      this.#stream.pause();
    }
    this.#notify();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#notify();
  };

  readonly #onClose = (event: StreamCloseEvent): void => {
    this.#error ??= event.error;
    this.#notify();
  };

  /** Whether `count` bytes are there; false where the other side ended before. */
  async #await(count: number, deadline: Deadline, signal: AbortSignal | undefined): Promise<boolean> {
    this.#wanted = count;
    while (this.#queue.length < count) {
      if (this.#stream.readStatus === 'paused') {
        this.#stream.resume();
        continue;
      }
      if (this.#error !== undefined) throw new StreamEndedError('reset', this.#error);
      if (this.#ended) return false;
      if (this.#stream.status === 'closed' && this.#stream.readBufferLength === 0) return false;
      await this.#change(deadline, signal, 'a frame did not arrive in time');
    }
    return true;
  }

  async #change(deadline: Deadline, signal: AbortSignal | undefined, late: string): Promise<void> {
    const outcome = await race(
      (wake) => this.#wake.add(wake),
      (wake) => this.#wake.delete(wake),
      {
        milliseconds: deadline.leftMs,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (outcome === 'late' && deadline.leftMs <= 0) throw new PeerTooSlowError(late);
  }
}

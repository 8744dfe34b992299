/**
 * Length-prefixed frames between two peers: what the protocols are written against, so that they run over a libp2p
 * stream and, in tests, in memory alike. One reader and one writer at a time.
 */
export interface FrameChannel {
  /** Bytes so far, prefixes included. */
  readonly bytesIn: number;
  readonly bytesOut: number;

  /**
   * The next frame, or undefined where the other side has ended its half properly.
   * @throws ProtocolViolationError (oversized), PeerTooSlowError, StreamEndedError, or the signal's reason
   */
  read(options: ReadOptions): Promise<Uint8Array | undefined>;

  /**
   * Returns when there is room for the next frame.
   * @throws PeerTooSlowError where the other side does not read, StreamEndedError, or the signal's reason
   */
  write(frame: Uint8Array, options: WriteOptions): Promise<void>;

  /** Ends this half; the other may still be read. */
  close(): Promise<void>;

  /** Ends both halves at once. Idempotent. */
  abort(error: Error): void;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Within which the whole frame must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface WriteOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Bytes of the length that stands before each frame: an unsigned 32-bit integer, big end first. */
export const PREFIX_BYTES = 4;

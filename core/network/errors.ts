import { whyNotListening } from '../process/index.ts';
import type { Offence } from './reputation/offences.ts';

/** A peer broke a protocol; `offence` is what it is blamed for. */
export class ProtocolViolationError extends Error {
  override readonly name = 'ProtocolViolationError';
  readonly offence: Offence;
  readonly detail: string;

  constructor(offence: Offence, detail: string) {
    super(`${offence}: ${detail}`);
    this.offence = offence;
    this.detail = detail;
  }
}

/**
 * A peer did not send, or did not read, in time. A busy machine does that too: it is left alone for a while, and nothing is
 * held against it.
 */
export class PeerTooSlowError extends Error {
  override readonly name = 'PeerTooSlowError';
}

/** The other side ended or reset the stream before the exchange was complete; nobody is to blame. */
export class StreamEndedError extends Error {
  override readonly name = 'StreamEndedError';

  constructor(detail: string, cause?: unknown) {
    super(`the stream ended: ${detail}`, { cause });
  }
}

/** The thread that keeps the sets of keys has ended, and they with it; they are built anew. */
export class SyncThreadError extends Error {
  override readonly name = 'SyncThreadError';

  constructor(detail: string, cause?: unknown) {
    super(`the thread that reconciles has ended: ${detail}`, { cause });
  }
}

/** The network is not running, or is being stopped. */
export class NetworkStoppedError extends Error {
  override readonly name = 'NetworkStoppedError';

  constructor() {
    super('the network is stopped');
  }
}

/** What is to be announced does not fit into one announcement. */
export class AnnouncementTooLargeError extends Error {
  override readonly name = 'AnnouncementTooLargeError';
  readonly bytes: number;
  readonly maximum: number;

  constructor(bytes: number, maximum: number) {
    super(`the announcement has ${bytes} bytes, at most ${maximum} are allowed`);
    this.bytes = bytes;
    this.maximum = maximum;
  }
}

/** The environment was not among those the network was started with. */
export class UnknownEnvironmentError extends Error {
  override readonly name = 'UnknownEnvironmentError';

  constructor(environment: string) {
    super(`the network was not started for ${environment}`);
  }
}

/** Addresses to listen on could not be bound; `cause` is what libp2p says of them. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly addresses: readonly string[];

  constructor(addresses: readonly string[], cause: unknown) {
    const defects = listenDefects(cause);
    super(
      defects.length === 0
        ? `cannot listen on ${addresses.join(', ')}: ${whyNotListening(cause)}`
        : `cannot listen on ${defects.join('; ')}; choose another in the settings or with --listen`,
      { cause },
    );
    this.addresses = addresses;
  }
}

/** Which addresses failed, and why: libp2p tells it in its message alone, with the stacks. */
function listenDefects(cause: unknown): string[] {
  if (!(cause instanceof Error) || cause.name !== 'UnsupportedListenAddressesError') return [];
  return [...cause.message.matchAll(/^ {2}(\/\S+): (.*)$/gm)].map(([, address = '', why = '']) => {
    if (why.startsWith('UnsupportedListenAddressError')) return `${address}: this node has no such transport`;
    return `${address}: ${whyNotListening(why)}`;
  });
}

import type { StreamMessage } from '../wire.ts';

export type TransportMessage =
  | StreamMessage
  /** The connection is gone; the transport tries again by itself and then sends a snapshot or the missing events. */
  | { readonly kind: 'disconnected'; readonly detail: string };

export type TransportListener = (message: TransportMessage) => void;

/** A way to a node: Electron's message port, HTTP on loopback, or a call in the same process. */
export interface ApiTransport {
  /**
   * @throws ApiError; where the signal is aborted its reason
   */
  call(command: string, input: unknown, signal?: AbortSignal): Promise<unknown>;

  /** Begins with a snapshot. Returns its undo. */
  subscribe(listener: TransportListener): () => void;
}

import type { ContentId, PeerId } from '../record/index.ts';
import type { Offence } from './reputation/offences.ts';

export type Transport = 'tcp' | 'websocket' | 'other';

/** How a peer is connected at this moment. */
export interface ConnectionDescription {
  readonly peer: PeerId;
  /** The remote multiaddr. */
  readonly address: string;
  readonly transport: Transport;
  /** Whether a relay stands between. */
  readonly relayed: boolean;
  readonly direction: 'inbound' | 'outbound';
}

/** Why an announcement was not taken. */
export type AnnouncementRefusal =
  | 'malformed'
  | 'oversized'
  | 'wrong-topic'
  | 'unknown-kind'
  | 'outside-window'
  | 'replay'
  | 'flood'
  | 'invalid';

export type NetworkEvent =
  | { readonly type: 'started'; readonly peer: PeerId; readonly addresses: readonly string[] }
  | { readonly type: 'addresses-changed'; readonly addresses: readonly string[] }
  | { readonly type: 'stopped' }
  | ({ readonly type: 'connection-opened' } & ConnectionDescription)
  | ({ readonly type: 'connection-closed' } & ConnectionDescription)
  | { readonly type: 'peer-connected'; readonly peer: PeerId }
  | { readonly type: 'peer-disconnected'; readonly peer: PeerId }
  /** Observed, not assumed: a direct connection came up beside a relayed one, by hole punching or by a plain dial. */
  | { readonly type: 'upgraded-to-direct'; readonly peer: PeerId; readonly address: string }
  | {
      readonly type: 'announcement-refused';
      /** Who sent it to us. */
      readonly peer: PeerId;
      readonly author: PeerId;
      readonly reason: AnnouncementRefusal;
    }
  | {
      readonly type: 'record-received';
      readonly id: ContentId;
      readonly from: PeerId;
      readonly vouched: boolean;
    }
  /** Nobody who was said to have it gave it; the next reconciliation finds it again. */
  | { readonly type: 'record-unavailable'; readonly id: ContentId }
  /** The store could not say what is missing, or could not take a record; it is asked again later. */
  | { readonly type: 'store-failed'; readonly reason: string }
  | { readonly type: 'index-built'; readonly records: number; readonly milliseconds: number }
  /** The store's keys, or those of the side set that the reason begins with, could not be read. They are read again, and not reconciled until then. */
  | { readonly type: 'index-failed'; readonly reason: string }
  /** The thread that keeps the keys has ended. They are read again, and nothing is reconciled until then. */
  | { readonly type: 'index-lost'; readonly reason: string }
  | { readonly type: 'sync-started'; readonly peer: PeerId; readonly initiator: boolean }
  | {
      readonly type: 'sync-progress';
      readonly peer: PeerId;
      /** Records held here, and what the peer said it holds. */
      readonly here: number;
      readonly there: number;
      /** Records found to be missing here, and there, so far in this session. */
      readonly needed: number;
      readonly offered: number;
    }
  | ({ readonly type: 'sync-finished'; readonly peer: PeerId } & SyncSummary)
  | { readonly type: 'sync-failed'; readonly peer: PeerId; readonly reason: string }
  | {
      readonly type: 'peer-penalised';
      readonly peer: PeerId;
      readonly offence: Offence;
      readonly points: number;
      readonly detail: string;
    }
  | {
      readonly type: 'peer-cut-off';
      readonly peer: PeerId;
      readonly offence: Offence;
      /** Milliseconds since 1970. */
      readonly until: number;
      readonly detail: string;
    }
  /** It kept this node waiting, is left alone for so long, and is not blamed. */
  | {
      readonly type: 'peer-set-aside';
      readonly peer: PeerId;
      readonly milliseconds: number;
      readonly detail: string;
    }
  | { readonly type: 'reputation-damaged'; readonly file: string; readonly detail: string }
  /** Most peers' clocks differ from this one by about as much: this one is probably wrong. */
  | { readonly type: 'clock-off'; readonly milliseconds: number };

export interface SyncSummary {
  /** Whether both sides now know of all differences; otherwise the next session goes on. */
  readonly complete: boolean;
  readonly roundTrips: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly needed: number;
  readonly offered: number;
  readonly milliseconds: number;
}

export type NetworkListener = (event: NetworkEvent) => void;
export type Emit = NetworkListener;

/** Hands each event to every listener. A listener that throws keeps no other from hearing it. */
export class EventHub {
  readonly #listeners = new Set<NetworkListener>();

  readonly emit: Emit = (event) => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  subscribe(listener: NetworkListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2';
import type { Libp2p, Libp2pEvents } from '@libp2p/interface';
import type { NetworkSettings } from '../settings.ts';
import { Buckets, TokenBucket } from '../wire/token-bucket.ts';

type RelaySettings = NetworkSettings['relayServer'];
type RelayFactory = (...args: Parameters<ReturnType<typeof circuitRelayServer>>) => CircuitRelayService;

/** libp2p's relay (circuit relay v2) within the settings' bounds; how often it relays is `RelayAdmission`'s to say. */
export function relayServer(settings: RelaySettings): RelayFactory {
  return circuitRelayServer({
    maxInboundHopStreams: settings.connectionsPerPeer,
    maxOutboundStopStreams: settings.connectionsPerPeer,
    reservations: {
      maxReservations: settings.reservations,
      reservationTtl: settings.reservationMs,
      defaultDataLimit: BigInt(settings.connectionBytes),
      defaultDurationLimit: settings.connectionMs,
    },
  });
}

/** libp2p bounds each relayed connection, not how many there are one after another. */
export class RelayAdmission {
  readonly #all: TokenBucket;
  readonly #bySource: Buckets;

  constructor({ connections, connectionsOfPeer }: RelaySettings, now = performance.now()) {
    this.#all = new TokenBucket(connections, now);
    this.#bySource = new Buckets(connectionsOfPeer);
  }

  /** Whether a connection is relayed for this peer now; it counts if it is. */
  admits(source: string, now = performance.now()): boolean {
    return this.#bySource.take(source, 1, now) && this.#all.take(1, now);
  }
}

/** A peer that is gone leaves its place to others; libp2p keeps it until the reservation ends. Returns its undo. */
export function releaseReservations(node: Libp2p<{ relay?: CircuitRelayService }>): () => void {
  const onDisconnect = ({ detail: peer }: Libp2pEvents['peer:disconnect']): void => {
    const reservations = node.services.relay?.reservations;
    // Its end must not take away one that the peer makes when it is back.
    reservations?.get(peer)?.signal.clear();
    reservations?.delete(peer);
  };
  node.addEventListener('peer:disconnect', onDisconnect);
  return () => node.removeEventListener('peer:disconnect', onDisconnect);
}

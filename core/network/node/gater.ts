import type { ConnectionGater, PeerId } from '@libp2p/interface';
import { isPeerId } from '../../record/index.ts';

export interface GaterInit {
  readonly isDenied: (peer: string) => boolean;
  /** Whether a connection is relayed for this peer; it counts if it is. */
  readonly mayRelay: (source: string) => boolean;
}

/**
 * Refuses peers that are cut off: to dial them, to be dialled, to relay for them and to be reached through them; and peers whose
 * key is not an Ed25519 one, as everything else that has to do with peers takes no others.
 */
export function denyingGater({ isDenied, mayRelay }: GaterInit): ConnectionGater {
  const denied = (peer: PeerId): boolean => {
    const name = peer.toString();
    return !isPeerId(name) || isDenied(name);
  };
  return {
    denyDialPeer: denied,
    denyInboundEncryptedConnection: denied,
    denyOutboundEncryptedConnection: denied,
    denyInboundRelayReservation: denied,
    denyOutboundRelayedConnection: (source, destination) =>
      denied(source) || denied(destination) || !mayRelay(source.toString()),
    denyInboundRelayedConnection: (relay, remote) => denied(relay) || denied(remote),
  };
}

import type { ConnectionGater, PeerId } from '@libp2p/interface';

/** Refuses peers that are cut off: to dial them, to be dialled, to relay for them and to be reached through them. */
export function denyingGater(isDenied: (peer: string) => boolean): ConnectionGater {
  const denied = (peer: PeerId): boolean => isDenied(peer.toString());
  return {
    denyDialPeer: denied,
    denyInboundEncryptedConnection: denied,
    denyOutboundEncryptedConnection: denied,
    denyInboundRelayReservation: denied,
    denyOutboundRelayedConnection: (source, destination) => denied(source) || denied(destination),
    denyInboundRelayedConnection: (relay, remote) => denied(relay) || denied(remote),
  };
}

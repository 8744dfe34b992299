import { autoNAT } from '@libp2p/autonat';
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2';
import { dcutr } from '@libp2p/dcutr';
import type { GossipSub, GossipSubComponents } from '@libp2p/gossipsub';
import { identify, identifyPush } from '@libp2p/identify';
import { kadDHT, passthroughMapper, type KadDHT } from '@libp2p/kad-dht';
import { ping, type Ping } from '@libp2p/ping';
import type { ServiceFactoryMap } from 'libp2p';
import type { NetworkSettings } from '../settings.ts';
import { relayServer } from './relay-server.ts';

/** What the rest of the network uses; the others work by themselves. */
export type NodeServices = Record<string, unknown> & {
  pubsub: GossipSub;
  ping: Ping;
  dht?: KadDHT;
  relay?: CircuitRelayService;
};

/** Apart from the public IPFS network, whose peers know nothing of proofs. */
const DHT_PROTOCOL = '/proofswarm/kad/1.0.0';

/** The libp2p services that the settings ask for. */
export async function nodeServices(
  settings: NetworkSettings,
  gossip: (components: GossipSubComponents) => GossipSub,
): Promise<ServiceFactoryMap<NodeServices>> {
  // Loaded where it is wanted only: it takes as much memory as a node with its connections.
  const upnp = settings.upnp ? await import('@libp2p/upnp-nat') : undefined;
  return {
    identify: identify(),
    identifyPush: identifyPush(),
    ping: ping(),
    pubsub: gossip,
    dcutr: dcutr(),
    ...(settings.dht
      ? {
          dht: kadDHT({
            protocol: DHT_PROTOCOL,
            // Swarms on one local network are as good as public ones: addresses are not sorted out.
            peerInfoMapper: passthroughMapper,
            // Unset, a node serves as soon as it has a public address.
            ...(settings.privateDht ? { clientMode: false } : {}),
          }),
        }
      : {}),
    ...(settings.autonat ? { autonat: autoNAT() } : {}),
    ...(upnp === undefined ? {} : { upnp: upnp.uPnPNAT() }),
    ...(settings.relayServer.enabled ? { relay: relayServer(settings.relayServer) } : {}),
  };
}

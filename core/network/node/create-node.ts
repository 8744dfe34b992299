import { noise } from '@libp2p/noise';
import { bootstrap } from '@libp2p/bootstrap';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { GossipSub, GossipSubComponents } from '@libp2p/gossipsub';
import type { ConnectionGater, Libp2p } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import type { Identity } from '../../record/index.ts';
import type { NetworkSettings } from '../settings.ts';
import { carefulYamux } from './muxer.ts';
import { nodeServices, type NodeServices } from './services.ts';

export type SwarmNode = Libp2p<NodeServices>;

export interface NodeComponents {
  readonly identity: Identity;
  readonly gater: ConnectionGater;
  readonly gossip: (components: GossipSubComponents) => GossipSub;
}

/** Own name, so that peers of other libp2p networks in the house are not dialled. */
const MDNS_SERVICE = '_proofswarm._udp.local';
/** Largest receive window of one stream; what a paused stream may hold. libp2p's own default is 16 MiB. */
const MAX_STREAM_WINDOW = 1024 * 1024;
const BOOTSTRAP_DELAY_MS = 100;

/** A libp2p node as the settings say, not yet started. Its peer id is the identity's. */
export async function createNode(components: NodeComponents, settings: NetworkSettings): Promise<SwarmNode> {
  const privateKey = await generateKeyPairFromSeed('Ed25519', components.identity.secretKey);
  const contacts = [...settings.bootstrap, ...settings.relays];
  const discovery: NonNullable<Libp2pOptions['peerDiscovery']> = [];
  if (settings.mdns) discovery.push(mdns({ serviceTag: MDNS_SERVICE }));
  if (contacts.length > 0) discovery.push(bootstrap({ list: contacts, timeout: BOOTSTRAP_DELAY_MS }));
  return createLibp2p<NodeServices>({
    start: false,
    privateKey,
    nodeInfo: { name: 'proofswarm', version: '1' },
    addresses: {
      listen: settings.relays.length > 0 ? [...settings.listen, '/p2p-circuit'] : settings.listen,
      appendAnnounce: settings.announce,
    },
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [carefulYamux({ streamOptions: { maxStreamWindowSize: MAX_STREAM_WINDOW } })],
    connectionGater: components.gater,
    connectionManager: {
      maxConnections: settings.maxConnections,
      inboundConnectionThreshold: settings.inboundPerHost,
      maxIncomingPendingConnections: 16,
      // Redialling is `KeepConnected`'s, which never gives up.
      reconnectRetries: 1,
    },
    peerDiscovery: discovery,
    services: await nodeServices(settings, components.gossip),
  });
}

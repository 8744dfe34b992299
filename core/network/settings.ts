import { multiaddr } from '@multiformats/multiaddr';
import { z } from 'zod';
import { environmentSchema } from '../record/index.ts';

const multiaddrSchema = z
  .string()
  .max(1000)
  .refine((text) => isMultiaddr(text), 'expected a multiaddr, such as /ip4/127.0.0.1/tcp/4001');

/** Where a peer is and who it is. */
const peerAddressSchema = multiaddrSchema.refine(
  (text) => /\/p2p\/[^/]+$/.test(text),
  'expected a multiaddr that ends in /p2p/<peer id>',
);

const count = z.int().min(0);
const rateSchema = z.strictObject({ perSecond: z.number().positive(), burst: z.number().positive() });

/** How a node takes part in the swarm. Every field has a default; `networkSettingsSchema.parse({})` is a whole node. */
export const networkSettingsSchema = z.strictObject({
  /** Addresses to listen on; none for a node that only dials. */
  listen: z.array(multiaddrSchema).max(32).default(['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/tcp/0/ws']),
  /** Public addresses to tell others beside those that are found out. */
  announce: z.array(multiaddrSchema).max(32).default([]),
  /** Peers to begin with; redialled whenever they are gone. */
  bootstrap: z.array(peerAddressSchema).max(100).default([]),
  /** Relays to be reachable through; redialled, and asked for a new reservation, whenever they are gone. */
  relays: z.array(peerAddressSchema).max(16).default([]),
  /** Environments whose announcements are exchanged. */
  environments: z.array(environmentSchema).max(64).default([]),
  /** Finds peers on the local network. */
  mdns: z.boolean().default(true),
  /** Finds peers through others. */
  dht: z.boolean().default(true),
  /** Serves the DHT even where this node has no public address: for a swarm in a network of its own. */
  privateDht: z.boolean().default(false),
  /** Asks others whether this node can be dialled. */
  autonat: z.boolean().default(true),
  /** Asks the router for a port. */
  upnp: z.boolean().default(false),
  /** Lets peers behind NAT be reached through this node, within these bounds. */
  relayServer: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** Peers that can be reached through this node at one time. */
      reservations: count.min(1).default(64),
      /** A peer that wants to stay reachable asks again before so long, in milliseconds. */
      reservationMs: count.min(60_000).default(3_600_000),
      /** Relayed connections of one peer at one time: those it has made, and those it is reached by. */
      connectionsPerPeer: count.min(1).default(16),
      /** Relayed connections that are made. With `connectionBytes` it bounds the traffic: 2 MiB a second on average. */
      connections: rateSchema.default({ perSecond: 0.25, burst: 64 }),
      /** Those that one peer makes. */
      connectionsOfPeer: rateSchema.default({ perSecond: 1 / 30, burst: 16 }),
      /** Of one relayed connection, both ways together: reconciliation and some records. libp2p's own default is 128 KiB. */
      connectionBytes: count.min(1024).default(8 * 1024 * 1024),
      /** A relayed connection ends after so long, in milliseconds. libp2p's own default is 2 minutes. */
      connectionMs: count.min(1000).default(15 * 60_000),
    })
    .prefault({}),
  maxConnections: count.min(1).default(150),
  /** Below so many peers, known ones are dialled. */
  minPeers: count.default(8),
  /** Connections that one host may open each second. */
  inboundPerHost: count.min(1).default(5),
  announcements: z
    .strictObject({
      /** Of one author, whoever passes them on. */
      perAuthor: rateSchema.default({ perSecond: 10, burst: 100 }),
      /** That one peer passes on. */
      perPeer: rateSchema.default({ perSecond: 100, burst: 1000 }),
      /** Gossip bytes of one peer, repeats and control messages included. */
      bytesPerPeer: rateSchema.default({ perSecond: 128 * 1024, burst: 2 * 1024 * 1024 }),
      /** An announcement is taken this long before and after it was made, in milliseconds. */
      windowMs: count.min(1000).default(60_000),
    })
    .prefault({}),
  records: z
    .strictObject({
      /** Peers that are asked at once. */
      maxPeers: count.min(1).default(6),
      /** Records that may wait to be fetched. */
      capacity: count.min(1).default(8192),
      /** Bytes that one peer may have. */
      bytesPerPeer: rateSchema.default({ perSecond: 4 * 1024 * 1024, burst: 32 * 1024 * 1024 }),
      frameTimeoutMs: count.min(100).default(10_000),
      answerTimeoutMs: count.min(100).default(45_000),
    })
    .prefault({}),
  sync: z
    .strictObject({
      /** Time between reconciliations with one peer, in milliseconds. */
      intervalMs: count.min(100).default(60_000),
      /** After records came in, peers are reconciled with this soon, in milliseconds. */
      settleMs: count.default(5000),
      /** Sessions that others may hold with this node at once. */
      maxInbound: count.min(1).default(8),
      frameTimeoutMs: count.min(100).default(20_000),
      sessionTimeoutMs: count.min(1000).default(600_000),
    })
    .prefault({}),
});

export type NetworkSettings = z.infer<typeof networkSettingsSchema>;
/** What may be left out takes its default. */
export type NetworkSettingsInput = z.input<typeof networkSettingsSchema>;

function isMultiaddr(text: string): boolean {
  try {
    multiaddr(text);
    return true;
  } catch {
    return false;
  }
}

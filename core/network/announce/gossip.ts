import {
  gossipsub,
  StrictSign,
  type GossipSub,
  type GossipsubOpts,
  type GossipSubComponents,
} from '@libp2p/gossipsub';
import type { Connection, Stream, StreamHandler } from '@libp2p/interface';

type Registrar = GossipSubComponents['registrar'];

export interface GossipComponents {
  /** Points that are held against a peer; see `CUT_OFF_POINTS`. */
  readonly pointsOf: (peer: string) => number;
  /** Called with every chunk that comes in over gossip, whatever it holds. */
  readonly onBytes: (peer: string, bytes: number) => void;
}

export interface GossipInit {
  readonly topics: readonly string[];
}

/**
 * One RPC may answer a request for several seconds' messages at once, and gossipsub does not cut RPCs: a smaller limit
 * would end the stream to an honest peer. What a peer sends over time is metered besides.
 */
const MAX_RPC_BYTES = 1024 * 1024;
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

type TopicScores = NonNullable<NonNullable<GossipsubOpts['scoreParams']>['topics']>[string];

/**
 * Time in the mesh and first deliveries give at most +3. Undelivered messages cost nothing, as topics are often silent.
 * Two invalid messages within minutes outweigh it all and reach the gray list.
 */
const TOPIC_SCORES: TopicScores = {
  topicWeight: 1,
  timeInMeshWeight: 0.1,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 10,
  firstMessageDeliveriesWeight: 0.1,
  firstMessageDeliveriesDecay: 0.95,
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 1,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 5000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -30,
  invalidMessageDeliveriesDecay: 0.99,
};

/** Below this score a peer's gossip is not read at all. */
export const GRAYLIST_SCORE = -80;
/**
 * What one point against a peer is in its score: enough to keep it out of meshes, and so little that its gossip is read
 * until it is cut off. Who was not read any more could not be blamed any more either, and would stay.
 */
export const POINT_SCORE = -0.1;

/** Gossipsub with signed messages, the topics known beforehand, every message bounded, and every byte metered. */
export const meteredGossip =
  (components: GossipComponents, init: GossipInit) =>
  (libp2p: GossipSubComponents): GossipSub =>
    gossipsub({
      globalSignaturePolicy: StrictSign,
      allowedTopics: [...init.topics],
      // A message comes once from every neighbour: repeats are known before their signature is checked again.
      fastMsgIdFn: ({ signature }) => Buffer.from(signature ?? []).toString('base64'),
      allowPublishToZeroTopicPeers: true,
      fallbackToFloodsub: false,
      emitSelf: false,
      doPX: false,
      // A relayed connection may be the only one, and announcements are small.
      runOnLimitedConnection: true,
      maxInboundStreams: 2,
      maxInboundDataLength: MAX_RPC_BYTES,
      maxOutboundBufferSize: MAX_UNSENT_BYTES,
      awaitRpcHandler: true,
      // It would be said of each message before the validator has looked at it: a node that others flood would flood in turn.
      idontwantMinDataSize: Number.POSITIVE_INFINITY,
      decodeRpcLimits: {
        maxSubscriptions: 256,
        maxMessages: 1000,
        maxControlMessages: 512,
        maxIhaveMessageIDs: 5000,
        maxIwantMessageIDs: 5000,
        maxIdontwantMessageIDs: 512,
        maxPeerInfos: 16,
      },
      scoreParams: {
        topics: Object.fromEntries(init.topics.map((topic) => [topic, TOPIC_SCORES])),
        topicScoreCap: 10,
        appSpecificScore: components.pointsOf,
        appSpecificWeight: POINT_SCORE,
        // Volunteers of one school share an address; what one address may cost us is limited elsewhere.
        IPColocationFactorWeight: 0,
        behaviourPenaltyWeight: -10,
        behaviourPenaltyThreshold: 6,
        behaviourPenaltyDecay: 0.9,
      },
      scoreThresholds: {
        gossipThreshold: -20,
        publishThreshold: -50,
        graylistThreshold: GRAYLIST_SCORE,
        acceptPXThreshold: 1000,
        opportunisticGraftThreshold: 1,
      },
    })({
      privateKey: libp2p.privateKey,
      peerId: libp2p.peerId,
      peerStore: libp2p.peerStore,
      connectionManager: libp2p.connectionManager,
      logger: libp2p.logger,
      registrar: meteredRegistrar(libp2p.registrar, components.onBytes),
    });

/**
 * Repeats, control messages and bytes that decode to nothing never reach a validator; only the stream shows them.
 * libp2p's own middleware would be the place, but in 3.3 each incoming stream adds its handler to it once more.
 */
function meteredRegistrar(registrar: Registrar, onBytes: GossipComponents['onBytes']): Registrar {
  const metered =
    (handler: StreamHandler): StreamHandler =>
    async (stream: Stream, connection: Connection) => {
      await handler(stream, connection);
      // After gossipsub's own listener is there: data that has only ours to go to would be lost to it.
      setImmediate(() => {
        const peer = connection.remotePeer.toString();
        stream.addEventListener('message', ({ data }) => onBytes(peer, data.byteLength));
      });
    };
  return new Proxy(registrar, {
    get(target, name) {
      if (name === 'handle') {
        const handle: Registrar['handle'] = (protocol, handler, options) =>
          target.handle(protocol, metered(handler), options);
        return handle;
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

import { stop, type Connection, type Stream, type StreamMuxer } from '@libp2p/interface';
import { gossipsub } from '@libp2p/gossipsub';
import { multiaddr } from '@multiformats/multiaddr';
import { createNode, type SwarmNode } from '../../../core/network/node/create-node.ts';
import type { Identity } from '../../../core/record/index.ts';
import { networkSettingsSchema } from '../../../core/network/settings.ts';
import { encodeHello } from '../../../core/network/sync/hello.ts';
import { SYNC_PROTOCOL } from '../../../core/network/sync/syncer.ts';
import { identityOf } from './claims.ts';
import { LOOPBACK } from './swarm.ts';

/** A node that can be dialled. */
export interface Reachable {
  readonly network: { addresses(): readonly string[] };
}

const GOSSIP_PROTOCOL = '/meshsub/1.1.0';

/** A libp2p peer that speaks the protocols' bytes and nothing of their rules. */
export class HostilePeer implements AsyncDisposable {
  readonly node: SwarmNode;
  /** Gossip frames as they came in: what can be sent again to somebody else. */
  readonly heard: Uint8Array[] = [];
  readonly #gossip = new Map<string, Promise<Stream>>();

  private static next = 1_000_000;

  constructor(node: SwarmNode) {
    this.node = node;
  }

  /** With gossipsub's own manners, so that it can publish what it likes. */
  static async publishing(topics: readonly string[]): Promise<HostilePeer> {
    const peer = await HostilePeer.#start();
    for (const topic of topics) peer.node.services.pubsub.subscribe(topic);
    return peer;
  }

  /** With no manners at all: gossip is a stream of bytes to it. */
  static async raw(identity?: Identity): Promise<HostilePeer> {
    const peer = await HostilePeer.#start(identity);
    await stop(peer.node.services.pubsub);
    await peer.node.handle(GOSSIP_PROTOCOL, async (stream) => {
      for await (const chunk of stream) peer.heard.push(chunk.subarray());
    });
    return peer;
  }

  get peer(): string {
    return this.node.peerId.toString();
  }

  async connect(to: Reachable): Promise<Connection> {
    return this.node.dial(multiaddr(to.network.addresses()[0] ?? ''));
  }

  async open(to: Reachable, protocol: string): Promise<Stream> {
    return (await this.connect(to)).newStream(protocol);
  }

  /** Sends bytes as gossip. */
  async gossip(to: Reachable, bytes: Uint8Array): Promise<void> {
    const [address = ''] = to.network.addresses();
    let stream = await this.#gossip.get(address)?.catch(() => undefined);
    if (stream?.status !== 'open') {
      const opening = this.open(to, GOSSIP_PROTOCOL);
      this.#gossip.set(address, opening);
      stream = await opening;
    }
    stream.send(bytes);
    if (stream.writableNeedsDrain) await stream.onDrain();
  }

  /** Connects, and leaves whatever the other side opens without an answer to which protocol it is to speak. */
  async connectMute(to: Reachable): Promise<Connection> {
    const connection = await this.connect(to);
    const { muxer, onIncomingStream } = connection as Connection & {
      muxer: StreamMuxer;
      onIncomingStream: () => void;
    };
    muxer.removeEventListener('stream', onIncomingStream);
    return connection;
  }

  /** Answers reconciliations with nothing but the time. */
  async tellTime(now: () => number): Promise<void> {
    await this.node.handle(SYNC_PROTOCOL, async (stream) => {
      const hello = encodeHello({ records: 0, now: now(), salt: new Uint8Array(16) });
      stream.send(framed(hello));
      await stream.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.stop();
  }

  static async #start(identity = identityOf(HostilePeer.next++)): Promise<HostilePeer> {
    const gossip = gossipsub({ allowPublishToZeroTopicPeers: true, fallbackToFloodsub: false });
    const settings = networkSettingsSchema.parse(LOOPBACK);
    const node = await createNode({ identity, gater: {}, gossip }, settings);
    await node.start();
    return new HostilePeer(node);
  }
}

/** A frame of our own protocols: four bytes of length, then the bytes. */
export function framed(bytes: Uint8Array, length = bytes.length): Uint8Array {
  const frame = Buffer.alloc(4 + bytes.length);
  frame.writeUInt32BE(length);
  frame.set(bytes, 4);
  return frame;
}

/** A gossip frame that subscribes to a topic: protobuf `RPC{subscriptions: [{subscribe: true, topicid}]}`. */
export function subscription(topic: string): Uint8Array {
  const name = new TextEncoder().encode(topic);
  const inner = Uint8Array.of(0x08, 0x01, 0x12, name.length, ...name);
  const rpc = Uint8Array.of(0x0a, inner.length, ...inner);
  return Uint8Array.of(rpc.length, ...rpc);
}

import type { Connection, Stream } from '@libp2p/interface';
import type { PeerId } from '../../record/index.ts';
import type { Offence } from '../reputation/offences.ts';
import { StreamChannel } from './stream-channel.ts';
import { Buckets, type Rate } from './token-bucket.ts';

/** Several times what fetching a large bank as fast as it goes takes. */
const STREAMS_PER_PEER: Rate = { perSecond: 100, burst: 500 };

/** Lets peers open streams, each so many a second: opening one costs them less than it costs this node. */
export class StreamGate {
  readonly #penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly #buckets = new Buckets(STREAMS_PER_PEER);

  constructor(penalise: (peer: PeerId, offence: Offence, detail: string) => void) {
    this.#penalise = penalise;
  }

  /** The channel of a stream that a peer opened, and the peer; undefined where there were too many: it is ended, and the peer blamed. */
  admit(
    stream: Stream,
    connection: Pick<Connection, 'remotePeer'>,
  ): { peer: PeerId; channel: StreamChannel } | undefined {
    const peer = connection.remotePeer.toString();
    if (this.#buckets.take(peer)) return { peer, channel: new StreamChannel(stream) };
    stream.abort(new Error('too many streams'));
    this.#penalise(peer, 'flood', 'streams');
    return undefined;
  }
}

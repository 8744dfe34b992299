import type { StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { yamux, type YamuxMuxerInit } from '@libp2p/yamux';
import { StreamEndedError } from '../errors.ts';

/** What a muxer runs over. */
type Carrier = Parameters<StreamMuxerFactory['createStreamMuxer']>[0];

/**
 * yamux, for which a connection may be closed at any moment. It sends a new stream's first frame from a microtask: where the
 * connection is being closed by then the error is nobody's, and would end the process.
 */
export const carefulYamux = (init: YamuxMuxerInit): (() => StreamMuxerFactory) => {
  const make: () => StreamMuxerFactory = yamux(init);
  return () => {
    const factory = make();
    const createStreamMuxer = factory.createStreamMuxer.bind(factory);
    factory.createStreamMuxer = (carrier) => {
      letGo(carrier);
      return refusing(createStreamMuxer(carrier), carrier);
    };
    return factory;
  };
};

/** Frames that find their connection closing are let go: its streams end with it. */
function letGo(carrier: Carrier): void {
  const send = carrier.send.bind(carrier);
  carrier.send = (data) => {
    try {
      return send(data);
    } catch (error) {
      if (carrier.status === 'open') throw error;
      return false;
    }
  };
}

/** Streams are not opened on a connection that is closing. */
function refusing(muxer: StreamMuxer, carrier: Carrier): StreamMuxer {
  const createStream = muxer.createStream.bind(muxer);
  muxer.createStream = async (options) => {
    if (carrier.status !== 'open') throw new StreamEndedError('its connection is being closed');
    return createStream(options);
  };
  return muxer;
}

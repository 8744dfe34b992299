import type { NetworkEvent } from '../../../core/network/index.ts';
import { Fetcher, type FetcherInit } from '../../../core/network/records/fetcher.ts';
import type { Offence } from '../../../core/network/reputation/offences.ts';
import { Patience } from '../../../core/network/reputation/patience.ts';
import type { ClaimedProof } from '../../../core/record/index.ts';
import { MemoryChannel } from './memory-channel.ts';
import { MemoryStore } from './memory-store.ts';
import { serverOf } from './records-server.ts';

/** What a peer does with a stream on which it is asked for records. */
export type AskedPeer = (channel: MemoryChannel) => Promise<void>;

/** A fetcher that asks these peers, and what it says of them. */
export function fetcherOf(
  store: MemoryStore,
  peers: Readonly<Record<string, AskedPeer>>,
  init: Partial<FetcherInit> = {},
) {
  const events: NetworkEvent[] = [];
  const blamed: [string, Offence][] = [];
  const unavailable: string[] = [];
  const asked: string[] = [];
  const roomFor: string[] = [];
  const fetcher: Fetcher = new Fetcher(
    {
      store,
      emit: (event) => events.push(event),
      open: (peer) => {
        const [channel, other] = MemoryChannel.pair();
        asked.push(peer);
        void peers[peer]?.(other);
        return Promise.resolve(channel);
      },
      penalise: (peer, offence) => blamed.push([peer, offence]),
      patience: new Patience({ emit: (event) => events.push(event) }),
      onRoom: (peer) => roomFor.push(peer),
      onUnavailable: (id) => unavailable.push(id),
    },
    {
      capacity: 1000,
      maxPeers: 4,
      maxHeldBytes: 1e9,
      batch: 16,
      frameTimeoutMs: 200,
      answerTimeoutMs: 1000,
      ...init,
    },
  );
  return { fetcher, events, blamed, unavailable, asked, roomFor };
}

/** A peer that has these and gives them. */
export function honest(claims: readonly ClaimedProof[]): AskedPeer {
  const server = serverOf(new MemoryStore(claims));
  return (channel) => server.serve('me', channel);
}

import { ApiError, type ApiEvent, type CommandHandlers, type PeerView } from '../../api/index.ts';
import { openTrust } from '../curators.ts';
import type { NetworkPort } from './network-port.ts';
import { pageOf } from './page.ts';
import type { ProofIndex } from './proof-index.ts';

export interface NetworkComponents {
  readonly network: () => NetworkPort | undefined;
  readonly proofs: ProofIndex;
  readonly data: string;
  readonly emit: (event: ApiEvent) => void;
}

type Names =
  | 'network.peers'
  | 'network.refusals'
  | 'network.dial'
  | 'network.sync'
  | 'network.forgive'
  | 'network.curators'
  | 'network.trust'
  | 'network.distrust';

/** What a face can ask of the swarm. */
export function networkHandlers({
  network,
  proofs,
  data,
  emit,
}: NetworkComponents): Pick<CommandHandlers, Names> {
  const on = (): NetworkPort => {
    const port = network();
    if (port === undefined) throw new ApiError('unsupported', 'the network is switched off');
    return port;
  };
  return {
    'network.peers': ({ cursor, limit }) => {
      const tallies = proofs.byPeer();
      const page = pageOf(network()?.peers() ?? [], cursor, limit, ({ peer }) => peer);
      const items = page.items.map((peer): PeerView => ({
        ...peer,
        proofs: tallies.get(peer.peer)?.proofs ?? 0,
      }));
      return { ...page, items };
    },
    'network.refusals': ({ cursor, limit }) =>
      pageOf(network()?.refusals() ?? [], cursor, limit, ({ at, peer, reason }) => `${at} ${peer} ${reason}`),
    'network.dial': async ({ address }, signal) => ({ peer: await on().dial(address, signal) }),
    'network.sync': async ({ peer }, signal) => {
      await on().sync(peer, signal);
      return {};
    },
    'network.forgive': ({ peer }) => {
      on().forgive(peer);
      return {};
    },
    // Without the network too: it is who will be believed.
    'network.curators': async () => {
      const curators = network()?.curators() ?? (await openTrust(data)).list();
      return { curators: [...curators] };
    },
    'network.trust': async ({ curator, label }) => {
      const port = network();
      const added = await (port?.trust(curator, label) ??
        (await openTrust(data)).add(curator, label, Date.now()));
      if (added) emit({ type: 'network:curators-changed' });
      return { added };
    },
    'network.distrust': async ({ curator }) => {
      const port = network();
      const removed = await (port?.distrust(curator) ?? (await openTrust(data)).remove(curator));
      if (removed) emit({ type: 'network:curators-changed' });
      return { removed };
    },
  };
}

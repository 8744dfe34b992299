import {
  createNetwork,
  type Network,
  type NetworkComponents,
  type NetworkEvent,
  type NetworkSettingsInput,
} from '../../../core/network/index.ts';
import { CORE, identityOf } from './claims.ts';
import { MemoryStore } from './memory-store.ts';

export interface TestNode {
  readonly network: Network;
  readonly store: MemoryStore;
  readonly events: NetworkEvent[];
}

/** Loopback only, fast, and without the limit on connections from one host that a swarm on one host would meet. */
export const LOOPBACK: NetworkSettingsInput = {
  listen: ['/ip4/127.0.0.1/tcp/0'],
  environments: [CORE],
  mdns: false,
  dht: false,
  autonat: false,
  minPeers: 0,
  inboundPerHost: 1000,
  sync: { settleMs: 200 },
};

let next = 0;

/** A real node over a store in memory, wired as `core/node` wires the bank. */
export async function testNode(
  options: {
    readonly n?: number;
    readonly store?: MemoryStore;
    readonly settings?: NetworkSettingsInput;
    readonly reputationFile?: string;
    readonly components?: Partial<NetworkComponents>;
  } = {},
): Promise<TestNode> {
  const store = options.store ?? new MemoryStore();
  const events: NetworkEvent[] = [];
  const network = await createNetwork(
    {
      identity: identityOf(options.n ?? next++),
      store,
      onEvent: (event) => events.push(event),
      ...options.components,
    },
    {
      settings: { ...LOOPBACK, ...options.settings },
      ...(options.reputationFile === undefined ? {} : { reputationFile: options.reputationFile }),
    },
  );
  store.onHeld = (keys) => network.recordsAdded(keys);
  store.onVerdict = ({ claim, from, vouched }, accepted) => {
    const answerable = vouched ? [from, claim.signed.record.finder.peer] : [claim.signed.record.finder.peer];
    network.reportVerdict(claim.signed.id, answerable, accepted);
  };
  return { network, store, events };
}

export async function startNode(...args: Parameters<typeof testNode>): Promise<TestNode> {
  const node = await testNode(...args);
  await node.network.start();
  return node;
}

export async function connect(from: TestNode, to: TestNode): Promise<void> {
  const [address] = to.network.addresses();
  if (address === undefined) throw new Error('no address to dial');
  await from.network.dial(address);
}

export async function stopAll(nodes: readonly TestNode[]): Promise<void> {
  await Promise.all(nodes.map(({ network }) => network.stop()));
}

export const eventsOf = <T extends NetworkEvent['type']>(
  node: TestNode,
  type: T,
): Extract<NetworkEvent, { type: T }>[] =>
  node.events.filter((event): event is Extract<NetworkEvent, { type: T }> => event.type === type);

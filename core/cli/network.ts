import { z } from 'zod';
import type { ApiClient, PeerView } from '../api/index.ts';
import { locate } from '../node/index.ts';
import { connectToNode } from '../node/headless/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { formatTable, printable, type Terminal } from './terminal.ts';

export const networkOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
type NetworkOptions = z.infer<typeof networkOptionsSchema>;

/** @throws CommandError where no node runs in the data directory */
export async function runningNode(data: string | undefined): Promise<ApiClient> {
  const locations = locate(data);
  const client = await connectToNode(locations.data);
  if (client === undefined) {
    throw new CommandError(`no node runs with the data in ${locations.data}; start one: proofswarm node`);
  }
  return client;
}

/** `proofswarm network status` */
export async function networkStatus(options: NetworkOptions, terminal: Terminal): Promise<number> {
  const client = await runningNode(options.data);
  const { network, node } = (await client.call('api.snapshot', {})).state;
  client.close();
  if (options.json) {
    terminal.out.write(`${JSON.stringify({ peer: node.peer, ...network })}\n`);
    return EXIT.ok;
  }
  const { accepted, refused, claimed, queued, running } = network.verification;
  const lines = [
    `peer          ${node.peer}`,
    `network       ${network.state}${network.detail === undefined ? '' : `: ${network.detail}`}`,
    ...network.addresses.map((address) => `address       ${address}`),
    `peers         ${network.peers} connected, ${network.listeners} listening to announcements`,
    `records       ${network.records} held, ${network.waiting} to be fetched`,
    `verification  ${queued + running} waiting, ${accepted} accepted, ${refused} refused, ${claimed} kept as claimed`,
  ];
  terminal.out.write(`${printable(lines.join('\n'))}\n`);
  return EXIT.ok;
}

/** `proofswarm network peers` */
export async function networkPeers(options: NetworkOptions, terminal: Terminal): Promise<number> {
  const client = await runningNode(options.data);
  const peers: PeerView[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('network.peers', {
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    peers.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  client.close();
  if (options.json) for (const peer of peers) terminal.out.write(`${JSON.stringify(peer)}\n`);
  else {
    const rows = peers.map((peer) => [
      peer.peer,
      stateOf(peer),
      peer.connections[0]?.address ?? '',
      peer.proofs,
      Math.round(peer.points),
      peer.offence ?? '',
    ]);
    terminal.out.write(
      `${formatTable(['peer', 'state', 'address', 'proofs', 'points', 'blamed for'], rows)}\n`,
    );
  }
  return EXIT.ok;
}

function stateOf({ connected, deniedUntil, setAsideUntil }: PeerView): string {
  if (deniedUntil !== undefined) return 'cut off';
  if (!connected) return 'gone';
  return setAsideUntil === undefined ? 'connected' : 'connected, too slow';
}

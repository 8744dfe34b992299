import type { PeerId } from '../record/index.ts';
import type { ConnectionDescription } from './events.ts';
import { describeConnection } from './node/connections.ts';
import type { SwarmNode } from './node/create-node.ts';
import type { ReputationLedger } from './reputation/ledger.ts';
import type { Patience } from './reputation/patience.ts';
import type { PeerSummary } from './types.ts';

/** Connected peers, then those that are gone and that something is held against. */
export function summarisePeers(node: SwarmNode, ledger: ReputationLedger, patience: Patience): PeerSummary[] {
  const connections = new Map<PeerId, ConnectionDescription[]>();
  for (const connection of node.getConnections().map(describeConnection)) {
    connections.set(connection.peer, [...(connections.get(connection.peer) ?? []), connection]);
  }
  const blamed = new Map(ledger.entries().map((entry) => [entry.peer, entry]));
  return [...new Set([...connections.keys(), ...blamed.keys()])].map((peer) => {
    const rest = patience.restLeft(peer);
    const summary = {
      peer,
      connections: connections.get(peer) ?? [],
      points: ledger.points(peer),
      ...(rest > 0 && { setAsideUntil: Date.now() + rest }),
    };
    const entry = blamed.get(peer);
    if (entry === undefined) return summary;
    const { offence, detail, until } = entry;
    return { ...summary, offence, detail, ...(ledger.isDenied(peer) ? { deniedUntil: until } : {}) };
  });
}

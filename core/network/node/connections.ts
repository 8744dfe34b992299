import type { Connection, Libp2pEvents } from '@libp2p/interface';
import type { ConnectionDescription, Emit, Transport } from '../events.ts';
import type { SwarmNode } from './create-node.ts';

/** What a face shows of a connection. */
export function describeConnection(connection: Connection): ConnectionDescription {
  const address = connection.remoteAddr.toString();
  return {
    peer: connection.remotePeer.toString(),
    address,
    transport: transportOf(address),
    relayed: address.includes('/p2p-circuit'),
    direction: connection.direction,
  };
}

function transportOf(address: string): Transport {
  if (/\/wss?(\/|$)/.test(address)) return 'websocket';
  return address.includes('/tcp/') ? 'tcp' : 'other';
}

/** Tells of connections, peers and addresses as they come and go. Returns its undo. */
export function reportConnections(node: SwarmNode, emit: Emit): () => void {
  const relayedBefore = (connection: Connection): boolean =>
    node
      .getConnections(connection.remotePeer)
      .some((other) => other.id !== connection.id && describeConnection(other).relayed);

  const listeners = {
    'connection:open': ({ detail }: CustomEvent<Connection>): void => {
      const description = describeConnection(detail);
      emit({ type: 'connection-opened', ...description });
      if (!description.relayed && relayedBefore(detail)) {
        emit({ type: 'upgraded-to-direct', peer: description.peer, address: description.address });
      }
    },
    'connection:close': ({ detail }: CustomEvent<Connection>): void =>
      emit({ type: 'connection-closed', ...describeConnection(detail) }),
    'peer:connect': ({ detail }: Libp2pEvents['peer:connect']): void =>
      emit({ type: 'peer-connected', peer: detail.toString() }),
    'peer:disconnect': ({ detail }: Libp2pEvents['peer:disconnect']): void =>
      emit({ type: 'peer-disconnected', peer: detail.toString() }),
  };
  let addresses = '';
  const onSelfUpdate = (): void => {
    const now = node.getMultiaddrs().map(String);
    if (now.join() === addresses) return;
    addresses = now.join();
    emit({ type: 'addresses-changed', addresses: now });
  };
  node.addEventListener('connection:open', listeners['connection:open']);
  node.addEventListener('connection:close', listeners['connection:close']);
  node.addEventListener('peer:connect', listeners['peer:connect']);
  node.addEventListener('peer:disconnect', listeners['peer:disconnect']);
  node.addEventListener('self:peer:update', onSelfUpdate);
  return () => {
    node.removeEventListener('connection:open', listeners['connection:open']);
    node.removeEventListener('connection:close', listeners['connection:close']);
    node.removeEventListener('peer:connect', listeners['peer:connect']);
    node.removeEventListener('peer:disconnect', listeners['peer:disconnect']);
    node.removeEventListener('self:peer:update', onSelfUpdate);
  };
}

import type { PeerView } from '../../api/index.ts';
import type { PeerSummary } from '../../network/index.ts';

/** A peer as it is shown, without the count of its proofs. */
export function peerView({
  peer,
  connections,
  points,
  deniedUntil,
  setAsideUntil,
  offence,
  detail,
}: PeerSummary): Omit<PeerView, 'proofs'> {
  return {
    peer,
    connected: connections.length > 0,
    connections: connections
      .slice(0, 20)
      .map(({ address, transport, relayed, direction }) => ({ address, transport, relayed, direction })),
    points,
    ...(deniedUntil === undefined ? {} : { deniedUntil }),
    ...(setAsideUntil === undefined ? {} : { setAsideUntil }),
    ...(offence === undefined ? {} : { offence }),
    ...(detail === undefined ? {} : { detail: detail.slice(0, 2000) }),
  };
}

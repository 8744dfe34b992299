import type { PeerView } from '../../../core/api/index.ts';
import { plural, shortId } from '../../components/format.ts';
import { layOut, MOST_SHOWN, peerState, ringsFor } from './graph-layout.ts';

const SIZE = 420;
const HALF = SIZE / 2;
const LINE = 15;
const at = (value: number): number => HALF + value * (HALF - 22);
/** Where the first of so many lines stands: outside, as the connection comes from the middle. */
const labelAt = (y: number, radius: number, lines: number): number =>
  y < 0 ? at(y) - radius * HALF - 7 - (lines - 1) * LINE : at(y) + radius * HALF + LINE;

/** Who is connected to this node, at a glance; the list beside it says the same in words. */
export function PeerGraph({ self, peers }: { readonly self: string; readonly peers: readonly PeerView[] }) {
  const nodes = layOut(peers);
  const connected = peers.filter(
    (peer) => peerState(peer) === 'connected' || peerState(peer) === 'relayed',
  ).length;
  const summary = `This node, connected to ${plural(connected, 'peer')} of ${peers.length} known`;
  return (
    <figure className="graph">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={summary}>
        {ringsFor(peers.length).map((ring) => (
          <circle key={ring} className="graph-ring" cx={HALF} cy={HALF} r={ring * (HALF - 22)} />
        ))}
        {nodes
          .filter(({ state }) => state === 'connected' || state === 'relayed')
          .map(({ peer, x, y, state }) => (
            <line
              key={peer}
              className="graph-edge"
              data-state={state}
              x1={HALF}
              y1={HALF}
              x2={at(x)}
              y2={at(y)}
            />
          ))}
        {nodes.map(({ peer, x, y, radius, proofs, state }) => (
          <g key={peer} className="graph-node" data-state={state}>
            <circle cx={at(x)} cy={at(y)} r={radius * HALF} />
            <title>{`${peer}: ${state}`}</title>
            {nodes.length <= 10 && (
              <text x={at(x)} y={labelAt(y, radius, proofs > 0 ? 2 : 1)} textAnchor="middle">
                {peer.slice(-6)}
              </text>
            )}
            {nodes.length <= 10 && proofs > 0 && (
              <text x={at(x)} y={labelAt(y, radius, 2) + LINE} textAnchor="middle" className="graph-note">
                {plural(proofs, 'proof')}
              </text>
            )}
          </g>
        ))}
        <g className="graph-self">
          <circle cx={HALF} cy={HALF} r={25} />
          <title>{`${shortId(self)}: this node`}</title>
          {/* Within, as connections go out to all sides. */}
          <text textAnchor="middle">
            <tspan x={HALF} y={HALF - 2}>
              this
            </tspan>
            <tspan x={HALF} y={HALF + 11}>
              node
            </tspan>
          </text>
        </g>
      </svg>
      <figcaption className="cell-legend small muted">
        <span className="graph-key" data-state="connected">
          direct
        </span>
        <span className="graph-key" data-state="relayed">
          relayed
        </span>
        <span className="graph-key" data-state="known">
          known, not connected
        </span>
        <span className="graph-key" data-state="denied">
          cut off
        </span>
        {peers.length > MOST_SHOWN && <span>{peers.length - MOST_SHOWN} more in the list</span>}
      </figcaption>
    </figure>
  );
}

import type { PeerView } from '../../../core/api/index.ts';

export interface GraphNode {
  readonly peer: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Of its finding, in this node's memory. */
  readonly proofs: number;
  readonly state: 'connected' | 'relayed' | 'known' | 'denied';
}

/** Distances from the middle, for as many rings as there are peers for. */
const RINGS = [[0.66], [0.5, 0.9], [0.46, 0.72, 0.95]] as const;
const PER_RING = [10, 22, 34] as const;
/** More would be a blot; the list has them all. */
export const MOST_SHOWN = PER_RING.reduce((sum, most) => sum + most, 0);

const RANK = { connected: 0, relayed: 1, known: 2, denied: 3 } as const;

export function peerState({ connected, connections, deniedUntil }: PeerView): GraphNode['state'] {
  if (deniedUntil !== undefined) return 'denied';
  if (!connected) return 'known';
  return connections.length > 0 && connections.every(({ relayed }) => relayed) ? 'relayed' : 'connected';
}

export const ringsFor = (peers: number): readonly number[] =>
  RINGS[PER_RING[0] >= peers ? 0 : PER_RING[0] + PER_RING[1] >= peers ? 1 : 2];

/**
 * Places around the middle of a square from -1 to 1: connected peers near it. A peer keeps its bearing while others come and
 * go, as it hangs on its id.
 */
export function layOut(peers: readonly PeerView[]): GraphNode[] {
  const sorted = peers
    .map((view) => ({ view, state: peerState(view), bearing: bearingOf(view.peer) }))
    .sort((a, b) => RANK[a.state] - RANK[b.state] || b.view.proofs - a.view.proofs)
    .slice(0, MOST_SHOWN);
  const rings = ringsFor(sorted.length);
  const placed: GraphNode[] = [];
  let ring = 0;
  let rest = sorted;
  while (rest.length > 0) {
    const most = PER_RING[ring] ?? rest.length;
    const here = rest.slice(0, most).sort((a, b) => a.bearing - b.bearing);
    here.forEach(({ view, state, bearing }, index) => {
      // Halfway between its own bearing and an even spread: steady, and yet without overlaps.
      const even = (index + 0.5) / here.length;
      const angle = 2 * Math.PI * (here.length > most / 3 ? even : bearing * 0.4 + even * 0.6);
      const distance = rings[ring] ?? 1;
      placed.push({
        peer: view.peer,
        x: Math.cos(angle) * distance,
        y: Math.sin(angle) * distance,
        radius: 0.032 + Math.min(0.03, Math.log10(view.proofs + 1) * 0.012),
        proofs: view.proofs,
        state,
      });
    });
    rest = rest.slice(most);
    ring++;
  }
  return placed;
}

/** From 0 to 1, by the id alone. */
function bearingOf(peer: string): number {
  let hash = 2166136261;
  for (let index = 0; index < peer.length; index++) hash = Math.imul(hash ^ peer.charCodeAt(index), 16777619);
  return (hash >>> 0) / 2 ** 32;
}

import type { PeerInfo } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import type { SwarmNode } from './create-node.ts';

export interface KeepConnectedInit {
  /** Always dialled again when they are gone: bootstrap peers and relays, as multiaddrs with peer ids. */
  readonly contacts: readonly string[];
  /** Met in an earlier life of this node; as multiaddrs. */
  readonly known?: readonly { readonly peer: string; readonly addresses: readonly string[] }[];
  /** Below so many peers, peers that were heard of are dialled as well. */
  readonly minPeers: number;
  readonly isDenied: (peer: string) => boolean;
}

interface Target {
  /** Unset, those that libp2p has heard of. */
  readonly addresses?: Multiaddr[];
  failures: number;
  /** On the clock of `performance.now`. */
  nextAt: number;
}

const TICK_MS = 1000;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 5 * 60_000;
const DIAL_TIMEOUT_MS = 10_000;
const MAX_HEARD_OF = 1000;
const DIALS_A_TICK = 4;

/**
 * Dials peers so that the node stays in the swarm: libp2p 3 has no dialler of its own, and its bootstrap module dials
 * once. Failures back off with jitter and never end, so that a node finds back after any outage.
 */
export class KeepConnected {
  readonly #node: SwarmNode;
  readonly #init: KeepConnectedInit;
  readonly #contacts = new Map<string, Target>();
  readonly #heardOf = new Map<string, Target>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(node: SwarmNode, init: KeepConnectedInit) {
    this.#node = node;
    this.#init = init;
    for (const text of init.contacts) {
      const address = multiaddr(text);
      const peer = text.slice(text.lastIndexOf('/') + 1);
      this.#contacts.set(peer, { addresses: [address], failures: 0, nextAt: 0 });
    }
    for (const { peer, addresses } of init.known ?? []) {
      const parsed = addresses.flatMap(parseAddress);
      if (parsed.length > 0) this.#heardOf.set(peer, { addresses: parsed, failures: 0, nextAt: 0 });
    }
  }

  start(): void {
    this.#node.addEventListener('peer:discovery', this.#onDiscovery);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  stop(): void {
    this.#node.removeEventListener('peer:discovery', this.#onDiscovery);
    clearInterval(this.#timer);
    this.#stopping.abort(new Error('the network is being stopped'));
  }

  readonly #onDiscovery = ({ detail }: CustomEvent<PeerInfo>): void => {
    const peer = detail.id.toString();
    if (this.#contacts.has(peer) || this.#heardOf.has(peer)) return;
    if (this.#heardOf.size >= MAX_HEARD_OF) this.#forgetWorst();
    this.#heardOf.set(peer, { failures: 0, nextAt: 0 });
    if (this.#wantsPeers()) this.#dial(peer);
  };

  #tick(): void {
    const now = performance.now();
    for (const [peer, { nextAt }] of this.#contacts) if (nextAt <= now) this.#dial(peer);
    if (!this.#wantsPeers()) return;
    const due = [...this.#heardOf].filter(([peer, { nextAt }]) => nextAt <= now && this.#mayDial(peer));
    for (const [peer] of due.slice(0, DIALS_A_TICK)) this.#dial(peer);
  }

  #wantsPeers(): boolean {
    return this.#node.getPeers().length < this.#init.minPeers;
  }

  /** Not where it is cut off, connected, or this node itself. */
  #mayDial(peer: string): boolean {
    if (this.#init.isDenied(peer)) return false;
    const id = peerIdFromString(peer);
    return !id.equals(this.#node.peerId) && this.#node.getConnections(id).length === 0;
  }

  #dial(peer: string): void {
    const target = this.#contacts.get(peer) ?? this.#heardOf.get(peer);
    if (target === undefined || !this.#mayDial(peer)) return;
    const id = peerIdFromString(peer);
    // Taken as failed until it has succeeded, so that it is not dialled twice at once.
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** target.failures, LONGEST_BACKOFF_MS);
    target.nextAt = performance.now() + DIAL_TIMEOUT_MS + backoff * (0.5 + Math.random());
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]);
    this.#node.dial(target.addresses ?? id, { signal }).then(
      () => {
        target.failures = 0;
        target.nextAt = performance.now() + FIRST_BACKOFF_MS;
      },
      () => {
        target.failures++;
        target.nextAt = performance.now() + backoff * (0.5 + Math.random());
      },
    );
  }

  #forgetWorst(): void {
    let worst: string | undefined;
    let failures = -1;
    for (const [peer, target] of this.#heardOf) {
      if (target.failures > failures) [worst, failures] = [peer, target.failures];
    }
    if (worst !== undefined) this.#heardOf.delete(worst);
  }
}

function parseAddress(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)];
  } catch {
    return [];
  }
}

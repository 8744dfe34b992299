import type { IdentifyResult } from '@libp2p/interface';
import { z } from 'zod';
import { isPeerId, peerIdSchema, type PeerId } from '../../record/index.ts';
import { readEntries } from '../read-entries.ts';
import { writeWhole } from '../write-whole.ts';
import type { SwarmNode } from './create-node.ts';

export const MAX_KNOWN_PEERS = 200;
/** Who dials in says itself where it is to be found, under as many names as it likes: so many of those are kept at most. */
const MAX_NOT_DIALLED = MAX_KNOWN_PEERS / 2;
const MAX_ADDRESSES = 8;
const MAX_ADDRESS_LENGTH = 300;
const MAX_FILE_BYTES = 1024 * 1024;
/** Who was not met for so long is forgotten. */
const MAX_AGE_MS = 30 * 86_400_000;
/** Changes are written together. */
const SAVE_DELAY_MS = 5000;

const peerSchema = z.strictObject({
  peer: peerIdSchema,
  /** Multiaddrs, the one that it was met under first. */
  addresses: z.array(z.string().max(MAX_ADDRESS_LENGTH)).min(1).max(MAX_ADDRESSES),
  /** Milliseconds since 1970. */
  metAt: z.number().nonnegative(),
  /** Whether this node has reached it at an address of its. */
  dialled: z.boolean().default(false),
});
export type KnownPeer = Readonly<z.infer<typeof peerSchema>>;

const FORMAT = 'proofswarm-peers';

/**
 * Peers that were met, with their addresses, over restarts: a node finds back into the swarm when its bootstrap peers are
 * gone. What the file says is a place to knock at and no more; a damaged file counts as none.
 */
export class KnownPeers {
  readonly #file: string;
  readonly #now: () => number;
  /** The longest unseen first. */
  readonly #peers = new Map<PeerId, KnownPeer>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, now: () => number, peers: readonly KnownPeer[]) {
    this.#file = file;
    this.#now = now;
    for (const known of peers) this.#peers.set(known.peer, known);
  }

  /** @throws UnreadableFileError: going on would write over it */
  static async open(file: string, now: () => number = Date.now): Promise<KnownPeers> {
    const peers = (await read(file)).filter(({ metAt }) => Math.abs(now() - metAt) < MAX_AGE_MS);
    return new KnownPeers(
      file,
      now,
      peers.toSorted((a, b) => a.metAt - b.metAt),
    );
  }

  /** Those that were reached come first; of them and of the others, those met last. */
  all(): KnownPeer[] {
    return [...this.#peers.values()].reverse().sort((a, b) => Number(b.dialled) - Number(a.dialled));
  }

  /** @param dialled whether this node reached the peer, and not the peer this node */
  met(peer: PeerId, addresses: readonly string[], dialled: boolean): void {
    const usable = [...new Set(addresses)].filter((address) => address.length <= MAX_ADDRESS_LENGTH);
    if (usable.length === 0 || !isPeerId(peer)) return;
    const before = this.#peers.get(peer);
    this.#peers.delete(peer);
    this.#peers.set(peer, {
      peer,
      addresses: usable.slice(0, MAX_ADDRESSES),
      metAt: this.#now(),
      dialled: dialled || before?.dialled === true,
    });
    if (this.#peers.size > MAX_KNOWN_PEERS) this.#forgetOne();
    this.#timer ??= setTimeout(() => this.#save(), SAVE_DELAY_MS);
    this.#timer.unref();
  }

  /** It is cut off: not to be looked for again. */
  forget(peer: PeerId): void {
    if (this.#peers.delete(peer)) this.#save();
  }

  /** Takes note of every peer that says who it is. Returns its undo. */
  listenTo(node: SwarmNode): () => void {
    const onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
      const { connection, listenAddrs, peerId } = detail;
      // Where a peer dialled from is no place to find it at.
      const dialled = connection.direction === 'outbound';
      const own = dialled ? [connection.remoteAddr] : [];
      this.met(
        peerId.toString(),
        [...own, ...listenAddrs].map((address) => withPeer(address.toString(), peerId.toString())),
        dialled,
      );
    };
    node.addEventListener('peer:identify', onIdentify);
    return () => node.removeEventListener('peer:identify', onIdentify);
  }

  /** Writes what is not yet written. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#saving;
  }

  /** The longest unseen: of those that only dialled in where they have more than their share, else of all. */
  #forgetOne(): void {
    const known = [...this.#peers.values()];
    const notDialled = known.filter(({ dialled }) => !dialled);
    const [oldest] = notDialled.length > MAX_NOT_DIALLED ? notDialled : known;
    if (oldest !== undefined) this.#peers.delete(oldest.peer);
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const peers = [...this.#peers.values()];
    const text = JSON.stringify({ format: FORMAT, version: 1, peers });
    // Where it cannot be written, the next start knows fewer peers.
    this.#saving = this.#saving.then(() => writeWhole(this.#file, text)).catch(() => undefined);
  }
}

const withPeer = (address: string, peer: string): string =>
  address.endsWith(`/p2p/${peer}`) ? address : `${address}/p2p/${peer}`;

async function read(file: string): Promise<readonly KnownPeer[]> {
  const found = await readEntries(file, {
    format: FORMAT,
    entry: peerSchema,
    maxEntries: MAX_KNOWN_PEERS,
    maxBytes: MAX_FILE_BYTES,
  });
  return found.kind === 'read' ? found.entries : [];
}

import type { ProofEntry } from '../../memory/index.ts';
import type { ContentId, PeerId } from '../../record/index.ts';

export interface Tally {
  proofs: number;
  /** Statements that it was the first to prove, as far as this bank knows. */
  firsts: number;
  lastAt: number;
}

/** Who proved what and when, at hand for lists and counts of some 100,000 proofs. */
export class ProofIndex {
  readonly #own: PeerId;
  /** Oldest first. */
  readonly #entries: ProofEntry[] = [];
  readonly #ids = new Set<ContentId>();
  /** The oldest first, the others in no order. */
  readonly #ofStatement = new Map<ContentId, ProofEntry[]>();
  readonly #tallies = new Map<PeerId, Tally>();
  #version = 0;

  private constructor(own: PeerId) {
    this.#own = own;
  }

  static async load(own: PeerId, entries: AsyncIterable<readonly ProofEntry[]>): Promise<ProofIndex> {
    const index = new ProofIndex(own);
    for await (const batch of entries) for (const entry of batch) index.#note(entry);
    index.#entries.sort(byTime);
    return index;
  }

  get size(): number {
    return this.#entries.length;
  }

  get own(): number {
    return this.countOf(this.#own);
  }

  get statements(): number {
    return this.#ofStatement.size;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** How many proofs are of a peer's finding. */
  countOf(peer: PeerId): number {
    return this.#tallies.get(peer)?.proofs ?? 0;
  }

  /** Oldest first. */
  all(): Iterable<ProofEntry> {
    return this.#entries;
  }

  solved(statement: ContentId): boolean {
    return this.#ofStatement.has(statement);
  }

  /** The oldest proof of a statement. */
  proofOf(statement: ContentId): ProofEntry | undefined {
    return this.#ofStatement.get(statement)?.[0];
  }

  /** Whether that record is here and proves that statement. */
  proves(id: ContentId, statement: ContentId): boolean {
    return this.#ids.has(id) && this.#of(statement).some((entry) => entry.id === id);
  }

  /** How many proofs of a statement there are, and how many of them a peer found. */
  proofsOf(statement: ContentId, peer: PeerId): { readonly all: number; readonly ofPeer: number } {
    const entries = this.#of(statement);
    return { all: entries.length, ofPeer: entries.filter((entry) => entry.peer === peer).length };
  }

  has(id: ContentId): boolean {
    return this.#ids.has(id);
  }

  /** @returns whether it was not there before */
  add(entry: ProofEntry): boolean {
    if (!this.#note(entry)) return false;
    // Nearly always the newest.
    this.#entries.pop();
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#entries[middle];
      if (other !== undefined && byTime(other, entry) < 0) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    return true;
  }

  /** Newest first, from below a cursor on. */
  page(cursor: string | undefined, limit: number, own = false): { items: ProofEntry[]; next?: string } {
    const from = cursor === undefined ? this.#entries.length : this.#placeOf(cursor);
    const items: ProofEntry[] = [];
    let at = from - 1;
    for (; at >= 0 && items.length < limit; at--) {
      const entry = this.#entries[at];
      if (entry !== undefined && (!own || entry.peer === this.#own)) items.push(entry);
    }
    const last = items.at(-1);
    return at < 0 || last === undefined ? { items } : { items, next: `${last.createdAt}:${last.id}` };
  }

  /** Newest first, after so many are left out. */
  window(offset: number, limit: number, own = false): { items: ProofEntry[]; next?: undefined } {
    const entries = own ? this.ofOwn() : this.#entries;
    const end = Math.max(0, entries.length - offset);
    return { items: entries.slice(Math.max(0, end - limit), end).reverse() };
  }

  /** Oldest first. */
  ofOwn(): ProofEntry[] {
    return this.#entries.filter(({ peer }) => peer === this.#own);
  }

  isFirst(entry: ProofEntry): boolean {
    return this.proofOf(entry.statement)?.id === entry.id;
  }

  byPeer(): ReadonlyMap<PeerId, Readonly<Tally>> {
    return this.#tallies;
  }

  #note(entry: ProofEntry): boolean {
    if (this.#ids.has(entry.id)) return false;
    this.#ids.add(entry.id);
    this.#entries.push(entry);
    const tally = this.#tallies.get(entry.peer) ?? { proofs: 0, firsts: 0, lastAt: 0 };
    this.#tallies.set(entry.peer, tally);
    tally.proofs++;
    tally.lastAt = Math.max(tally.lastAt, entry.createdAt);
    const others = this.#of(entry.statement);
    const [first] = others;
    if (first === undefined || byTime(entry, first) < 0) {
      const before = first && this.#tallies.get(first.peer);
      if (before !== undefined) before.firsts--;
      tally.firsts++;
      this.#ofStatement.set(entry.statement, [entry, ...others]);
    } else others.push(entry);
    this.#version++;
    return true;
  }

  #of(statement: ContentId): ProofEntry[] {
    return this.#ofStatement.get(statement) ?? [];
  }

  /** Index of the first entry that is not older than the cursor's. */
  #placeOf(cursor: string): number {
    const [time = '', id = ''] = cursor.split(':');
    const key = { createdAt: Number(time) || 0, id };
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#entries[middle];
      if (other !== undefined && byTime(other, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

type Key = Pick<ProofEntry, 'createdAt' | 'id'>;
const byTime = (a: Key, b: Key): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

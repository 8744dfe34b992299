import { isPeerId, type PeerId } from '../../record/index.ts';
import type { Emit } from '../events.ts';
import { loadLedger, MAX_DETAIL_LENGTH, MAX_ENTRIES, saveLedger, type LedgerEntry } from './ledger-file.ts';
import { CUT_OFF_POINTS, OFFENCE_POINTS, type Offence } from './offences.ts';

export interface LedgerComponents {
  readonly emit: Emit;
  /** Milliseconds since 1970; `Date.now` unless set. */
  readonly now?: () => number;
}

export interface LedgerInit {
  /** Where to remember across restarts; nowhere unless set. */
  readonly file?: string;
}

/** Points halve in this time. */
const HALF_LIFE_MS = 60 * 60_000;
/** First time a peer is cut off; four times longer each next time, up to the longest. */
const FIRST_DENIAL_MS = 60 * 60_000;
const LONGEST_DENIAL_MS = 30 * 24 * 60 * 60_000;
/** Changes are written together, this long after the first; a cut-off is written at once. */
const SAVE_DELAY_MS = 2000;

/**
 * What peers are blamed for. Points fade; a peer that collects `CUT_OFF_POINTS` is refused for a while, also after a
 * restart.
 */
export class ReputationLedger {
  readonly #components: LedgerComponents;
  readonly #file: string | undefined;
  readonly #entries = new Map<PeerId, LedgerEntry>();
  readonly #onCutOff = new Set<(peer: PeerId) => void>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #dirty = false;

  constructor(components: LedgerComponents, init: LedgerInit) {
    this.#components = components;
    this.#file = init.file;
  }

  /** @throws UnreadableFileError: going on would let everybody in who is denied */
  static async open(components: LedgerComponents, init: LedgerInit = {}): Promise<ReputationLedger> {
    const ledger = new ReputationLedger(components, init);
    if (init.file !== undefined) {
      const { entries, damage } = await loadLedger(init.file);
      for (const entry of entries) ledger.#entries.set(entry.peer, entry);
      if (damage !== undefined) {
        components.emit({ type: 'reputation-damaged', file: init.file, detail: damage });
      }
    }
    return ledger;
  }

  /** Calls back with each peer that is cut off from now on. Returns its undo. */
  onCutOff(listener: (peer: PeerId) => void): () => void {
    this.#onCutOff.add(listener);
    return () => void this.#onCutOff.delete(listener);
  }

  /** Points at this moment, 0 for a peer that nothing is known against. */
  points(peer: PeerId): number {
    const entry = this.#entries.get(peer);
    return entry === undefined ? 0 : faded(entry, this.#now());
  }

  isDenied(peer: PeerId): boolean {
    return (this.#entries.get(peer)?.until ?? 0) > this.#now();
  }

  /** All that is remembered, those with most points first. */
  entries(): LedgerEntry[] {
    const now = this.#now();
    return [...this.#entries.values()].sort((a, b) => faded(b, now) - faded(a, now));
  }

  /** Blames a peer. Cuts it off where that was too much. Who is no peer of this swarm is refused in any case. */
  penalise(peer: PeerId, offence: Offence, detail: string): void {
    if (!isPeerId(peer)) return;
    const now = this.#now();
    const before = this.#entries.get(peer);
    if ((before?.until ?? 0) > now) return;
    const points = (before === undefined ? 0 : faded(before, now)) + OFFENCE_POINTS[offence];
    const cut = points >= CUT_OFF_POINTS;
    const cutOffs = (before?.cutOffs ?? 0) + (cut ? 1 : 0);
    const until = cut ? now + Math.min(FIRST_DENIAL_MS * 4 ** (cutOffs - 1), LONGEST_DENIAL_MS) : 0;
    const entry: LedgerEntry = {
      peer,
      // After its time is over it starts anew, but half way to the next.
      points: cut ? CUT_OFF_POINTS / 2 : points,
      at: cut ? until : now,
      cutOffs,
      until,
      offence,
      detail: detail.slice(0, MAX_DETAIL_LENGTH),
    };
    this.#entries.delete(peer);
    this.#makeRoom(now);
    this.#entries.set(peer, entry);
    this.#components.emit({ type: 'peer-penalised', peer, offence, points, detail: entry.detail });
    if (cut) {
      this.#components.emit({ type: 'peer-cut-off', peer, offence, until, detail: entry.detail });
      for (const listener of this.#onCutOff) listener(peer);
    }
    this.#save(cut ? 0 : SAVE_DELAY_MS);
  }

  /** Takes a few points back from a peer whose record the kernel accepted. */
  credit(peer: PeerId): void {
    const entry = this.#entries.get(peer);
    if (entry === undefined || entry.until > this.#now()) return;
    const points = Math.max(0, faded(entry, this.#now()) - 1);
    this.#entries.set(peer, { ...entry, points, at: this.#now() });
    this.#save(SAVE_DELAY_MS);
  }

  /** Forgets all about a peer: the user's own decision. */
  forgive(peer: PeerId): void {
    if (this.#entries.delete(peer)) this.#save(0);
  }

  /** Writes what is not yet written. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty) this.#write();
    await this.#saving;
  }

  #now(): number {
    return this.#components.now?.() ?? Date.now();
  }

  #makeRoom(now: number): void {
    if (this.#entries.size < MAX_ENTRIES) return;
    // A denied peer goes last; among the others the one with the fewest points.
    const weight = (entry: LedgerEntry): number => (entry.until > now ? 1e6 : 0) + faded(entry, now);
    let least: LedgerEntry | undefined;
    for (const entry of this.#entries.values()) {
      if (least === undefined || weight(entry) < weight(least)) least = entry;
    }
    if (least !== undefined) this.#entries.delete(least.peer);
  }

  #save(delay: number): void {
    this.#dirty = true;
    if (this.#file === undefined || (this.#timer !== undefined && delay > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, delay);
    this.#timer.unref();
  }

  #write(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#dirty = false;
    this.#saving = this.#saving
      .then(() => saveLedger(file, [...this.#entries.values()]))
      .catch((error: unknown) => {
        // What is in memory still holds; the next change tries again.
        this.#dirty = true;
        this.#components.emit({ type: 'reputation-damaged', file, detail: (error as Error).message });
      });
  }
}

const faded = (entry: LedgerEntry, now: number): number =>
  entry.points * 0.5 ** (Math.max(0, now - entry.at) / HALF_LIFE_MS);

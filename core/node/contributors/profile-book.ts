import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  decodeProfile,
  encodeProfile,
  InvalidRecordError,
  type ContentId,
  type PeerId,
  type SignedProfile,
} from '../../record/index.ts';
import { writeWhole } from '../write-whole.ts';

export interface ProfileBookComponents {
  readonly own: PeerId;
  /** Records of a peer in this node's bank: what a stranger without any says of itself is not kept. */
  readonly proofsOf: (peer: PeerId) => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Must not throw. */
  readonly onFault: (error: unknown) => void;
}

/** `no`: not for a while · `later`: when it comes again. */
export type ProfileOutcome = 'taken' | 'no' | 'later';

/** Of 700 bytes at most; as many as a list names. */
export const MAX_PROFILES = 5000;
/** A clock may be wrong by so much; what is of a later time could not be replaced by its author. */
export const MAX_AHEAD_MS = 60 * 60_000;
/** What is signed anew sooner is left for later. */
export const RENEWAL_MS = 60_000;
const SAVE_MS = 60_000;
/** Written before other work is let in again. */
const SLICE = 250;

/**
 * What contributors say of themselves: the newest profile of each, of those who have proved something, and this node's own. A file
 * with a line a profile, in base64, written anew soon after a change: what a crash loses, others say again.
 */
export class ProfileBook {
  readonly #file: string;
  readonly #components: ProfileBookComponents;
  readonly #byPeer = new Map<PeerId, SignedProfile>();
  readonly #byId = new Map<ContentId, SignedProfile>();
  /** When each was taken, on the clock of `performance.now`. */
  readonly #takenAt = new Map<PeerId, number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: string, components: ProfileBookComponents) {
    this.#file = file;
    this.#components = components;
  }

  /** @param directory where the file lies, which may not be there yet */
  static async open(directory: string, components: ProfileBookComponents): Promise<ProfileBook> {
    const book = new ProfileBook(path.join(directory, 'profiles.b64'), components);
    const text = await readFile(book.#file, 'latin1').catch(() => '');
    for (const line of text.split('\n', MAX_PROFILES)) {
      if (line === '') continue;
      try {
        book.#keep(decodeProfile(new Uint8Array(Buffer.from(line, 'base64'))));
      } catch (error) {
        // Damaged: others will say it again.
        if (!(error instanceof InvalidRecordError)) throw error;
      }
    }
    return book;
  }

  get size(): number {
    return this.#byPeer.size;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  of(peer: PeerId): SignedProfile | undefined {
    return this.#byPeer.get(peer);
  }

  get(id: ContentId): SignedProfile | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<SignedProfile> {
    return this.#byPeer.values();
  }

  /** Calls back after each change. Returns its undo. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes what came from elsewhere; its signature has been checked. */
  take(profile: SignedProfile): ProfileOutcome {
    const { own, proofsOf, now } = this.#components;
    const { peer, createdAt } = profile.record;
    const before = this.#byPeer.get(peer);
    if (before !== undefined && before.record.createdAt >= createdAt) return 'no';
    // Its own is signed here and nowhere else; another machine with the same key would say other hours.
    if (peer === own || createdAt > now() + MAX_AHEAD_MS) return 'no';
    if (proofsOf(peer) === 0) return 'no';
    const takenAt = this.#takenAt.get(peer);
    if (takenAt !== undefined && performance.now() - takenAt < RENEWAL_MS) return 'later';
    if (before === undefined && this.#byPeer.size >= MAX_PROFILES && !this.#makeRoomFor(peer)) return 'no';
    this.#put(profile);
    return 'taken';
  }

  /** Takes this node's own, in the place of whatever is there. */
  putOwn(profile: SignedProfile): void {
    this.#put(profile);
  }

  /** On disk, as far as the disk lets it. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#last;
  }

  #put(profile: SignedProfile): void {
    this.#keep(profile);
    this.#takenAt.set(profile.record.peer, performance.now());
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS).unref();
    for (const listener of this.#listeners) listener();
  }

  #keep(profile: SignedProfile): void {
    const { peer } = profile.record;
    const before = this.#byPeer.get(peer);
    if (before !== undefined) this.#byId.delete(before.id);
    this.#byPeer.set(peer, profile);
    this.#byId.set(profile.id, profile);
    this.#version++;
  }

  /** Who has proved least gives way to who has proved more. */
  #makeRoomFor(newcomer: PeerId): boolean {
    const { own, proofsOf } = this.#components;
    let least: { readonly peer: PeerId; readonly proofs: number } | undefined;
    for (const peer of this.#byPeer.keys()) {
      const proofs = proofsOf(peer);
      if (peer !== own && (least === undefined || proofs < least.proofs)) least = { peer, proofs };
    }
    if (least === undefined || least.proofs >= proofsOf(newcomer)) return false;
    this.#byId.delete(this.#byPeer.get(least.peer)?.id ?? '');
    this.#byPeer.delete(least.peer);
    this.#takenAt.delete(least.peer);
    return true;
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = this.#last
      .then(async () => writeWhole(this.#file, await linesOf([...this.all()])))
      .catch((error: unknown) => this.#components.onFault(error));
  }
}

async function linesOf(profiles: readonly SignedProfile[]): Promise<string> {
  let text = '';
  for (const [index, profile] of profiles.entries()) {
    if (index % SLICE === SLICE - 1) await setImmediate();
    text += `${Buffer.from(encodeProfile(profile)).toString('base64')}\n`;
  }
  return text;
}

import { MAX_REQUESTED, type Network, type ReadBody } from '../../network/index.ts';
import { decodeProfile, encodeProfile, type PeerId, type SignedProfile } from '../../record/index.ts';
import type { OwnProfile, ProfileBook } from '../contributors/index.ts';
import { Declined } from './declined.ts';
import {
  encodeProfileList,
  PROFILE_ANNOUNCEMENT,
  PROFILE_BODY,
  PROFILE_LIST_BODY,
  PROFILE_LIST_ID,
} from './profile-kinds.ts';

export interface ProfileExchangeComponents {
  readonly book: ProfileBook;
  readonly own: Pick<OwnProfile, 'renew' | 'subscribe'>;
}

/** This node says no more of itself than once in so long, but for the first time. */
const PUBLISH_MS = 5 * 60_000;
/** Some peer's list is read so often. */
const READ_MS = 2 * 60_000;
const TICK_MS = 30_000;
/** Of one peer, which may come and go. */
const REREAD_MS = 30_000;
/** Peers of which it is remembered when they were read. */
const MAX_REMEMBERED = 1000;
/** What a stranger says of itself, an older profile, one of the future. */
const DECLINED_MS = 5 * 60_000;

/**
 * What contributors say of themselves, heard by gossip, and read from peers' lists by those who were away. Lists and not
 * reconciled sets, as a new profile takes the place of the one before.
 */
export class ProfileExchange {
  readonly #components: ProfileExchangeComponents;
  readonly #declined = new Declined(DECLINED_MS);
  readonly #stopping = new AbortController();
  /** When each was asked last, on the clock of `performance.now`. */
  readonly #askedAt = new Map<PeerId, number>();
  /** What peers are given, as of which version of the book. */
  #list: { readonly version: number; readonly bytes: Uint8Array } | undefined;
  #network: Network | undefined;
  #undo: (() => void)[] = [];
  /** On the clock of `performance.now`. */
  #publishedAt = -Infinity;
  #readAt = 0;

  constructor(components: ProfileExchangeComponents) {
    this.#components = components;
  }

  /** What others may fetch of this node, by kind. */
  bodies(): ReadonlyMap<string, ReadBody> {
    const { book } = this.#components;
    const found = (bytes: Uint8Array | undefined): ReturnType<ReadBody> =>
      Promise.resolve(bytes && { bytes, vouched: false });
    return new Map<string, ReadBody>([
      [
        PROFILE_BODY.name,
        (id) => {
          const profile = book.get(id);
          return found(profile && encodeProfile(profile));
        },
      ],
      [PROFILE_LIST_BODY.name, (id) => found(id === PROFILE_LIST_ID ? this.#encodedList() : undefined)],
    ]);
  }

  join(network: Network): void {
    this.#network = network;
    this.#readAt = performance.now();
    const timer = setInterval(() => this.#tick(network), TICK_MS).unref();
    this.#undo = [
      () => clearInterval(timer),
      network.on(PROFILE_ANNOUNCEMENT, ({ body }) => this.#take(decodeProfile(body.profile))),
      network.subscribe((event) => {
        if (event.type === 'peer-connected') this.#ask(event.peer);
      }),
      this.#components.own.subscribe(() => this.#publish()),
    ];
    for (const { peer, connections } of network.peers()) if (connections.length > 0) this.#ask(peer);
    this.#publish();
  }

  leave(): void {
    this.#stopping.abort(new Error('the node is stopping'));
    for (const undo of this.#undo) undo();
  }

  #encodedList(): Uint8Array {
    const { book } = this.#components;
    if (this.#list?.version !== book.version) {
      const ids = [...book.all()].map(({ id }) => id);
      this.#list = { version: book.version, bytes: encodeProfileList(ids) };
    }
    return this.#list.bytes;
  }

  #tick(network: Network): void {
    this.#publish();
    if (performance.now() - this.#readAt < READ_MS) return;
    this.#readAt = performance.now();
    const peers = network.peers().filter(({ connections }) => connections.length > 0);
    const chosen = peers[Math.floor(Math.random() * peers.length)];
    if (chosen !== undefined) this.#ask(chosen.peer);
  }

  /** What is not said now is said by a later tick. */
  #publish(): void {
    const now = performance.now();
    if (now - this.#publishedAt < PUBLISH_MS) return;
    const profile = this.#components.own.renew();
    if (profile === undefined) return;
    this.#publishedAt = now;
    // Whoever does not hear it finds it in a list.
    const body = { profile: new Uint8Array(encodeProfile(profile)) };
    this.#network?.announce(PROFILE_ANNOUNCEMENT, body).catch(() => undefined);
  }

  #take(profile: SignedProfile): void {
    if (this.#components.book.take(profile) === 'no') this.#declined.add(profile.id);
  }

  /** What fails is found again by a later reading. */
  #ask(peer: PeerId): void {
    const now = performance.now();
    if (now - (this.#askedAt.get(peer) ?? -Infinity) < REREAD_MS) return;
    if (this.#askedAt.size >= MAX_REMEMBERED) this.#askedAt.clear();
    this.#askedAt.set(peer, now);
    this.#readList(peer).catch(() => undefined);
  }

  async #readList(peer: PeerId): Promise<void> {
    const options = { signal: this.#stopping.signal };
    const answer = await this.#network?.fetch(PROFILE_LIST_BODY, [PROFILE_LIST_ID], peer, options);
    const { book } = this.#components;
    const wanted = (answer?.bodies[0]?.body ?? []).filter(
      (id) => book.get(id) === undefined && !this.#declined.has(id),
    );
    for (let at = 0; at < wanted.length; at += MAX_REQUESTED) {
      const ids = wanted.slice(at, at + MAX_REQUESTED);
      const profiles = await this.#network?.fetch(PROFILE_BODY, ids, peer, options);
      for (const { body } of profiles?.bodies ?? []) this.#take(body);
      if (profiles === undefined || profiles.error !== undefined) return;
    }
  }
}

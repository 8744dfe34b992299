import type { PeerId } from '../../record/index.ts';
import { ProtocolViolationError } from '../errors.ts';
import type { AnnouncementRefusal } from '../events.ts';
import type { Offence } from '../reputation/offences.ts';
import { Buckets, type Rate } from '../wire/token-bucket.ts';
import { decodeEnvelope, MAX_ANNOUNCEMENT_BYTES, type Envelope } from './envelope.ts';
import type { AnnouncementKind } from './kinds.ts';
import { Recent, Subjects } from './recent.ts';
import type { SwarmClock } from './swarm-clock.ts';
import { SWARM_TOPIC } from './topics.ts';

/** A gossip message whose author's signature holds. */
export interface SignedGossip {
  readonly topic: string;
  readonly author: PeerId;
  readonly sequenceNumber: bigint;
  readonly data: Uint8Array;
}

/** An announcement that may be believed to be its author's, and nothing more. */
export interface Announcement<T = unknown> {
  readonly kind: string;
  readonly body: T;
  readonly author: PeerId;
  /** The neighbour that it came from. */
  readonly from: PeerId;
  readonly topic: string;
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number;
}

/**
 * `accept`: hand on and pass on. `ignore`: neither, and nobody may be to blame. `reject`: every honest node would have
 * refused it, so whoever passes it on is no honest one.
 */
export type Validation =
  | { readonly outcome: 'accept'; readonly announcement: Announcement }
  | { readonly outcome: 'ignore' | 'reject'; readonly reason: AnnouncementRefusal };

export interface ValidatorComponents {
  readonly kinds: ReadonlyMap<string, AnnouncementKind<unknown>>;
  readonly clock: SwarmClock;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
}

export interface ValidatorInit {
  readonly perAuthor: Rate;
  readonly perPeer: Rate;
  readonly windowMs: number;
}

const REMEMBERED = 50_000;
const AUTHORS_EACH = 4;
/** Announcements dropped for one reason after which it is blamed: what comes by chance is only dropped. */
const DROPPED_A_BLAME = 20;

const refuse = (outcome: 'ignore' | 'reject', reason: AnnouncementRefusal): Validation => ({
  outcome,
  reason,
});

/** Decides about announcements before they are passed on. Synchronous and quick; never runs Lean, never looks into the bank. */
export class AnnouncementValidator {
  readonly #components: ValidatorComponents;
  readonly #init: ValidatorInit;
  readonly #nonces = new Recent(REMEMBERED);
  readonly #subjects = new Subjects(REMEMBERED, AUTHORS_EACH);
  readonly #authors: Buckets;
  readonly #peers: Buckets;
  readonly #dropped = new Map<string, number>();

  constructor(components: ValidatorComponents, init: ValidatorInit) {
    this.#components = components;
    this.#init = init;
    this.#authors = new Buckets(init.perAuthor);
    this.#peers = new Buckets(init.perPeer);
  }

  validate(message: SignedGossip, from: PeerId): Validation {
    if (message.data.length > MAX_ANNOUNCEMENT_BYTES) return refuse('reject', 'oversized');
    if (!this.#peers.take(from)) return this.#drop(from, 'announcements passed on');
    let envelope: Envelope;
    try {
      envelope = decodeEnvelope(message.data);
    } catch (error) {
      if (error instanceof ProtocolViolationError) return refuse('reject', 'malformed');
      throw error;
    }
    const kind = this.#components.kinds.get(envelope.kind);
    // Later versions may have more kinds.
    if (kind === undefined) return refuse('ignore', 'unknown-kind');
    if ((kind.scope === 'swarm') !== (message.topic === SWARM_TOPIC)) return refuse('reject', 'wrong-topic');
    return (
      this.#refuseStale(message, envelope, from) ??
      this.#judge(kind, { ...message, from, at: envelope.at, body: envelope.body })
    );
  }

  #judge(
    kind: AnnouncementKind<unknown>,
    message: SignedGossip & { from: PeerId; at: number; body: unknown },
  ): Validation {
    const { author, from, topic, at } = message;
    const body = kind.schema.safeParse(message.body);
    if (!body.success) return refuse('reject', 'malformed');
    if (!this.#authors.take(author)) return this.#drop(author, 'announcements made');
    if (kind.check?.(body.data, author) === false) return refuse('reject', 'invalid');
    if (!this.#subjects.hear(`${kind.name} ${kind.keyOf(body.data)}`, author))
      return refuse('ignore', 'replay');
    return { outcome: 'accept', announcement: { kind: kind.name, body: body.data, author, from, topic, at } };
  }

  /** Inside the window gossipsub's own memory catches repeats, so that honest neighbours never send one here. */
  #refuseStale(message: SignedGossip, envelope: Envelope, from: PeerId): Validation | undefined {
    const { clock, penalise } = this.#components;
    const age = clock.now() - envelope.at;
    const outside = Math.abs(age) > this.#init.windowMs;
    const known = !this.#nonces.add(`${message.author} ${message.sequenceNumber}`);
    if (!known && !outside) return undefined;
    const skew = clock.skewOf(from);
    // With a clock like ours it knew that this was long over.
    const knewBetter = skew !== undefined && age - Math.abs(skew) > 2 * this.#init.windowMs;
    if (outside && (known || knewBetter)) {
      penalise(from, 'replay', `an announcement of ${Math.round(age / 1000)} seconds ago`);
    } else if (outside && skew === undefined) {
      this.#count(from, 'replay', 'announcements out of their time, and no word of its own clock');
    }
    return refuse('ignore', known ? 'replay' : 'outside-window');
  }

  #drop(peer: PeerId, what: string): Validation {
    this.#count(peer, 'flood', `too many ${what}`);
    return refuse('ignore', 'flood');
  }

  #count(peer: PeerId, offence: Offence, detail: string): void {
    const key = `${offence} ${peer}`;
    const dropped = (this.#dropped.get(key) ?? 0) + 1;
    if (this.#dropped.size > 10_000) this.#dropped.clear();
    this.#dropped.set(key, dropped % DROPPED_A_BLAME);
    if (dropped === DROPPED_A_BLAME) this.#components.penalise(peer, offence, detail);
  }
}

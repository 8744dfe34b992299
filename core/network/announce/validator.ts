import { isPeerId, type PeerId } from '../../record/index.ts';
import { ProtocolViolationError } from '../errors.ts';
import type { AnnouncementRefusal } from '../events.ts';
import type { Offence } from '../reputation/offences.ts';
import { Buckets, type Rate } from '../wire/token-bucket.ts';
import { decodeEnvelope, MAX_ANNOUNCEMENT_BYTES, type Envelope } from './envelope.ts';
import { Intake } from './intake.ts';
import type { AnnouncementKind } from './kinds.ts';
import { Sendings, Subjects } from './recent.ts';
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
  /** Milliseconds of any monotonic clock; `performance.now` unless set. */
  readonly elapsed?: () => number;
}

export interface ValidatorInit {
  readonly perAuthor: Rate;
  readonly perPeer: Rate;
  readonly bytesPerPeer: Rate;
  readonly windowMs: number;
}

const REMEMBERED = 50_000;
const AUTHORS_EACH = 4;
/** Announcements of a flood that are dropped before it is blamed: what comes by chance is only dropped. */
const DROPPED_A_BLAME = 20;

const refuse = (outcome: 'ignore' | 'reject', reason: AnnouncementRefusal): Validation => ({
  outcome,
  reason,
});

/** Decides about announcements before they are passed on. Synchronous and quick; never runs Lean, never looks into the bank. */
export class AnnouncementValidator {
  readonly #components: ValidatorComponents;
  readonly #init: ValidatorInit;
  readonly #sendings = new Sendings(REMEMBERED);
  readonly #subjects = new Subjects(REMEMBERED, AUTHORS_EACH);
  readonly #authors: Buckets;
  readonly #peers: Buckets;
  readonly #intake: Intake;
  readonly #dropped = new Map<string, number>();

  constructor(components: ValidatorComponents, init: ValidatorInit) {
    this.#components = components;
    this.#init = init;
    this.#authors = new Buckets(init.perAuthor);
    this.#peers = new Buckets(init.perPeer);
    this.#intake = new Intake(init);
  }

  validate(message: SignedGossip, from: PeerId): Validation {
    if (message.data.length > MAX_ANNOUNCEMENT_BYTES) return refuse('reject', 'oversized');
    // An honest neighbour's own intake keeps it below this, however many flood it.
    if (!this.#peers.take(from)) return this.#drop(from, 'announcements passed on');
    // Nodes of earlier versions pass these on: their neighbours are not to blame.
    if (!isPeerId(message.author)) return refuse('ignore', 'invalid');
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
    const { author, from, topic, at, data } = message;
    const body = kind.schema.safeParse(message.body);
    if (!body.success) return refuse('reject', 'malformed');
    if (!this.#authors.take(author)) {
      // Whoever passes them on may have held them back until they are too many: only from the author itself they are a flood.
      return author === from ? this.#drop(author, 'announcements made') : refuse('ignore', 'flood');
    }
    if (kind.check?.(body.data, author) === false) return refuse('reject', 'invalid');
    const subject = `${kind.name} ${kind.keyOf(body.data)}`;
    if (!this.#subjects.isNews(subject, author)) return refuse('ignore', 'replay');
    if (!this.#intake.take(author, from, data.length)) return refuse('ignore', 'flood');
    this.#subjects.hear(subject, author);
    return { outcome: 'accept', announcement: { kind: kind.name, body: body.data, author, from, topic, at } };
  }

  /**
   * No clock says that a neighbour knew an announcement to be old: its own may be set, be corrected by peers who lie, or stand
   * still with the machine. Only what it has sent itself, it cannot have from others as news; and soon after, gossipsub's own
   * memory catches repeats, or it asked for one itself.
   */
  #refuseStale(message: SignedGossip, envelope: Envelope, from: PeerId): Validation | undefined {
    const { clock, penalise, elapsed = () => performance.now() } = this.#components;
    const { windowMs } = this.#init;
    const at = elapsed();
    const before = this.#sendings.note(`${message.author} ${message.sequenceNumber}`, { from, at });
    if (before === undefined) {
      const isOutside = Math.abs(clock.now() - envelope.at) > windowMs;
      return isOutside ? refuse('ignore', 'outside-window') : undefined;
    }
    const since = at - before.at;
    if (before.from === from && since > 2 * windowMs) {
      penalise(from, 'replay', `an announcement that it sent ${Math.round(since / 1000)} seconds before`);
    }
    return refuse('ignore', 'replay');
  }

  #drop(peer: PeerId, what: string): Validation {
    const dropped = (this.#dropped.get(peer) ?? 0) + 1;
    if (this.#dropped.size > 10_000) this.#dropped.clear();
    this.#dropped.set(peer, dropped % DROPPED_A_BLAME);
    if (dropped === DROPPED_A_BLAME) this.#components.penalise(peer, 'flood', `too many ${what}`);
    return refuse('ignore', 'flood');
  }
}

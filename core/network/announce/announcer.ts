import { TopicValidatorResult, type GossipSub, type Message } from '@libp2p/gossipsub';
import type { Environment, PeerId } from '../../record/index.ts';
import { AnnouncementTooLargeError, UnknownEnvironmentError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Offence } from '../reputation/offences.ts';
import { encodeEnvelope, MAX_ANNOUNCEMENT_BYTES } from './envelope.ts';
import { GRAYLIST_SCORE, POINT_SCORE } from './gossip.ts';
import type { AnnouncementKind } from './kinds.ts';
import { OWN_SHARE, share } from './rates.ts';
import type { SwarmClock } from './swarm-clock.ts';
import { environmentTopic, SWARM_TOPIC } from './topics.ts';
import { TokenBucket, type Rate } from '../wire/token-bucket.ts';
import type { Announcement, AnnouncementValidator } from './validator.ts';

export interface AnnouncerComponents {
  readonly pubsub: GossipSub;
  readonly validator: AnnouncementValidator;
  readonly clock: SwarmClock;
  readonly emit: Emit;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  /** Points that are held against a peer. */
  readonly pointsOf: (peer: PeerId) => number;
}

export interface AnnouncerInit {
  readonly topics: readonly string[];
  /** What others take of one author. */
  readonly perAuthor: Rate;
}

/** What dispensable announcements may take of what this node says. */
const DISPENSABLE_SHARE = 0.5;

export type AnnouncementListener<T> = (announcement: Announcement<T>) => void;

/** Publishes announcements, and hands those of others to whoever listens. */
export class Announcer {
  readonly #components: AnnouncerComponents;
  readonly #topics: readonly string[];
  readonly #listeners = new Map<string, Set<AnnouncementListener<never>>>();
  readonly #own: TokenBucket;
  readonly #dispensable: TokenBucket;

  constructor(components: AnnouncerComponents, { topics, perAuthor }: AnnouncerInit) {
    this.#components = components;
    this.#topics = topics;
    const now = performance.now();
    this.#own = new TokenBucket(share(perAuthor, OWN_SHARE), now);
    this.#dispensable = new TokenBucket(share(perAuthor, OWN_SHARE * DISPENSABLE_SHARE), now);
  }

  start(): void {
    const { pubsub } = this.#components;
    for (const topic of this.#topics) {
      pubsub.topicValidators.set(topic, (from, message) => this.#validate(from.toString(), message));
      pubsub.subscribe(topic);
    }
    pubsub.addEventListener('gossipsub:heartbeat', this.#onHeartbeat);
  }

  stop(): void {
    const { pubsub } = this.#components;
    pubsub.removeEventListener('gossipsub:heartbeat', this.#onHeartbeat);
    for (const topic of this.#topics) pubsub.topicValidators.delete(topic);
  }

  /** Calls back with each announcement of a kind that was not heard before. Returns its undo. */
  on<T>(kind: AnnouncementKind<T>, listener: AnnouncementListener<T>): () => void {
    const listeners = this.#listeners.get(kind.name) ?? new Set();
    this.#listeners.set(kind.name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /**
   * Publishes. Returns to how many neighbours it went; it reaches the others through them. Nobody may be there to hear
   * it, and what is more than others would take is left unsaid: what must arrive goes by reconciliation.
   * @throws AnnouncementTooLargeError, UnknownEnvironmentError, ZodError
   */
  async announce<T>(kind: AnnouncementKind<T>, body: T, environment?: Environment): Promise<number> {
    const { pubsub, clock } = this.#components;
    const topic = environment === undefined ? SWARM_TOPIC : environmentTopic(environment);
    if (!this.#topics.includes(topic) || (kind.scope === 'swarm') !== (topic === SWARM_TOPIC)) {
      throw new UnknownEnvironmentError(JSON.stringify(environment ?? 'no environment'));
    }
    const at = Math.max(0, Math.round(clock.now()));
    const data = encodeEnvelope({ version: 1, kind: kind.name, at, body: kind.schema.parse(body) });
    if (data.length > MAX_ANNOUNCEMENT_BYTES) {
      throw new AnnouncementTooLargeError(data.length, MAX_ANNOUNCEMENT_BYTES);
    }
    if (!this.#mayBeSaid(kind)) return 0;
    return (await pubsub.publish(topic, data)).recipients.length;
  }

  /** Whoever says more than others take is blamed for a flood. */
  #mayBeSaid({ isDispensable = false }: Pick<AnnouncementKind<unknown>, 'isDispensable'>): boolean {
    const now = performance.now();
    return (!isDispensable || this.#dispensable.take(1, now)) && this.#own.take(1, now);
  }

  #validate(from: PeerId, message: Message): TopicValidatorResult {
    const { validator, emit, penalise } = this.#components;
    if (message.type !== 'signed') return TopicValidatorResult.Reject;
    const { topic, sequenceNumber, data } = message;
    const author = message.from.toString();
    const validation = validator.validate({ topic, author, sequenceNumber, data }, from);
    if (validation.outcome === 'accept') {
      // After this one is on its way to others.
      queueMicrotask(() => this.#deliver(validation.announcement));
      return TopicValidatorResult.Accept;
    }
    emit({ type: 'announcement-refused', peer: from, author, reason: validation.reason });
    if (validation.outcome === 'ignore') return TopicValidatorResult.Ignore;
    penalise(from, validation.reason === 'oversized' ? 'oversized' : 'malformed', validation.reason);
    return TopicValidatorResult.Reject;
  }

  #deliver(announcement: Announcement): void {
    for (const listener of this.#listeners.get(announcement.kind) ?? []) {
      // The kind's own schema has parsed the body.
      (listener as AnnouncementListener<unknown>)(announcement);
    }
  }

  /** Messages whose signature does not hold never reach the validator; the score shows them. */
  readonly #onHeartbeat = (): void => {
    const { pubsub, penalise, pointsOf } = this.#components;
    if (!hasScores(pubsub)) return;
    for (const peer of pubsub.getPeers()) {
      const name = peer.toString();
      // Without its points, which are in the score: what it was blamed for once must not be held against it again.
      if (pubsub.getScore(name) - POINT_SCORE * pointsOf(name) < GRAYLIST_SCORE) {
        penalise(name, 'malformed', 'gossip that is invalid or breaks the protocol');
      }
    }
  };
}

/** Implemented by the class, though not in its interface. */
const hasScores = (pubsub: GossipSub): pubsub is GossipSub & { getScore(peer: string): number } =>
  'getScore' in pubsub && typeof pubsub.getScore === 'function';

import { encodeSubmission, type ContentId, type PeerId, type SignedSubmission } from '../../record/index.ts';
import type { CredibilitySource } from '../claims/index.ts';
import { Buckets, type Rate } from '../wire/token-bucket.ts';
import type { SubmissionOutcome } from './types.ts';

export interface StrangerLimits {
  /** Statements of strangers kept at one time; 5000 unless set. */
  readonly capacity: number;
  /** All of them together, encoded; 16 MiB unless set. */
  readonly maxBytes: number;
  /** What one submitter may put up; 10 at once and 6 an hour unless set. */
  readonly perSubmitter: Rate;
  /** What one connected peer may pass on, whoever made it; 100 at once and 1 a second unless set. */
  readonly perSender: Rate;
  /** All newcomers together; 500 at once and 2 a second unless set. */
  readonly newcomers: Rate;
  /** Older ones go, in milliseconds; 90 days unless set. */
  readonly maxAgeMs: number;
}

export const DEFAULT_LIMITS: StrangerLimits = {
  capacity: 5000,
  maxBytes: 16 * 1024 * 1024,
  perSubmitter: { perSecond: 6 / 3600, burst: 10 },
  perSender: { perSecond: 1, burst: 100 },
  newcomers: { perSecond: 2, burst: 500 },
  maxAgeMs: 90 * 86_400_000,
};

/** A clock may be wrong by so much. */
const MAX_AHEAD_MS = 2 * 86_400_000;

interface Kept {
  readonly submission: SignedSubmission;
  readonly group: string;
  readonly size: number;
}

interface Group {
  /** Oldest first. */
  readonly ids: Set<ContentId>;
  size: number;
}

/**
 * Statements that anybody put up. Peers with proven credibility count by their own key; newcomers, whose keys cost
 * nothing, by the connection over which they came. A statement takes up its bytes, and at least its part of the room for
 * all; where there is none left, the group that takes up most gives up its oldest.
 */
export class StrangerShelf {
  readonly #limits: StrangerLimits;
  readonly #credibility: CredibilitySource;
  readonly #submitters: Buckets;
  readonly #senders: Buckets;
  readonly #newcomers: Buckets;
  readonly #least: number;
  readonly #kept = new Map<ContentId, Kept>();
  /** The statement that each submission puts up. */
  readonly #statements = new Map<ContentId, ContentId>();
  readonly #groups = new Map<string, Group>();
  #size = 0;

  constructor(credibility: CredibilitySource, limits: StrangerLimits) {
    this.#limits = limits;
    this.#credibility = credibility;
    this.#submitters = new Buckets(limits.perSubmitter);
    this.#senders = new Buckets(limits.perSender);
    this.#newcomers = new Buckets(limits.newcomers, 1);
    this.#least = Math.floor(limits.maxBytes / limits.capacity);
  }

  get submissions(): readonly SignedSubmission[] {
    return [...this.#kept.values()].map(({ submission }) => submission);
  }

  /** @param id the submission's */
  get(id: ContentId): SignedSubmission | undefined {
    return this.#kept.get(this.#statements.get(id) ?? '')?.submission;
  }

  /** The group that a kept statement counts for. */
  groupOf(id: ContentId): string | undefined {
    return this.#kept.get(id)?.group;
  }

  /**
   * Takes a submission of a statement that is not on the board, where limits allow.
   * @param id the statement's
   * @param sender the connected peer it came from
   * @param now wall clock, in milliseconds since 1970
   * @param tick clock of the rate limits, in milliseconds that never go back
   * @returns in `evicted` what had to go for it
   */
  take(
    id: ContentId,
    submission: SignedSubmission,
    sender: PeerId,
    now: number,
    tick: number,
  ): { readonly outcome: SubmissionOutcome; readonly evicted: readonly ContentId[] } {
    const { submitter, createdAt } = submission.record;
    const age = now - createdAt;
    if (age > this.#limits.maxAgeMs || age < -MAX_AHEAD_MS) return { outcome: 'stale', evicted: [] };
    const evicted = this.#victims(this.#groupFor(submitter, sender), this.#sizeOf(submission));
    if (evicted === undefined) return { outcome: 'crowded-out', evicted: [] };
    if (!this.#withinRates(submitter, sender, tick)) return { outcome: 'rate-limited', evicted: [] };
    for (const victim of evicted) this.remove(victim);
    this.#keep(id, submission, sender);
    return { outcome: 'accepted', evicted };
  }

  /** Takes up what was kept before a restart, whatever the rates. Returns whether there was room. */
  restore(id: ContentId, submission: SignedSubmission): boolean {
    if (this.#size + this.#sizeOf(submission) > this.#limits.maxBytes) return false;
    this.#keep(id, submission, submission.record.submitter);
    return true;
  }

  remove(id: ContentId): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#statements.delete(kept.submission.id);
    this.#size -= kept.size;
    const group = this.#groups.get(kept.group);
    if (group === undefined) return;
    group.size -= kept.size;
    group.ids.delete(id);
    if (group.ids.size === 0) this.#groups.delete(kept.group);
  }

  /** Statements put up too long ago. */
  expired(now: number): ContentId[] {
    return [...this.#kept]
      .filter(([, { submission }]) => now - submission.record.createdAt > this.#limits.maxAgeMs)
      .map(([id]) => id);
  }

  #groupFor(submitter: PeerId, sender: PeerId): string {
    return this.#credibility.isProven(submitter) ? submitter : `via ${sender}`;
  }

  /** Of all that it counts for or of none: a sender that passes on too much does not use up what its submitters may. */
  #withinRates(submitter: PeerId, sender: PeerId, tick: number): boolean {
    const buckets = [this.#submitters.of(submitter, tick), this.#senders.of(sender, tick)];
    if (!this.#credibility.isProven(submitter)) buckets.push(this.#newcomers.of('all', tick));
    const refusing = buckets.findIndex((bucket) => !bucket.take(1, tick));
    if (refusing < 0) return true;
    // Those before it get back what they gave.
    for (const bucket of buckets.slice(0, refusing)) bucket.owe(-1, tick);
    return false;
  }

  #sizeOf(submission: SignedSubmission): number {
    return Math.max(this.#least, encodeSubmission(submission).length);
  }

  #keep(id: ContentId, submission: SignedSubmission, sender: PeerId): void {
    const name = this.#groupFor(submission.record.submitter, sender);
    const size = this.#sizeOf(submission);
    this.#kept.set(id, { submission, group: name, size });
    this.#statements.set(submission.id, id);
    const group = this.#groups.get(name) ?? { ids: new Set(), size: 0 };
    group.ids.add(id);
    group.size += size;
    this.#size += size;
    this.#groups.set(name, group);
  }

  /** What has to go for one more of a group; undefined where none would take up more than that group then. */
  #victims(name: string, size: number): ContentId[] | undefined {
    const victims: ContentId[] = [];
    let excess = this.#size + size - this.#limits.maxBytes;
    if (excess <= 0) return victims;
    const own = (this.#groups.get(name)?.size ?? 0) + size;
    const left = [...this.#groups.values()].map((group) => ({
      size: group.size,
      oldest: group.ids.values(),
    }));
    while (excess > 0) {
      const largest = left.reduce((most, group) => (group.size > most.size ? group : most));
      const victim = largest.oldest.next().value;
      if (largest.size < own || victim === undefined) return undefined;
      const freed = this.#kept.get(victim)?.size ?? 0;
      victims.push(victim);
      largest.size -= freed;
      excess -= freed;
    }
    return victims;
  }
}

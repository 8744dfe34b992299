import type { ContentId, PeerId, SignedSubmission } from '../../record/index.ts';
import type { CredibilitySource } from '../claims/index.ts';
import { Buckets, type Rate } from '../wire/token-bucket.ts';
import type { SubmissionOutcome } from './types.ts';

export interface StrangerLimits {
  /** Statements of strangers kept at one time; 5000 unless set. */
  readonly capacity: number;
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
}

/**
 * Statements that anybody put up. Peers with proven credibility count by their own key; newcomers, whose keys cost
 * nothing, by the connection over which they came. Where there is no room, the group that holds most gives up its
 * oldest.
 */
export class StrangerShelf {
  readonly #limits: StrangerLimits;
  readonly #credibility: CredibilitySource;
  readonly #submitters: Buckets;
  readonly #senders: Buckets;
  readonly #newcomers: Buckets;
  readonly #kept = new Map<ContentId, Kept>();
  /** Ids of each group, oldest first. */
  readonly #groups = new Map<string, Set<ContentId>>();

  constructor(credibility: CredibilitySource, limits: StrangerLimits) {
    this.#limits = limits;
    this.#credibility = credibility;
    this.#submitters = new Buckets(limits.perSubmitter);
    this.#senders = new Buckets(limits.perSender);
    this.#newcomers = new Buckets(limits.newcomers, 1);
  }

  get submissions(): readonly SignedSubmission[] {
    return [...this.#kept.values()].map(({ submission }) => submission);
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
  ): { readonly outcome: SubmissionOutcome; readonly evicted?: ContentId } {
    const { submitter, createdAt } = submission.record;
    const age = now - createdAt;
    if (age > this.#limits.maxAgeMs || age < -MAX_AHEAD_MS) return { outcome: 'stale' };
    const group = this.#groupFor(submitter, sender);
    const evicted = this.#kept.size >= this.#limits.capacity ? this.#victim() : undefined;
    if (evicted?.group === group) return { outcome: 'crowded-out' };
    if (!this.#withinRates(submitter, sender, tick)) return { outcome: 'rate-limited' };
    if (evicted !== undefined) this.remove(evicted.id);
    this.keep(id, submission, sender);
    return { outcome: 'accepted', ...(evicted === undefined ? {} : { evicted: evicted.id }) };
  }

  /** Keeps without asking: what was kept before a restart. */
  keep(id: ContentId, submission: SignedSubmission, sender: PeerId): void {
    const group = this.#groupFor(submission.record.submitter, sender);
    this.#kept.set(id, { submission, group });
    const ids = this.#groups.get(group) ?? new Set();
    ids.add(id);
    this.#groups.set(group, ids);
  }

  remove(id: ContentId): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    const ids = this.#groups.get(kept.group);
    ids?.delete(id);
    if (ids?.size === 0) this.#groups.delete(kept.group);
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

  /** The narrowest limit first, so that one peer cannot use up what all have together. */
  #withinRates(submitter: PeerId, sender: PeerId, tick: number): boolean {
    return (
      this.#submitters.take(submitter, 1, tick) &&
      this.#senders.take(sender, 1, tick) &&
      (this.#credibility.isProven(submitter) || this.#newcomers.take('all', 1, tick))
    );
  }

  /** The oldest of the group that holds most. */
  #victim(): { readonly id: ContentId; readonly group: string } | undefined {
    let largest: { readonly group: string; readonly ids: ReadonlySet<ContentId> } | undefined;
    for (const [group, ids] of this.#groups) {
      if (largest === undefined || ids.size > largest.ids.size) largest = { group, ids };
    }
    const [id] = largest?.ids ?? [];
    return largest === undefined || id === undefined ? undefined : { id, group: largest.group };
  }
}

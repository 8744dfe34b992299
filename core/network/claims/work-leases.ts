import type { ContentId, PeerId, WorkClaim, WorkEffort } from '../../record/index.ts';

export interface WorkLeasesInit {
  readonly claimant: PeerId;
  /** How long a claim holds without a heartbeat, in milliseconds; 180,000 unless set. */
  readonly leaseMs?: number;
  /** Time between heartbeats, in milliseconds; a third of the lease unless set, so that one may be lost. */
  readonly beatMs?: number;
}

export interface WorkLeasesComponents {
  /** 8 bytes that nobody can guess. */
  readonly nonce: () => Uint8Array<ArrayBuffer>;
}

/** How this node works on a statement, as its claims say it. */
export type WorkMethod = Omit<WorkEffort, 'seconds'>;

/** As the record has it: a week. */
const MAX_SECONDS = 604_800;

interface Held {
  readonly method: WorkMethod;
  readonly startedAt: number;
  last: WorkClaim;
}

/**
 * This node's own claims: what to sign and announce, and when. `now` is the wall clock in milliseconds since 1970,
 * which may be set at any time: a step either way makes a heartbeat due.
 */
export class WorkLeases {
  readonly #nonce: () => Uint8Array<ArrayBuffer>;
  readonly #claimant: PeerId;
  readonly #leaseMs: number;
  readonly #beatMs: number;
  readonly #held = new Map<ContentId, Held>();

  constructor(components: WorkLeasesComponents, init: WorkLeasesInit) {
    this.#nonce = components.nonce;
    this.#claimant = init.claimant;
    this.#leaseMs = init.leaseMs ?? 180_000;
    this.#beatMs = init.beatMs ?? this.#leaseMs / 3;
  }

  get statements(): readonly ContentId[] {
    return [...this.#held.keys()];
  }

  /** When the next heartbeat is due, in milliseconds since 1970. */
  get nextBeatAt(): number | undefined {
    let next: number | undefined;
    for (const { last } of this.#held.values())
      next = Math.min(next ?? Infinity, last.issuedAt + this.#beatMs);
    return next;
  }

  /** Starts on a statement; the claim is to be signed and announced. */
  begin(statement: ContentId, method: WorkMethod, now: number): WorkClaim {
    const last: WorkClaim = {
      claimant: this.#claimant,
      statement,
      nonce: this.#nonce(),
      beat: 0,
      state: 'working',
      issuedAt: now,
      expiresAt: now + this.#leaseMs,
      effort: { ...method, seconds: 0 },
    };
    this.#held.set(statement, { method, startedAt: now, last });
    return last;
  }

  /** The heartbeats that are due. */
  beats(now: number): WorkClaim[] {
    const due: WorkClaim[] = [];
    for (const held of this.#held.values()) {
      if (Math.abs(now - held.last.issuedAt) < this.#beatMs) continue;
      held.last = this.#next(held, 'working', now);
      due.push(held.last);
    }
    return due;
  }

  /** Done with a statement, whatever came of it: the last word. Undefined where it was not held. */
  end(statement: ContentId, now: number): WorkClaim | undefined {
    const held = this.#held.get(statement);
    if (held === undefined) return undefined;
    this.#held.delete(statement);
    return this.#next(held, 'ended', now);
  }

  #next({ last, method, startedAt }: Held, state: WorkClaim['state'], now: number): WorkClaim {
    const seconds = Math.min(
      MAX_SECONDS,
      Math.max(last.effort.seconds, Math.floor((now - startedAt) / 1000)),
    );
    return {
      ...last,
      beat: last.beat + 1,
      state,
      issuedAt: now,
      expiresAt: now + this.#leaseMs,
      effort: { ...method, seconds },
    };
  }
}

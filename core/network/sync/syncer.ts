import type { Connection, Stream } from '@libp2p/interface';
import { PeerTooSlowError, ProtocolViolationError } from '../errors.ts';
import type { Emit, SyncSummary } from '../events.ts';
import type { PeerId } from '../../record/index.ts';
import type { Offence } from '../reputation/offences.ts';
import type { Patience } from '../reputation/patience.ts';
import type { FrameChannel } from '../wire/channel.ts';
import { within } from '../wire/deadline.ts';
import type { ReconciledSet } from './reconciled-set.ts';
import { runSyncSession, type SyncSessionComponents, type Taken } from './session.ts';

export const SYNC_PROTOCOL = '/proofswarm/sync/1';

export interface SyncerComponents {
  readonly set: ReconciledSet;
  readonly emit: Emit;
  /** Milliseconds since 1970, by this node's own clock. */
  readonly now: () => number;
  /** Opens a stream of the sync protocol. */
  readonly open: (peer: PeerId, signal: AbortSignal) => Promise<FrameChannel>;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly patience: Patience;
  /** What a peer says the time is. */
  readonly onClock: (peer: PeerId, theirNow: number) => void;
  /** Takes digests that a peer holds and says that this node lacks. */
  readonly onNeeded: (peer: PeerId, digests: readonly Uint8Array[]) => Promise<Taken>;
  /** Whether a session with this peer may find what there is room for. */
  readonly mayBegin: (peer: PeerId) => boolean;
}

export interface SyncerInit {
  readonly intervalMs: number;
  /** The least time between sessions with one peer, and how soon it hears of records that came by reconciliation. */
  readonly settleMs: number;
  readonly maxInbound: number;
  readonly frameTimeoutMs: number;
  readonly sessionTimeoutMs: number;
}

/** Times are on the clock of `performance.now`. */
interface Partner {
  dueAt: number;
  endedAt: number;
  running: boolean;
}

const TICK_MS = 250;
/** Sessions that this node begins run beside each other only so far: each finds the same on a node that lacks much. */
const MAX_OUTBOUND = 3;
const FIRST_DELAY_MS = 100;
/** After a failure, and where a session left something open. */
const RETRY_MS = 5000;
const ROOM_DELAY_MS = 500;
/** A peer is waited for so long in one session before it brings something new: it holds a slot that another could have. */
const PATIENCE_MS = 60_000;

/**
 * Reconciles with every connected peer when it comes and from time to time after: the anti-entropy that makes good
 * whatever gossip lost. Sessions run both ways, so that one side's initiative is enough.
 */
export class Syncer {
  readonly #components: SyncerComponents;
  readonly #init: SyncerInit;
  readonly #partners = new Map<PeerId, Partner>();
  readonly #sessions = new Set<Promise<unknown>>();
  readonly #inbound = new Set<PeerId>();
  readonly #stopping = new AbortController();
  /** When the set last grew. */
  #grownAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(components: SyncerComponents, init: SyncerInit) {
    this.#components = components;
    this.#init = init;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort(new Error('the network is being stopped'));
    await Promise.allSettled(this.#sessions);
  }

  /** A peer that speaks the protocol is here. The side that dialled begins; the other waits its turn. */
  add(peer: PeerId, connection: Pick<Connection, 'direction'>): void {
    if (this.#partners.has(peer)) return;
    const delay = connection.direction === 'outbound' ? FIRST_DELAY_MS : this.#init.intervalMs;
    const now = performance.now();
    this.#partners.set(peer, { dueAt: now + delay * (0.5 + Math.random()), endedAt: now, running: false });
  }

  remove(peer: PeerId): void {
    this.#partners.delete(peer);
  }

  /**
   * The set has grown. Neighbours may lack what came, gossiped or not: without this, what one session brings would wait
   * a whole interval at every node on its way.
   */
  spread(): void {
    const now = performance.now();
    this.#grownAt = now;
    for (const partner of this.#partners.values()) {
      const earliest = Math.max(now, partner.endedAt) + this.#init.settleMs * (0.5 + Math.random());
      partner.dueAt = Math.min(partner.dueAt, earliest);
    }
  }

  /** There is room again for what this peer has more to give of. */
  roomAvailable(peer: PeerId): void {
    const partner = this.#partners.get(peer);
    if (partner !== undefined) partner.dueAt = Math.min(partner.dueAt, performance.now() + ROOM_DELAY_MS);
  }

  /**
   * Reconciles with a peer now.
   * @throws whatever keeps the session from its end, a broken protocol included; what was found before is kept
   */
  async syncWith(peer: PeerId, signal?: AbortSignal): Promise<SyncSummary> {
    const channel = await this.#components.open(peer, this.#signal(signal));
    return this.#track(this.#session(peer, channel, 'initiator', signal));
  }

  /** Serves a session that a peer began. */
  async serve(peer: PeerId, stream: Pick<Stream, 'abort'>, channel: FrameChannel): Promise<void> {
    const tooMany = this.#inbound.has(peer) || this.#inbound.size >= this.#init.maxInbound;
    if (tooMany || this.#components.patience.restLeft(peer) > 0) {
      stream.abort(new Error(tooMany ? 'too many sessions' : 'too slow a while ago'));
      return;
    }
    this.#inbound.add(peer);
    const session = this.#session(peer, channel, 'responder').finally(() => this.#inbound.delete(peer));
    await this.#track(session).catch(() => undefined);
  }

  #tick(): void {
    const now = performance.now();
    let running = [...this.#partners.values()].filter((partner) => partner.running).length;
    // Who came first is not to be served first again and again.
    for (const [peer, partner] of [...this.#partners].sort(([, a], [, b]) => a.dueAt - b.dueAt)) {
      if (running >= MAX_OUTBOUND) return;
      if (partner.running || partner.dueAt > now || !this.#components.mayBegin(peer)) continue;
      if (this.#components.patience.restLeft(peer) > 0) continue;
      partner.running = true;
      running++;
      void this.#turn(peer, partner);
    }
  }

  async #turn(peer: PeerId, partner: Partner): Promise<void> {
    const began = performance.now();
    let wait = RETRY_MS;
    try {
      const { complete } = await this.syncWith(peer);
      // What came meanwhile the session may not have seen.
      if (complete) wait = this.#grownAt >= began ? this.#init.settleMs : this.#init.intervalMs;
    } catch {
      // Reported by the session; the next one may fare better.
    }
    partner.running = false;
    partner.endedAt = performance.now();
    partner.dueAt = partner.endedAt + wait * (0.75 + Math.random() / 2);
  }

  async #session(
    peer: PeerId,
    channel: FrameChannel,
    role: 'initiator' | 'responder',
    signal?: AbortSignal,
  ): Promise<SyncSummary> {
    const { set, emit, now, onClock, onNeeded, penalise, patience } = this.#components;
    emit({ type: 'sync-started', peer, initiator: role === 'initiator' });
    try {
      const components: SyncSessionComponents = {
        set,
        channel,
        now,
        onHello: (hello) => onClock(peer, hello.now),
        onNeeded: (digests) => onNeeded(peer, digests),
        onProgress: (progress) => emit({ type: 'sync-progress', peer, here: set.size, ...progress }),
      };
      const { frameTimeoutMs, sessionTimeoutMs: timeoutMs } = this.#init;
      const late = 'the session took too long';
      const summary = await within({ timeoutMs, late, signal: this.#signal(signal) }, (until) =>
        runSyncSession(components, { role, frameTimeoutMs, patienceMs: PATIENCE_MS, signal: until }),
      );
      await channel.close();
      if (summary.complete) patience.inTime(peer);
      emit({ type: 'sync-finished', peer, ...summary });
      return summary;
    } catch (error) {
      channel.abort(error as Error);
      if (error instanceof ProtocolViolationError) penalise(peer, error.offence, error.message);
      if (error instanceof PeerTooSlowError) patience.tooSlow(peer, error.message);
      emit({ type: 'sync-failed', peer, reason: (error as Error).message });
      throw error;
    }
  }

  #signal(signal?: AbortSignal): AbortSignal {
    const own = this.#stopping.signal;
    return signal === undefined ? own : AbortSignal.any([own, signal]);
  }

  #track<T>(session: Promise<T>): Promise<T> {
    this.#sessions.add(session);
    const untrack = (): void => void this.#sessions.delete(session);
    session.then(untrack, untrack);
    return session;
  }
}

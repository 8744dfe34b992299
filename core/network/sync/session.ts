import { PeerTooSlowError, ProtocolViolationError, StreamEndedError } from '../errors.ts';
import type { SyncSummary } from '../events.ts';
import type { AbortOptions } from '../store.ts';
import type { FrameChannel, WriteOptions } from '../wire/channel.ts';
import { Deadline } from '../wire/deadline.ts';
import { decodeHello, encodeHello, MAX_HELLO_BYTES, newSalt, type Hello } from './hello.ts';
import type { ReconciledSet, ReconciledSide } from './reconciled-set.ts';
import { MAX_TURN_BYTES } from './reconciler.ts';

/** What came of digests that a peer says this side lacks. */
export interface Taken {
  /** Whether there is room for more; where there is none the session ends, and the next one goes on from there. */
  readonly room: boolean;
  /** How much of what the peer has ever named has come since; it only grows, and what the peer makes up does not count. */
  readonly proved: number;
}

export interface SyncSessionComponents {
  readonly set: ReconciledSet;
  readonly channel: FrameChannel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with what the other side says of itself. */
  readonly onHello: (hello: Hello) => void;
  /** Takes digests that the other side holds and says that this one lacks. */
  readonly onNeeded: (digests: readonly Uint8Array[]) => Promise<Taken>;
  readonly onProgress: (progress: { needed: number; offered: number; there: number }) => void;
}

export interface SyncSessionInit {
  readonly role: 'initiator' | 'responder';
  /** For each frame to come in or go out. */
  readonly frameTimeoutMs: number;
  /** How long the other side may be waited for, all its frames together, before it brings something new. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
}

/** No tree of records is so deep that this many turns in a row find nothing. */
const MAX_IDLE_TURNS = 16;
/** More than any two banks need. */
const MAX_TURNS = 2000;

/**
 * One reconciliation over one channel. Each side sends a hello and then takes turns, the initiator first; a turn that
 * asks nothing ends the session. An ended or interrupted session loses nothing: what was found is being fetched, and
 * the next one starts from what the sets are then.
 * @throws ProtocolViolationError, PeerTooSlowError, or the signal's reason; never StreamEndedError, which is an incomplete session
 */
export async function runSyncSession(
  components: SyncSessionComponents,
  init: SyncSessionInit,
): Promise<SyncSummary> {
  const session = new SyncSession(components, init);
  try {
    await session.run();
  } catch (error) {
    if (!(error instanceof StreamEndedError)) throw error;
  }
  return session.summary;
}

class SyncSession {
  readonly #components: SyncSessionComponents;
  readonly #init: SyncSessionInit;
  readonly #abortable: AbortOptions;
  readonly #started = performance.now();
  #complete = false;
  #turnsSent = 0;
  #turnsRead = 0;
  #idleTurns = 0;
  #needed = 0;
  #offered = 0;
  /** Milliseconds spent waiting for the other side since it last brought something new. */
  #waited = 0;
  #proved: number | undefined;

  constructor(components: SyncSessionComponents, init: SyncSessionInit) {
    this.#components = components;
    this.#init = init;
    this.#abortable = init.signal === undefined ? {} : { signal: init.signal };
  }

  get summary(): SyncSummary {
    const { bytesIn, bytesOut } = this.#components.channel;
    return {
      complete: this.#complete,
      roundTrips: Math.max(this.#turnsSent, this.#turnsRead),
      bytesIn,
      bytesOut,
      needed: this.#needed,
      offered: this.#offered,
      milliseconds: performance.now() - this.#started,
    };
  }

  async run(): Promise<void> {
    const { set, now, onHello, onProgress } = this.#components;
    const initiator = this.#init.role === 'initiator';
    const own: Hello = { records: set.size, now: Math.max(0, Math.round(now())), salt: newSalt() };
    let side = set.side(own.salt);
    if (initiator) {
      await this.#write(encodeHello(own));
      await this.#writeTurn(await side.begin(this.#abortable));
    }
    const hello = decodeHello(await this.#read(MAX_HELLO_BYTES));
    onHello(hello);
    if (!initiator) {
      side = set.side(hello.salt);
      await this.#write(encodeHello(own));
    }
    while (await this.#takeTurn(side)) {
      onProgress({ needed: this.#needed, offered: this.#offered, there: hello.records });
    }
    onProgress({ needed: this.#needed, offered: this.#offered, there: hello.records });
  }

  /** Reads a turn and answers it. Returns whether another one is to come. */
  async #takeTurn(side: ReconciledSide): Promise<boolean> {
    const turn = await this.#read(MAX_TURN_BYTES);
    this.#turnsRead++;
    const outcome = await side.respond(turn, this.#abortable);
    this.#needed += outcome.needed.length;
    this.#offered += outcome.offered;
    this.#idleTurns = outcome.needed.length + outcome.offered > 0 ? 0 : this.#idleTurns + 1;
    const room = outcome.needed.length === 0 || (await this.#need(outcome.needed));
    if (outcome.asked) await this.#writeTurn(outcome.reply);
    if (outcome.final) this.#complete = true;
    if (outcome.final || !room) return false;
    if (this.#turnsRead >= MAX_TURNS) throw new PeerTooSlowError(`${MAX_TURNS} turns and no end`);
    if (this.#idleTurns > MAX_IDLE_TURNS) {
      throw new ProtocolViolationError('loop', `${this.#idleTurns} turns without any record`);
    }
    return true;
  }

  /** Returns whether there is room for more. */
  async #need(digests: readonly Uint8Array[]): Promise<boolean> {
    const { room, proved } = await this.#components.onNeeded(digests);
    // What is here already, or nowhere, it may name for ever.
    if (this.#proved !== undefined && proved > this.#proved) this.#waited = 0;
    this.#proved = proved;
    return room;
  }

  async #read(maxBytes: number): Promise<Uint8Array> {
    const frame = await this.#wait((limits) => this.#components.channel.read({ maxBytes, ...limits }));
    if (frame === undefined) throw new StreamEndedError('before all was compared');
    return frame;
  }

  async #writeTurn(turn: Uint8Array): Promise<void> {
    this.#turnsSent++;
    await this.#write(turn);
  }

  #write(frame: Uint8Array): Promise<void> {
    return this.#wait((limits) => this.#components.channel.write(frame, limits));
  }

  async #wait<T>(exchange: (limits: WriteOptions) => Promise<T>): Promise<T> {
    const left = this.#init.patienceMs - this.#waited;
    if (left <= 0) throw new PeerTooSlowError('waited for again and again, and nothing new');
    const deadline = new Deadline(left);
    const timeoutMs = Math.min(this.#init.frameTimeoutMs, left);
    const result = await exchange({ timeoutMs, ...this.#abortable });
    this.#waited += left - deadline.leftMs;
    return result;
  }
}

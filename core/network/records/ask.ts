import { setImmediate } from 'node:timers/promises';
import { InvalidRecordError, type ContentId } from '../../record/index.ts';
import { PeerTooSlowError, ProtocolViolationError, StreamEndedError } from '../errors.ts';
import { digestOf, idOf } from '../wire/digest.ts';
import type { FrameChannel } from '../wire/channel.ts';
import { Deadline } from '../wire/deadline.ts';
import { ANSWER_BUDGET_BYTES, decodeAnswer, encodeRequest, MAX_ANSWER_FRAME_BYTES } from './protocol.ts';

/** What one kind of body is, and how its bytes are checked. */
export interface BodyKind<T> {
  /** As it stands in the request. */
  readonly name: string;
  /** @throws InvalidRecordError unless the bytes are the canonical encoding of what has that id, and truly signed */
  readonly decode: (bytes: Uint8Array, id: ContentId) => T;
}

export interface FetchedBody<T> {
  readonly id: ContentId;
  readonly body: T;
  /** Whether the sender says that its own kernel accepted it. */
  readonly vouched: boolean;
}

/** What one peer gave for one request; what is in neither list it did not get to. */
export interface Answer<T> {
  readonly bodies: readonly FetchedBody<T>[];
  readonly absent: readonly ContentId[];
  /** It has them, but they are too large to be passed on, or damaged. */
  readonly tooLarge: readonly ContentId[];
  /** What made the answer end early, where something did. What came before it is good all the same. */
  readonly error?: Error;
}

export interface AskInit {
  readonly frameTimeoutMs: number;
  /** For all that the peer may be waited for in one answer. */
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks one peer for bodies by id and checks each. At most `ANSWER_BUDGET_BYTES` and one body are kept in memory. Rejects with the signal's reason only.
 * @param ids at most `MAX_REQUESTED`
 */
export async function askForBodies<T>(
  channel: FrameChannel,
  kind: BodyKind<T>,
  ids: readonly ContentId[],
  init: AskInit,
): Promise<Answer<T>> {
  const exchange = new Exchange(channel, kind, ids, init);
  try {
    await exchange.run();
    return exchange.answer;
  } catch (error) {
    init.signal.throwIfAborted();
    return { ...exchange.answer, error: error as Error };
  }
}

class Exchange<T> {
  readonly #channel: FrameChannel;
  readonly #kind: BodyKind<T>;
  readonly #init: AskInit;
  readonly #open: Set<ContentId>;
  readonly #bodies: FetchedBody<T>[] = [];
  readonly #absent: ContentId[] = [];
  readonly #tooLarge: ContentId[] = [];
  #bytes = 0;
  #frames = 0;
  /** Milliseconds spent waiting for the peer: what checking takes here is not its fault. */
  #waited = 0;

  constructor(channel: FrameChannel, kind: BodyKind<T>, ids: readonly ContentId[], init: AskInit) {
    this.#channel = channel;
    this.#kind = kind;
    this.#init = init;
    this.#open = new Set(ids);
  }

  get answer(): Answer<T> {
    return { bodies: this.#bodies, absent: this.#absent, tooLarge: this.#tooLarge };
  }

  async run(): Promise<void> {
    const { frameTimeoutMs: timeoutMs, signal } = this.#init;
    const request = encodeRequest({ kind: this.#kind.name, digests: [...this.#open].map(digestOf) });
    await this.#channel.write(request, { timeoutMs, signal });
    await this.#channel.close();
    while (this.#open.size > 0) {
      const left = this.#init.answerTimeoutMs - this.#waited;
      if (left <= 0) throw new PeerTooSlowError('the answer took too long');
      const deadline = new Deadline(left);
      const frame = await this.#channel.read({
        maxBytes: MAX_ANSWER_FRAME_BYTES,
        timeoutMs: Math.min(timeoutMs, left),
        signal,
      });
      this.#waited += left - deadline.leftMs;
      if (frame === undefined) {
        if (this.#frames === 0) throw new StreamEndedError('without an answer');
        return;
      }
      this.#take(frame);
      // Checking a signature takes a millisecond; frames may lie here by the dozen.
      await setImmediate();
    }
  }

  #take(frame: Uint8Array): void {
    this.#bytes += frame.length;
    this.#frames++;
    if (this.#bytes > ANSWER_BUDGET_BYTES + MAX_ANSWER_FRAME_BYTES) {
      throw new ProtocolViolationError('oversized', `an answer of ${this.#bytes} bytes`);
    }
    const answer = decodeAnswer(frame);
    if (answer.kind === 'absent') {
      const list = answer.reason === 'unknown' ? this.#absent : this.#tooLarge;
      for (const digest of answer.digests) list.push(this.#settle(idOf(digest)));
      return;
    }
    const id = this.#settle(idOf(answer.digest));
    try {
      this.#bodies.push({ id, body: this.#kind.decode(answer.body, id), vouched: answer.vouched });
    } catch (error) {
      if (!(error instanceof InvalidRecordError)) throw error;
      throw new ProtocolViolationError('forged', error.message.slice(0, 300));
    }
  }

  #settle(id: ContentId): ContentId {
    if (!this.#open.delete(id)) throw new ProtocolViolationError('malformed', `${id} was not asked for`);
    return id;
  }
}

import { ProtocolViolationError } from '../../errors.ts';
import { Reconciler, type TurnOutcome } from '../reconciler.ts';
import { RecordSet } from '../record-set.ts';
import type { PackedOutcome, Reply, Request, TurnCall } from './messages.ts';
import { packDigests, unpackKeys } from './packed-keys.ts';

export type SendReply = (reply: Reply, transfer: ArrayBuffer[]) => void;

/**
 * The thread's side: keeps sets by number and does with them what it is asked, in that order. Turns give way to each other,
 * and to what is asked meanwhile, every few milliseconds. Throws where a set is broken: all are built anew then.
 */
export class SetKeeper {
  readonly #sets = new Map<number, RecordSet>();
  readonly #turns = new Map<number, AbortController>();
  readonly #send: SendReply;

  constructor(send: SendReply) {
    this.#send = send;
  }

  take(request: Request): void {
    switch (request.type) {
      case 'add':
      case 'remove': {
        const set = this.#setOf(request.set);
        for (const key of unpackKeys(request.keys)) {
          if (request.type === 'add') set.add(key);
          else set.delete(key);
        }
        this.#send({ call: request.call, type: 'done', size: set.size }, []);
        return;
      }
      case 'begin':
      case 'respond':
        void this.#turn(request, request.call);
        return;
      case 'cancel':
        this.#turns.get(request.call)?.abort();
        return;
      case 'drop':
        this.#sets.delete(request.set);
    }
  }

  /** A turn that fails is its session's misfortune. */
  async #turn(asked: TurnCall, call: number): Promise<void> {
    const set = this.#setOf(asked.set);
    const stop = new AbortController();
    this.#turns.set(call, stop);
    try {
      const reconciler = new Reconciler(set, asked.salt);
      const turn = packed(
        asked.type === 'begin'
          ? opening(reconciler.begin())
          : await reconciler.respond(asked.turn, stop.signal),
      );
      this.#send({ call, type: 'done', size: set.size, turn }, [turn.reply.buffer, turn.needed.buffer]);
    } catch (error) {
      if (!stop.signal.aborted) this.#send({ call, ...failureOf(error) }, []);
    } finally {
      this.#turns.delete(call);
    }
  }

  #setOf(number: number): RecordSet {
    const known = this.#sets.get(number);
    if (known !== undefined) return known;
    const set = new RecordSet();
    this.#sets.set(number, set);
    return set;
  }
}

const opening = (reply: TurnOutcome['reply']): TurnOutcome => ({
  asked: true,
  reply,
  final: false,
  needed: [],
  offered: 0,
});

const packed = ({ needed, ...outcome }: TurnOutcome): PackedOutcome => ({
  ...outcome,
  needed: packDigests(needed),
});

const failureOf = (error: unknown) =>
  error instanceof ProtocolViolationError
    ? ({ type: 'violation', offence: error.offence, detail: error.detail } as const)
    : ({ type: 'failed', detail: error instanceof Error ? error.message : String(error) } as const);

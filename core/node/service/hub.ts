import { randomUUID } from 'node:crypto';
import {
  applyEvent,
  type ApiEvent,
  type ApiState,
  type Snapshot,
  type StreamMessage,
} from '../../api/index.ts';

/** The last event that somebody has seen. */
export interface SeenUpTo {
  readonly epoch: string;
  readonly seq: number;
}

/** Events kept for those who come back after a lost connection; who was away longer gets a snapshot. */
const KEPT = 2000;

/** The state of a node as its faces see it, the numbering of its events, and who listens. */
export class ApiHub {
  readonly epoch: string = randomUUID();
  readonly #listeners = new Set<(message: StreamMessage) => void>();
  readonly #recent: ApiEvent[] = [];
  #state: ApiState;
  #seq = 0;

  constructor(initial: ApiState) {
    this.#state = initial;
  }

  get state(): ApiState {
    return this.#state;
  }

  get seq(): number {
    return this.#seq;
  }

  snapshot(): Snapshot {
    return { epoch: this.epoch, seq: this.#seq, state: this.#state };
  }

  /** A listener that throws keeps no other from hearing the event. */
  readonly emit = (event: ApiEvent): void => {
    this.#seq++;
    this.#state = applyEvent(this.#state, event);
    this.#recent.push(event);
    if (this.#recent.length > KEPT) this.#recent.shift();
    const message = this.#message(this.#seq, event);
    for (const listener of this.#listeners) {
      try {
        listener(message);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  /**
   * Begins with what was missed since `seen`, or else with a snapshot; goes on with events. Returns its undo.
   */
  subscribe(listener: (message: StreamMessage) => void, seen?: SeenUpTo): () => void {
    const missed = seen?.epoch === this.epoch ? this.#seq - seen.seq : Infinity;
    if (missed >= 0 && missed <= this.#recent.length) {
      const first = this.#recent.length - missed;
      this.#recent.slice(first).forEach((event, index) => {
        listener(this.#message(this.#seq - missed + index + 1, event));
      });
    } else {
      listener({ kind: 'snapshot', snapshot: this.snapshot() });
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #message(seq: number, event: ApiEvent): StreamMessage {
    return { kind: 'event', event: { epoch: this.epoch, seq, event } };
  }
}

import { commands, type CommandInput, type CommandName, type CommandOutput } from '../commands.ts';
import { ApiError } from '../errors.ts';
import type { ApiEvent } from '../events.ts';
import { applyEvent, type ApiState, type Snapshot } from '../state.ts';
import type { SequencedEvent } from '../wire.ts';
import type { ApiTransport, TransportMessage } from './transport.ts';

const MOST_MISSED = 10_000;

/** What a client tells its listeners. */
export type ClientUpdate =
  /** All is new: lists that were read by commands are to be read again. */
  | { readonly kind: 'synced'; readonly state: ApiState }
  | { readonly kind: 'event'; readonly event: ApiEvent; readonly seq: number; readonly state: ApiState }
  | { readonly kind: 'disconnected'; readonly detail: string };

/** A typed view of a node: its commands, and its state as a snapshot kept current by events. */
export class ApiClient {
  readonly #transport: ApiTransport;
  readonly #listeners = new Set<(update: ClientUpdate) => void>();
  readonly #unsubscribe: () => void;
  #snapshot: Snapshot | undefined;
  /** Events that came since a gap was seen, while a snapshot is on its way. */
  #missed: SequencedEvent[] | undefined;
  #closed = false;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
    this.#unsubscribe = transport.subscribe((message) => this.#receive(message));
  }

  /** Undefined until the first snapshot has come. */
  get state(): ApiState | undefined {
    return this.#snapshot?.state;
  }

  /** Number of the last event that `state` holds. */
  get seq(): number {
    return this.#snapshot?.seq ?? 0;
  }

  /**
   * Carries a command out.
   * @throws ApiError; the signal's reason once aborted
   */
  async call<C extends CommandName>(
    name: C,
    input: CommandInput<C>,
    signal?: AbortSignal,
  ): Promise<CommandOutput<C>> {
    const output = await this.#transport.call(name, input, signal);
    const parsed = commands[name].output.safeParse(output);
    if (!parsed.success) {
      throw new ApiError('internal', `the node answered ${name} with something else; is it another version?`);
    }
    return parsed.data as CommandOutput<C>;
  }

  /** Calls back with all that changes. Returns its undo. */
  subscribe(listener: (update: ClientUpdate) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#listeners.clear();
  }

  #receive(message: TransportMessage): void {
    if (this.#closed) return;
    switch (message.kind) {
      case 'disconnected':
        this.#tell(message);
        return;
      case 'snapshot':
        this.#adopt(message.snapshot);
        return;
      case 'event':
        this.#take(message.event);
    }
  }

  #take(sequenced: SequencedEvent): void {
    const { epoch, seq, event } = sequenced;
    const last = this.#snapshot;
    if (last?.epoch === epoch && seq <= last.seq) return;
    if (this.#missed !== undefined) {
      this.#missed.push(sequenced);
      // Where the snapshot holds too little, the gap shows again.
      if (this.#missed.length > MOST_MISSED) this.#missed.shift();
      return;
    }
    if (last?.epoch !== epoch || seq !== last.seq + 1) {
      this.#resync();
      return;
    }
    const state = applyEvent(last.state, event);
    this.#snapshot = { epoch, seq, state };
    this.#tell({ kind: 'event', event, seq, state });
  }

  /** The snapshot is newer than what showed the gap; what comes meanwhile waits, as it may be newer still. */
  #resync(): void {
    this.#missed = [];
    this.call('api.snapshot', {}).then(
      (snapshot) => {
        if (!this.#closed) this.#adopt(snapshot);
      },
      (error: unknown) => {
        this.#missed = undefined;
        if (!this.#closed) this.#tell({ kind: 'disconnected', detail: (error as Error).message });
      },
    );
  }

  #adopt(snapshot: Snapshot): void {
    const later = this.#missed ?? [];
    this.#missed = undefined;
    this.#snapshot = snapshot;
    this.#tell({ kind: 'synced', state: snapshot.state });
    for (const event of later) this.#take(event);
  }

  #tell(update: ClientUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }
}

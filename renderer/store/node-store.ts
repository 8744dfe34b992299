import type {
  ApiClient,
  ApiEvent,
  ApiState,
  ClientUpdate,
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../core/api/index.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly detail: string };

/** The node as React reads it: a state that is replaced, never changed, and a connection beside it. */
export class NodeStore {
  readonly #client: ApiClient;
  readonly #listeners = new Set<() => void>();
  readonly #updates = new Set<(update: ClientUpdate) => void>();
  #connection: Connection = { kind: 'connecting' };

  constructor(client: ApiClient) {
    this.#client = client;
    client.subscribe((update) => this.#receive(update));
  }

  get state(): ApiState | undefined {
    return this.#client.state;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** @throws ApiError */
  call<C extends CommandName>(
    name: C,
    input: CommandInput<C>,
    signal?: AbortSignal,
  ): Promise<CommandOutput<C>> {
    return this.#client.call(name, input, signal);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Each event, and each time all is new. Returns its undo. */
  onUpdate(listener: (update: ClientUpdate) => void): () => void {
    this.#updates.add(listener);
    return () => void this.#updates.delete(listener);
  }

  /** Calls back when something of these types happened, or when events may have been missed. */
  onChange(types: readonly ApiEvent['type'][], listener: () => void): () => void {
    return this.onUpdate((update) => {
      if (update.kind === 'synced' || (update.kind === 'event' && types.includes(update.event.type)))
        listener();
    });
  }

  #receive(update: ClientUpdate): void {
    this.#connection = update.kind === 'disconnected' ? { kind: 'lost', detail: update.detail } : LIVE;
    for (const listener of this.#updates) listener(update);
    for (const listener of this.#listeners) listener();
  }
}

const LIVE: Connection = { kind: 'live' };

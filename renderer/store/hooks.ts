import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type {
  ApiEvent,
  ApiState,
  Capability,
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../core/api/index.ts';
import { errorText } from './error-text.ts';
import type { Connection, NodeStore } from './node-store.ts';
import type { ListState } from './list-state.ts';
import { PagedList, type Page } from './paged-list.ts';
import { Query, type Loaded } from './query.ts';
import { WindowedList } from './windowed-list.ts';

export const NodeContext = createContext<NodeStore | undefined>(undefined);

export function useNode(): NodeStore {
  const store = useContext(NodeContext);
  if (store === undefined) throw new Error('a component outside of NodeContext');
  return store;
}

export function useConnection(): Connection {
  const store = useNode();
  return useSyncExternalStore(store.subscribe, () => store.connection);
}

/** Part of the node's state; only screens below the connection gate use it. */
export function useNodeState<T>(select: (state: ApiState) => T): T {
  const store = useNode();
  return useSyncExternalStore(store.subscribe, () => {
    if (store.state === undefined) throw new Error('there is no state yet');
    return select(store.state);
  });
}

export function useCapability(name: Capability['name']): Capability {
  const found = useNodeState(({ capabilities }) => capabilities.find((one) => one.name === name));
  return found ?? { name, available: false, reason: 'this node is of an older version' };
}

/** The answer to a command that only reads; read again when one of these events comes. */
export function useQuery<C extends CommandName>(
  name: C,
  input: CommandInput<C>,
  reloadOn: readonly ApiEvent['type'][] = [],
): { readonly loaded: Loaded<CommandOutput<C>>; readonly reload: () => void } {
  const store = useNode();
  const key = JSON.stringify(input);
  const events = reloadOn.join(' ');
  const query = useMemo(
    () =>
      new Query({
        load: (signal) => store.call(name, JSON.parse(key) as CommandInput<C>, signal),
        invalidated: (listener) =>
          store.onChange(events.split(' ').filter(Boolean) as ApiEvent['type'][], listener),
      }),
    [store, name, key, events],
  );
  return { loaded: useSyncExternalStore(query.subscribe, query.current), reload: query.reload };
}

type PagedCommand = {
  [C in CommandName]: CommandOutput<C> extends { items: unknown[]; next?: string | undefined } ? C : never;
}[CommandName];
type ItemOf<C extends PagedCommand> = CommandOutput<C> extends { items: (infer T)[] } ? T : never;

const PAGE = 200;
const RESTART_MS = 400;

/** A long list, read as far as it is looked at. */
export function usePagedList<C extends PagedCommand>(
  name: C,
  input: CommandInput<C>,
  keyOf: (item: ItemOf<C>) => string,
  restartOn: readonly ApiEvent['type'][] = [],
): { readonly state: ListState<ItemOf<C>>; readonly list: PagedList<ItemOf<C>> } {
  const store = useNode();
  const key = JSON.stringify(input);
  const list = useMemo(
    () =>
      new PagedList<ItemOf<C>>({
        load: async (cursor, signal) => {
          const filter = JSON.parse(key) as CommandInput<C>;
          const request = { ...filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
          return (await store.call(name, request, signal)) as unknown as Page<ItemOf<C>>;
        },
        keyOf,
      }),
    [store, name, key, keyOf],
  );
  useRestart(list.restart, restartOn);
  return { state: useSyncExternalStore(list.subscribe, list.current), list };
}

/** A list of 100,000, of which only the part in sight is read. */
export function useWindowedList<C extends 'statements.list' | 'bank.list'>(
  name: C,
  input: CommandInput<C>,
  restartOn: readonly ApiEvent['type'][] = [],
): { readonly state: ListState<ItemOf<C>>; readonly list: WindowedList<ItemOf<C>> } {
  const store = useNode();
  const key = JSON.stringify(input);
  const list = useMemo(
    () =>
      new WindowedList<ItemOf<C>>({
        load: async (range, signal) => {
          const filter = JSON.parse(key) as CommandInput<C>;
          const { items, total = 0 } = await store.call(name, { ...filter, ...range }, signal);
          return { items: items as ItemOf<C>[], total };
        },
      }),
    [store, name, key],
  );
  useRestart(list.restart, restartOn);
  return { state: useSyncExternalStore(list.subscribe, list.current), list };
}

/** Once for many events that come together. */
function useRestart(restart: () => void, on: readonly ApiEvent['type'][]): void {
  const store = useNode();
  const events = on.join(' ');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const undo = store.onChange(events.split(' ').filter(Boolean) as ApiEvent['type'][], () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        restart();
      }, RESTART_MS);
    });
    return () => {
      clearTimeout(timer);
      undo();
    };
  }, [store, restart, events]);
}

export interface Action<A extends unknown[]> {
  readonly run: (...args: A) => Promise<boolean>;
  readonly pending: boolean;
  readonly error: string | undefined;
  readonly clear: () => void;
}

/** Something that a button does: whether it is under way, and why it failed. `run` tells whether it went well. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [status, setStatus] = useState<{ pending: boolean; error?: string }>({ pending: false });
  const run = async (...args: A): Promise<boolean> => {
    setStatus({ pending: true });
    try {
      await act(...args);
      setStatus({ pending: false });
      return true;
    } catch (error) {
      setStatus({ pending: false, error: errorText(error) });
      return false;
    }
  };
  const clear = useCallback(() => setStatus({ pending: false }), []);
  return { run, clear, pending: status.pending, error: status.error };
}

/** What was read before, while its successor is being read: what follows the typing does not flicker. */
export function useLatest<T>(loaded: Loaded<T>): Loaded<T> {
  const [latest, setLatest] = useState(loaded);
  if (loaded.kind === 'loading' || loaded === latest) return latest;
  setLatest(loaded);
  return loaded;
}

/** A value that follows another once it has been the same for so long. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** The present, renewed so often while `active`: for durations that run. */
export function useNow(active: boolean, everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs]);
  return now;
}

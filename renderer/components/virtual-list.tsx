import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useReducer, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { ListState } from '../store/list-state.ts';
import { Button, Callout, Loading } from './controls.tsx';

interface VirtualListProps<T> {
  readonly label: string;
  readonly state: ListState<T>;
  readonly list: {
    /** Is told which rows are in sight or soon may be. */
    readonly want: (last: number, first: number) => void;
    readonly retry: () => void;
  };
  /** Pixels. */
  readonly rowHeight: number;
  /** What is in its rows may take more lines than `rowHeight` has: each is measured. */
  readonly grows?: boolean;
  readonly row: (item: T, index: number) => ReactNode;
  readonly empty: ReactNode;
  /** Its rows hold nothing to go to: the list itself is what the keyboard scrolls. */
  readonly still?: boolean;
}

/** Height of a row that is an `.entry` of a name, a line of Lean and a line beneath. Pixels. */
export const ENTRY_HEIGHT = 98;

/** Rows that are read beyond those in the document: an arrow key that is held down does not come to the end of them. */
const AHEAD = 40;

/** Rows in sight only, whatever the list's length. Rows hold links: Tab, and the arrows, go from one to the next. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, state, list, rowHeight, row, empty, grows = false, still = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: state.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const [, update] = useReducer((times: number) => times + 1, 0);
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => list.want(last + AHEAD, Math.max(0, first - AHEAD)), [list, last, first]);

  /** The row that the arrows have gone to and that is not in the document yet. */
  const goal = useRef<number>(undefined);
  useEffect(() => {
    if (goal.current === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(
      `[data-index="${goal.current}"] :is(a, button)`,
    );
    if (link == null) return;
    goal.current = undefined;
    link.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const focused = (event.target as Element).closest('[data-index]')?.getAttribute('data-index');
    if (step === undefined || focused == null) return;
    event.preventDefault();
    // Not further than to the first row that is still being read: the focus would be left behind.
    const from = goal.current ?? Number(focused);
    if (state.items[from] === undefined) return;
    goal.current = Math.min(Math.max(from + step, 0), state.count - 1);
    virtualizer.scrollToIndex(goal.current);
    update();
  };

  if (state.phase === 'failed' && state.items.length === 0) {
    const again = (
      <Button small icon="retry" onClick={list.retry}>
        Try again
      </Button>
    );
    return (
      <Callout tone="bad" title="The list could not be read" alert actions={again}>
        {state.message}
      </Callout>
    );
  }
  if (state.phase === 'loading') return <Loading label={`Reading ${label.toLocaleLowerCase('en')}`} />;
  if (state.count === 0) return empty;
  return (
    <div
      className="virtual"
      ref={scroller}
      role="list"
      aria-label={label}
      tabIndex={still ? 0 : undefined}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      <div className="virtual-body" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ index, start, size }) => {
          const item = state.items[index];
          return (
            <div
              key={index}
              ref={grows ? virtualizer.measureElement : undefined}
              className="virtual-row"
              role="listitem"
              aria-setsize={state.count}
              aria-posinset={index + 1}
              data-index={index}
              style={{
                ...(grows ? { minHeight: rowHeight } : { height: size }),
                transform: `translateY(${start}px)`,
              }}
            >
              {item === undefined ? <span className="skeleton" aria-label="being read" /> : row(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

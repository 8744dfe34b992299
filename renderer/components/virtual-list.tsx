import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { PagedList, PagedState } from '../store/paged-list.ts';
import { Button, Callout, Loading } from './controls.tsx';

interface VirtualListProps<T> {
  readonly label: string;
  readonly state: PagedState<T>;
  readonly list: Pick<PagedList<T>, 'want' | 'retry'>;
  readonly rowHeight: number;
  readonly keyOf: (item: T) => string;
  readonly row: (item: T, index: number) => ReactNode;
  readonly empty: ReactNode;
}

/** Rows in sight only, whatever the list's length. Rows hold links: Tab, and the arrows, go from one to the next. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { label, state, list, rowHeight, keyOf, row, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: state.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => list.want(last), [list, last]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = (event.target as Element).closest('[data-index]')?.getAttribute('data-index');
    if (step === undefined || from == null) return;
    const next = Math.min(Math.max(Number(from) + step, 0), state.items.length - 1);
    event.preventDefault();
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] :is(a, button)`)?.focus();
    });
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
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      <div className="virtual-body" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ index, start, size }) => {
          const item = state.items[index];
          return (
            <div
              key={item === undefined ? `row-${index}` : keyOf(item)}
              className="virtual-row"
              role="listitem"
              aria-setsize={state.count}
              aria-posinset={index + 1}
              data-index={index}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {item === undefined ? <span className="skeleton" aria-label="being read" /> : row(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

import { useMemo, useRef, type KeyboardEvent } from 'react';
import type { SessionView } from '../../../core/api/index.ts';
import { duration, plural } from '../../components/format.ts';
import { cellKey, neighbour, timelineOf, type Cell, type CellState } from './timeline.ts';

const GLYPH: Readonly<Record<CellState, string>> = {
  proved: '✓',
  failed: '×',
  rejected: '!',
  exhausted: '…',
  crashed: '‼',
  checking: '',
};
const WORD: Readonly<Record<CellState, string>> = {
  proved: 'proved',
  failed: 'failed',
  rejected: 'rejected',
  exhausted: 'out of limits',
  crashed: 'crashed',
  checking: 'being checked',
};
const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;

interface TimelineProps {
  readonly view: SessionView;
  readonly selected: string | undefined;
  readonly onSelect: (cell: Cell) => void;
  /** It was pressed, not only gone to. */
  readonly onOpen: () => void;
}

/** Rounds downwards, submissions of a round beside each other. One Tab stop; the arrows move. */
export function TimelineView({ view, selected, onSelect, onOpen }: TimelineProps) {
  const { attempts, checking } = view;
  const rollouts = useMemo(() => timelineOf({ attempts, checking }), [attempts, checking]);
  const root = useRef<HTMLDivElement>(null);
  const first = rollouts[0]?.rounds[0]?.cells[0];
  const stop = selected ?? (first && cellKey(first));

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = MOVES.find((move) => move === event.key);
    const from = (event.target as HTMLElement).dataset['cell'];
    if (key === undefined || from === undefined) return;
    event.preventDefault();
    const next = neighbour(rollouts, from, key);
    if (next === undefined) return;
    root.current?.querySelector<HTMLElement>(`[data-cell="${cellKey(next)}"]`)?.focus();
    onSelect(next);
  };

  return (
    <div className="timeline" ref={root} onKeyDown={onKeyDown}>
      {view.omitted > 0 && (
        <p className="small faint">{plural(view.omitted, 'earlier attempt')} are not listed.</p>
      )}
      {rollouts.map(({ rollout, rounds }) => (
        <section key={rollout} aria-label={`Rollout ${rollout + 1}`} className="rollout">
          {(rollouts.length > 1 || view.session.settings.rollouts > 1) && (
            <h3 className="small muted">Rollout {rollout + 1}</h3>
          )}
          <ol className="rounds">
            {rounds.map(({ round, cells }) => (
              <li key={round} className="round">
                <span className="round-name">Round {round + 1}</span>
                <div className="cells">
                  {cells.map((cell) => {
                    const key = cellKey(cell);
                    return (
                      <button
                        type="button"
                        key={key}
                        className="cell"
                        data-cell={key}
                        data-state={cell.state}
                        tabIndex={key === stop ? 0 : -1}
                        aria-pressed={key === selected}
                        aria-label={labelOf(cell)}
                        title={cell.attempt?.summary}
                        onClick={() => {
                          onSelect(cell);
                          onOpen();
                        }}
                      >
                        {GLYPH[cell.state]}
                      </button>
                    );
                  })}
                </div>
                <span className="round-note">{noteOf(cells)}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

const labelOf = (cell: Cell): string =>
  `Rollout ${cell.rollout + 1}, round ${cell.round + 1}, attempt ${cell.candidate + 1}: ${WORD[cell.state]}`;

/** How far a round has come, in a few words. */
function noteOf(cells: readonly Cell[]): string {
  const busy = cells.filter(({ state }) => state === 'checking').length;
  const time = cells.reduce((sum, { attempt }) => sum + (attempt?.milliseconds ?? 0), 0);
  if (cells.some(({ state }) => state === 'proved')) return `proved · ${duration(time)}`;
  return busy > 0 ? `checking ${busy}` : duration(time);
}

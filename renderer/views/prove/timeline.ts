import type { AttemptRow, SessionView } from '../../../core/api/index.ts';

export type CellState = AttemptRow['verdict'] | 'checking';

/** One submission on the timeline. */
export interface Cell {
  readonly rollout: number;
  readonly round: number;
  readonly candidate: number;
  readonly state: CellState;
  readonly attempt?: AttemptRow;
}

export interface Round {
  readonly round: number;
  readonly cells: readonly Cell[];
}

export interface Rollout {
  readonly rollout: number;
  readonly rounds: readonly Round[];
}

export const cellKey = ({
  rollout,
  round,
  candidate,
}: Pick<Cell, 'rollout' | 'round' | 'candidate'>): string => `${rollout}.${round}.${candidate}`;

/** A session's attempts by rollout, round and candidate, with those that are being checked. */
export function timelineOf({ attempts, checking }: Pick<SessionView, 'attempts' | 'checking'>): Rollout[] {
  const cells = new Map<string, Cell>();
  for (const place of checking) cells.set(cellKey(place), { ...place, state: 'checking' });
  for (const attempt of attempts) {
    const { rollout, round, candidate, verdict } = attempt;
    cells.set(cellKey(attempt), { rollout, round, candidate, state: verdict, attempt });
  }
  const rollouts = Map.groupBy(cells.values(), ({ rollout }) => rollout);
  return [...rollouts].sort(byFirst).map(([rollout, ofRollout]) => ({
    rollout,
    rounds: [...Map.groupBy(ofRollout, ({ round }) => round)].sort(byFirst).map(([round, ofRound]) => ({
      round,
      cells: ofRound.toSorted((a, b) => a.candidate - b.candidate),
    })),
  }));
}

const byFirst = ([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number => a - b;

/** Where an arrow key leads from a cell: along its round, or to the like place of the next round. */
export function neighbour(
  rollouts: readonly Rollout[],
  from: string,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End',
): Cell | undefined {
  const rows = rollouts.flatMap(({ rounds }) => rounds.map(({ cells }) => cells));
  const row = rows.findIndex((cells) => cells.some((cell) => cellKey(cell) === from));
  const column = rows[row]?.findIndex((cell) => cellKey(cell) === from) ?? -1;
  if (row < 0) return rows[0]?.[0];
  switch (key) {
    case 'ArrowLeft':
      return rows[row]?.[column - 1] ?? rows[row - 1]?.at(-1);
    case 'ArrowRight':
      return rows[row]?.[column + 1] ?? rows[row + 1]?.[0];
    case 'ArrowUp':
      return clamped(rows[row - 1], column);
    case 'ArrowDown':
      return clamped(rows[row + 1], column);
    case 'Home':
      return rows[0]?.[0];
    case 'End':
      return rows.at(-1)?.at(-1);
  }
}

const clamped = (cells: readonly Cell[] | undefined, column: number): Cell | undefined =>
  cells?.[Math.min(column, cells.length - 1)];

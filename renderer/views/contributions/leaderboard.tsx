import { useState, useSyncExternalStore } from 'react';
import type { ClaimedHours, Standing, TeamStanding } from '../../../core/api/index.ts';
import { Badge, Empty, Segments } from '../../components/controls.tsx';
import { ago, count, plural } from '../../components/format.ts';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useNow, usePagedList } from '../../store/hooks.ts';
import { ContributorId } from './contributor.tsx';
import { hours } from './hours.ts';

const BOARDS = [
  ['people', 'People'],
  ['teams', 'Teams'],
] as const;
type Board = (typeof BOARDS)[number][0];

const CHANGED_BY = ['bank:proof-added', 'contributions:changed'] as const;
/** Pixels; where there is little room a row has a third line. */
const ROW_HEIGHT = { wide: 68, narrow: 96 } as const;
const NARROW = '(width < 560px)';

/** Who has proved what, by contributor or by team. */
export function Leaderboard() {
  const [board, setBoard] = useState<Board>('people');
  return (
    <section className="card" aria-labelledby="leaderboard">
      <div className="card-head">
        <h2 id="leaderboard">Leaderboard</h2>
        <Segments label="Leaderboard of" value={board} options={BOARDS} onChange={setBoard} />
      </div>
      <p className="board-note small muted">
        Proofs are counted from signed records in this node’s memory, each judged by Lean. Names, teams and
        hours are what each node says of itself: nobody can check them.
      </p>
      {board === 'people' ? <People /> : <Teams />}
    </section>
  );
}

const keyOfPeer = ({ peer }: Standing): string => peer;
const keyOfTeam = ({ team }: TeamStanding): string => team;

function People() {
  const { state, list } = usePagedList('contributions.leaderboard', {}, keyOfPeer, CHANGED_BY);
  const now = useNow(true, 60_000);
  const rowHeight = useRowHeight();
  return (
    <VirtualList
      key={rowHeight}
      label="People"
      still
      state={state}
      list={list}
      rowHeight={rowHeight}
      row={({ rank, peer, name, team, proofs, firsts, lastAt, hours: given, own }) => (
        <div className="entry standing" data-of="person">
          <span className="standing-rank">{rank}</span>
          <span className="standing-head">
            {name === undefined ? <ContributorId peer={peer} /> : <bdi className="entry-name">{name}</bdi>}
            {own && <Badge tone="accent">You</Badge>}
          </span>
          {name !== undefined && <ContributorId peer={peer} />}
          <Proofs proofs={proofs} />
          <span className="entry-meta">
            {team !== undefined && (
              <>
                <bdi>{team}</bdi> ·{' '}
              </>
            )}
            {count(firsts)} first · last {ago(lastAt, now)}
          </span>
          <Hours given={given} />
        </div>
      )}
      empty={
        <Empty icon="award" title="Nobody has proved anything yet">
          The first proof in memory opens the board.
        </Empty>
      }
    />
  );
}

function Teams() {
  const { state, list } = usePagedList('contributions.teams', {}, keyOfTeam, CHANGED_BY);
  const rowHeight = useRowHeight();
  return (
    <VirtualList
      key={rowHeight}
      label="Teams"
      still
      state={state}
      list={list}
      rowHeight={rowHeight}
      row={({ rank, team, members, proofs, firsts, statements, hours: given, own }) => (
        <div className="entry standing" data-of="team">
          <span className="standing-rank">{rank}</span>
          <span className="standing-head">
            <bdi className="entry-name">{team}</bdi>
            {own && <Badge tone="accent">Yours</Badge>}
          </span>
          <Proofs proofs={proofs} />
          <span className="entry-meta">
            {plural(members, 'member')} · {plural(statements, 'statement')} · {count(firsts)} first
          </span>
          <Hours given={given} />
        </div>
      )}
      empty={
        <Empty icon="award" title="No teams yet">
          Write a team’s name above, and tell it to those who are to be in it.
        </Empty>
      }
    />
  );
}

const Proofs = ({ proofs }: { readonly proofs: number }) => (
  <span className="standing-count">
    {count(proofs)} <span className="faint small">{proofs === 1 ? 'proof' : 'proofs'}</span>
  </span>
);

/** What is said to have been given. */
function Hours({ given }: { readonly given: ClaimedHours | undefined }) {
  const parts = [
    [given?.gpuSeconds ?? 0, 'GPU h'],
    [given?.cpuSeconds ?? 0, 'CPU h'],
  ] as const;
  const said = parts.filter(([seconds]) => seconds > 0).map(([seconds, unit]) => `${hours(seconds)} ${unit}`);
  return <span className="entry-meta standing-hours">{said.join(' · ')}</span>;
}

function useRowHeight(): number {
  const narrow = useSyncExternalStore(watchNarrow, () => window.matchMedia(NARROW).matches);
  return ROW_HEIGHT[narrow ? 'narrow' : 'wide'];
}

function watchNarrow(listener: () => void): () => void {
  const media = window.matchMedia(NARROW);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

import type { Standing } from '../../../core/api/index.ts';
import { CopyButton } from '../../components/clipboard.tsx';
import { Badge, Callout, Empty } from '../../components/controls.tsx';
import { ago, count, duration, plural, shortId } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { errorText } from '../../store/error-text.ts';
import { useCapability, useNow, usePagedList, useQuery } from '../../store/hooks.ts';
import { Calendar } from './calendar.tsx';

/** What this machine has given, and how it stands among others: from signed records only. */
export function Contributions() {
  const { loaded, reload } = useQuery('contributions.mine', {}, ['bank:proof-added']);
  const teams = useCapability('teams');
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Contributions</h1>
          <p>
            Counted from signed records in this node’s memory and from its own attempts; nobody else keeps the
            score.
          </p>
        </div>
      </header>
      <Loaded loaded={loaded} label="Counting" reload={reload}>
        {({ contributions: mine }) => (
          <>
            <dl className="tiles">
              {(
                [
                  ['Proofs', count(mine.proofs), `of ${plural(mine.statements, 'statement')}`],
                  ['First to prove', count(mine.firsts), 'no older record is known here'],
                  ['Attempts', count(mine.attempts), 'each judged by Lean'],
                  ['Time given', duration(mine.computeSeconds * 1000), 'trying and checking'],
                ] as const
              ).map(([label, value, note]) => (
                <div className="card tile" key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <span className="tile-value">{value}</span>
                    <span className="faint small">{note}</span>
                  </dd>
                </div>
              ))}
            </dl>
            <section className="card" aria-labelledby="year">
              <div className="card-head">
                <h2 id="year">The last year</h2>
              </div>
              <Calendar days={mine.days} />
            </section>
            <section className="card card-pad row row-between" aria-label="Your peer id">
              <div className="stack-small grow">
                <h2>Your peer id</h2>
                <p className="small muted">All that others know you by. It signs every proof found here.</p>
                <code className="wrap-anywhere">{mine.peer}</code>
              </div>
              <CopyButton text={mine.peer} />
            </section>
          </>
        )}
      </Loaded>
      <Leaderboard />
      {!teams.available && (
        <Callout title="Teams are not there yet">{errorText(teams.reason ?? 'not available')}</Callout>
      )}
    </div>
  );
}

const keyOf = ({ peer }: Standing): string => peer;

function Leaderboard() {
  const { state, list } = usePagedList('contributions.leaderboard', {}, keyOf, ['bank:proof-added']);
  const now = useNow(true, 60_000);
  return (
    <section className="card" aria-labelledby="leaderboard">
      <div className="card-head">
        <h2 id="leaderboard">Leaderboard</h2>
        <span className="small muted">of the proofs in this node’s memory</span>
      </div>
      <VirtualList
        label="Leaderboard"
        state={state}
        list={list}
        rowHeight={64}
        row={({ rank, peer, proofs, firsts, lastAt, own }) => (
          <div className="entry standing">
            <span className="standing-rank">{rank}</span>
            <span className="grow">
              <code title={peer}>{shortId(peer)}</code> {own && <Badge tone="accent">This machine</Badge>}
              <span className="entry-meta">
                {count(firsts)} first · last {ago(lastAt, now)}
              </span>
            </span>
            <span className="standing-count">
              {count(proofs)} <span className="faint small">proofs</span>
            </span>
          </div>
        )}
        empty={
          <Empty icon="award" title="Nobody has proved anything yet">
            The first proof in memory opens the board.
          </Empty>
        }
      />
    </section>
  );
}

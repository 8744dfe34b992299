import type { Contributions as Mine } from '../../../core/api/index.ts';
import { count, plural } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useQuery } from '../../store/hooks.ts';
import { Calendar } from './calendar.tsx';
import { HoursChart } from './hours-chart.tsx';
import { hours } from './hours.ts';
import { Leaderboard } from './leaderboard.tsx';
import { ProfileForm } from './profile-form.tsx';

/** What this machine has given, and how it stands among others. */
export function Contributions() {
  const { loaded, reload } = useQuery('contributions.mine', {}, [
    'bank:proof-added',
    'contributions:changed',
  ]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Contributions</h1>
          <p>
            Proofs are counted from signed records in this node’s memory, hours as they were measured here;
            nobody else keeps the score.
          </p>
        </div>
      </header>
      <Loaded loaded={loaded} label="Counting" reload={reload}>
        {({ contributions: mine }) => (
          <>
            <Figures mine={mine} />
            <section className="card" aria-labelledby="year">
              <div className="card-head">
                <h2 id="year">The last year</h2>
                <span className="small muted">proofs a day</span>
              </div>
              <Calendar days={mine.days} />
            </section>
            <HoursChart days={mine.days} />
            <ProfileForm peer={mine.peer} profile={mine.profile} />
          </>
        )}
      </Loaded>
      <Leaderboard />
    </div>
  );
}

function Figures({ mine: { proofs, statements, firsts, attempts, donated } }: { readonly mine: Mine }) {
  const { gpuSeconds, cpuSeconds, leanSeconds } = donated;
  const figures = [
    ['Proofs', count(proofs), `of ${plural(statements, 'statement')}, in ${plural(attempts, 'attempt')}`],
    ['First to prove', count(firsts), 'no older record is known here'],
    ['GPU hours', hours(gpuSeconds), 'a model at work on a card'],
    [
      'CPU hours',
      hours(cpuSeconds + leanSeconds),
      cpuSeconds === 0 ? 'Lean at work' : `${hours(leanSeconds)} by Lean, ${hours(cpuSeconds)} by a model`,
    ],
  ] as const;
  return (
    <dl className="tiles">
      {figures.map(([label, value, note]) => (
        <div className="card tile" key={label}>
          <dt>{label}</dt>
          <dd>
            <span className="tile-value">{value}</span>
            <span className="faint small">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

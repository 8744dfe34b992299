import { hrefOf } from '../../app/routes.ts';
import { Button, Callout, Empty } from '../../components/controls.tsx';
import { count, plural } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { ProofLink } from '../../components/proof-link.tsx';
import { SessionLink } from '../../components/session-link.tsx';
import { useNode, useNodeState, useQuery } from '../../store/hooks.ts';
import { ActivityPlot } from './activity-plot.tsx';
import { StatusCard } from './status-card.tsx';

const LATEST = 6;

export function Home() {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Home</h1>
          <p>What this machine is doing for the swarm, and what has come of it.</p>
        </div>
      </header>
      <Notices />
      <StatusCard />
      <Today />
      <ActivityPlot />
      <div className="columns">
        <Working />
        <LatestProofs />
      </div>
    </div>
  );
}

function Notices() {
  const store = useNode();
  const notices = useNodeState((state) => state.notices);
  return notices.map(({ id, severity, title, detail }) => (
    <Callout
      key={id}
      tone={severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'accent'}
      title={title}
      actions={
        <Button
          small
          aria-label={`Dismiss: ${title}`}
          onClick={() => store.call('notices.dismiss', { notice: id })}
        >
          Dismiss
        </Button>
      }
    >
      {detail}
    </Callout>
  ));
}

function Today() {
  const today = useNodeState(({ activity }) => activity.today);
  const bank = useNodeState((state) => state.bank);
  const networked = useNodeState(({ network }) => network.state !== 'off');
  const tiles = [
    ['Proved here today', count(today.found), `${count(bank.own)} in all`],
    ['From others today', count(today.received), networked ? 'checked here' : 'the network is off'],
    ['Attempts today', count(today.attempts), 'each judged by Lean'],
    ['Proofs in memory', count(bank.proofs), `of ${plural(bank.statements, 'statement')}`],
  ] as const;
  return (
    <section aria-label="Today">
      <dl className="tiles">
        {tiles.map(([label, value, note]) => (
          <div className="card tile" key={label}>
            <dt>{label}</dt>
            <dd>
              <span className="tile-value">{value}</span>
              <span className="faint small">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Working() {
  const sessions = useNodeState((state) => state.sessions);
  const shown = sessions.slice(0, LATEST);
  return (
    <section className="card" aria-labelledby="working">
      <div className="card-head">
        <h2 id="working">Work</h2>
        <a href={hrefOf('prove')}>Prove something</a>
      </div>
      {shown.length === 0 ? (
        <Empty icon="prove" title="Nothing tried yet">
          Statements that are being worked on appear here, with each attempt as it is checked.
        </Empty>
      ) : (
        <ul className="plain-list">
          {shown.map((session) => (
            <li key={session.id}>
              <SessionLink session={session} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function LatestProofs() {
  const { loaded, reload } = useQuery('bank.list', { limit: LATEST }, ['bank:proof-added']);
  return (
    <section className="card" aria-labelledby="latest">
      <div className="card-head">
        <h2 id="latest">Latest proofs</h2>
        <a href={hrefOf('memory')}>All of memory</a>
      </div>
      <Loaded loaded={loaded} label="Reading proofs" reload={reload}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="memory" title="No proofs yet">
              Every proof that Lean accepts on this machine is kept, and helps with the next.
            </Empty>
          ) : (
            <ul className="plain-list">
              {items.map((proof) => (
                <li key={proof.id}>
                  <ProofLink proof={proof} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

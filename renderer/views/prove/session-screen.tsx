import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { SessionView } from '../../../core/api/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { go } from '../../app/use-route.ts';
import { SpentTable } from '../../components/budget.tsx';
import { Button, Callout, Failure, Loading } from '../../components/controls.tsx';
import { count, duration, environmentLabel } from '../../components/format.ts';
import { Icon } from '../../components/icon.tsx';
import { LeanCode } from '../../components/lean/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProofSource } from '../../components/proof-source.tsx';
import { endText, SessionBadge } from '../../components/session-link.tsx';
import { useAction, useNode, useNow } from '../../store/hooks.ts';
import { SessionLog } from '../../store/session-log.ts';
import { AttemptPanel, Premises } from './attempt-panel.tsx';
import { cellKey, timelineOf, type Cell } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { Writing } from './writing.tsx';

/** One statement being tried, as it happens. */
export function SessionScreen({ id }: { readonly id: string }) {
  const store = useNode();
  const log = useMemo(
    () =>
      new SessionLog({
        get: () => store.call('prove.get', { session: id }),
        onUpdate: (listener) => store.onUpdate(listener),
      }),
    [store, id],
  );
  const loaded = useSyncExternalStore(log.subscribe, log.current);
  return (
    <div className="page">
      <a className="back-link" href={hrefOf('prove')}>
        <Icon name="back" /> All of Prove
      </a>
      <Loaded loaded={loaded} label="Reading the session">
        {(view) => <Session view={view} />}
      </Loaded>
    </div>
  );
}

function Session({ view }: { readonly view: SessionView }) {
  const { session, statement, attempts, checking, premises } = view;
  const [chosen, setChosen] = useState<string>();
  const panel = useRef<HTMLDivElement>(null);
  const cells = useMemo(
    () => timelineOf({ attempts, checking }).flatMap(({ rounds }) => rounds.flatMap((round) => round.cells)),
    [attempts, checking],
  );
  const proved = cells.find(({ state }) => state === 'proved');
  const selected: Cell | undefined = cells.find((cell) => cellKey(cell) === chosen) ?? proved;
  return (
    <>
      <header className="page-head">
        <div className="stack-small">
          <h1 className="wrap-anywhere">{session.name}</h1>
          <div className="row">
            <SessionBadge session={session} />
            <span className="small muted">{environmentLabel(statement.environment)}</span>
          </div>
          {statement.informal !== undefined && <p>{statement.informal}</p>}
        </div>
        <Controls view={view} />
      </header>
      <LeanCode
        source={[statement.header, statement.formal].filter(Boolean).join('\n\n')}
        label="The statement"
      />
      <Outcome view={view} />
      <Figures view={view} />
      <Writing view={view} />
      {session.spent !== undefined && (
        <section className="card" aria-labelledby="spent">
          <div className="card-head">
            <h2 id="spent">Where the budget went</h2>
          </div>
          <SpentTable spent={session.spent} />
        </section>
      )}
      <div className="session-columns">
        <section className="card" aria-labelledby="timeline">
          <div className="card-head">
            <h2 id="timeline">Rounds</h2>
            <Legend cells={cells} />
          </div>
          {cells.length === 0 ? (
            <Waiting view={view} />
          ) : (
            <TimelineView
              view={view}
              selected={selected && cellKey(selected)}
              onSelect={(cell) => setChosen(cellKey(cell))}
              onOpen={() => panel.current !== null && bringIntoSight(panel.current)}
            />
          )}
          {/* An attempt that is being read tells of its own. */}
          {premises.length > 0 && selected === undefined && (
            <div className="card-pad">
              <Premises premises={premises} />
            </div>
          )}
        </section>
        <div ref={panel}>
          {selected === undefined ? (
            <section className="card" aria-label="Attempt">
              <p className="card-pad muted">
                Choose an attempt to read what was submitted and what Lean said to it.
              </p>
            </section>
          ) : (
            <AttemptPanel session={session.id} cell={selected} />
          )}
        </div>
      </div>
    </>
  );
}

/** In a narrow window it lies below all rounds. */
function bringIntoSight(element: HTMLElement): void {
  if (element.getBoundingClientRect().top > window.innerHeight * 0.75) element.scrollIntoView();
}

function Waiting({ view: { session } }: { readonly view: SessionView }) {
  if (session.state === 'ended')
    return <p className="card-pad muted">It ended before anything was checked.</p>;
  return (
    <Loading
      label={
        session.state === 'waiting'
          ? 'Waiting for a free place'
          : 'Lean reads the statement; the first attempt is near'
      }
    />
  );
}

/** Of what is there to be seen. */
const Legend = ({ cells }: { readonly cells: readonly Cell[] }) => (
  <ul className="cell-legend small muted" aria-label="Legend">
    {(['proved', 'failed', 'rejected', 'exhausted', 'crashed', 'checking'] as const)
      .filter((state) => cells.some((cell) => cell.state === state))
      .map((state) => (
        <li key={state}>
          <span className="cell" data-state={state} aria-hidden="true" />
          {state === 'exhausted' ? 'out of limits' : state}
        </li>
      ))}
  </ul>
);

function Controls({ view: { session } }: { readonly view: SessionView }) {
  const store = useNode();
  const ended = session.state === 'ended';
  const stop = useAction(() => store.call('prove.stop', { session: session.id }));
  const again = useAction(async () => {
    const source = { kind: 'statement' as const, statement: session.statement };
    const { session: next } = await store.call('prove.start', { source, settings: session.settings });
    go('prove', next.id);
  });
  const remove = useAction(async () => {
    await store.call('prove.remove', { session: session.id });
    go('prove');
  });
  return (
    <div className="stack-small">
      <div className="row row-end">
        {/* One button, so that it keeps the focus. */}
        <Button
          kind={ended ? 'plain' : 'danger'}
          icon={ended ? 'retry' : 'stop'}
          single
          pending={ended ? again.pending : stop.pending}
          onClick={ended ? again.run : stop.run}
        >
          {ended ? 'Try again' : 'Stop'}
        </Button>
        {ended && (
          <>
            <a className="button" href={hrefOf('prove', undefined, { statement: session.statement })}>
              Open in the editor
            </a>
            <Button kind="quiet" icon="trash" pending={remove.pending} onClick={remove.run}>
              Remove
            </Button>
          </>
        )}
      </div>
      <Failure error={stop.error ?? again.error ?? remove.error} />
    </div>
  );
}

function Outcome({ view: { session } }: { readonly view: SessionView }) {
  if (session.state !== 'ended' || session.end === undefined) return null;
  if (session.proof !== undefined) return <ProofSource proof={session.proof} />;
  if (session.end === 'proved') return <Callout tone="good" title="Proved" />;
  const failed = session.end === 'failed' || session.end === 'unjudgeable' || session.end.endsWith('-failed');
  return (
    <Callout tone={failed ? 'bad' : 'plain'} title={`${endText(session.end)}: no proof was found`}>
      {session.detail ?? 'More time, more rollouts or another policy may find one.'}
    </Callout>
  );
}

function Figures({ view: { session, attempts, checking } }: { readonly view: SessionView }) {
  const now = useNow(session.state === 'running', 500);
  const from = session.startedAt ?? session.createdAt;
  const elapsed = Math.max(0, (session.endedAt ?? now) - from);
  const tokens = attempts.reduce((sum, attempt) => sum + (attempt.generatedTokens ?? 0), 0);
  const figures = [
    ['Attempts', count(session.attempts)],
    ['Time', `${duration(elapsed)} of ${duration(session.settings.seconds * 1000)}`],
    ['Rollouts', `${count(session.rollouts)} of ${count(session.settings.rollouts)}`],
    ['Being checked', count(checking.length)],
    ...(tokens > 0 ? [['Tokens', count(tokens)] as const] : []),
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

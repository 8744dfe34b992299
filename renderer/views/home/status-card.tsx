import { useRef } from 'react';
import { donationTitle, GAP_TEXT, pauseText } from '../../../core/api/words/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { Button, Failure, Progress } from '../../components/controls.tsx';
import { clock, plural } from '../../components/format.ts';
import { useAction, useNode, useNodeState, useNow } from '../../store/hooks.ts';

type Control = 'start' | 'pause' | 'resume' | 'finish' | 'stop';

const MAIN = {
  stopped: ['start', 'Start donating'],
  paused: ['resume', 'Resume'],
  running: ['pause', 'Pause'],
  finishing: ['pause', 'Pause'],
} as const;

/** What is happening now; and where nothing is, all the reasons. */
export function StatusCard() {
  const store = useNode();
  const donation = useNodeState((state) => state.donation);
  const lean = useNodeState(({ node }) => node.lean);
  const active = useNodeState(({ sessions }) => sessions.filter(({ state }) => state === 'running').length);
  const now = useNow(true, 10_000);
  const main = useRef<HTMLButtonElement>(null);
  const control = useAction(async (action: Control, minutes?: number) => {
    await store.call('donation.control', { action, ...(minutes === undefined ? {} : { minutes }) });
    // The button that was pressed may be gone by now; this one is always there.
    main.current?.focus();
  });
  const { state, reasons, gaps } = donation;
  const [action, label] = MAIN[state];
  const busy = state === 'running' || state === 'finishing';
  const title =
    state === 'running' && active > 0 ? `Proving ${plural(active, 'statement')}` : donationTitle(donation);
  return (
    <section className="card status-card" data-state={state} aria-labelledby="status">
      <div className="status-main">
        <div className="stack-small grow">
          <h2 id="status" className="status-title" aria-live="polite">
            <span className="status-dot" data-state={state} aria-hidden="true" />
            {title}
          </h2>
          {state === 'running' && (
            <p className="muted">
              Since {clock(donation.since, now)}
              {donation.awake && ' · kept from sleeping'}
              {active === 0 && ' · waiting for the next statement'}
            </p>
          )}
          {state === 'stopped' && (
            <p className="muted">
              Once started, this machine works on open statements of the board whenever your rules allow it.
            </p>
          )}
          {reasons.length > 0 && state !== 'stopped' && (
            <ul className="reasons">
              {reasons.map((reason, index) => (
                <li key={`${reason.kind}-${index}`}>{pauseText(reason, now)}.</li>
              ))}
            </ul>
          )}
          {gaps.map(({ sensor, detail }) => (
            <p className="small faint" key={sensor}>
              {GAP_TEXT[sensor]}: {detail}
            </p>
          ))}
        </div>
        <div className="row">
          <Button
            ref={main}
            kind={busy ? 'plain' : 'primary'}
            icon={busy ? 'pause' : 'play'}
            single
            pending={control.pending}
            onClick={() => control.run(action)}
          >
            {label}
          </Button>
          {busy && <Button onClick={() => control.run('pause', 60)}>Pause for an hour</Button>}
          {state === 'running' && <Button onClick={() => control.run('finish')}>Finish, then stop</Button>}
          {state !== 'stopped' && (
            <Button kind="quiet" onClick={() => control.run('stop')}>
              Stop
            </Button>
          )}
          <a className="button button-quiet" href={hrefOf('settings', 'donation')}>
            Rules
          </a>
        </div>
      </div>
      <Failure error={control.error} />
      {lean.kind === 'preparing' && (
        <div className="stack-small">
          <p className="small muted">Lean is being prepared, once on this machine: {lean.step}</p>
          <Progress label="Preparing Lean" fraction={lean.fraction} />
        </div>
      )}
      {lean.kind === 'failed' && <Failure error={`Lean cannot be started: ${lean.detail}`} />}
    </section>
  );
}

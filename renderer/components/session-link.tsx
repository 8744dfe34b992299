import type { Session } from '../../core/api/index.ts';
import { hrefOf } from '../app/routes.ts';
import { Badge } from './controls.tsx';
import { plural } from './format.ts';
import { LeanCode } from './lean/code.tsx';

const ENDS: Readonly<Record<NonNullable<Session['end']>, string>> = {
  proved: 'Proved',
  rounds: 'Out of rounds',
  seconds: 'Out of time',
  checks: 'Out of checks',
  cancelled: 'Stopped',
  'policy-exhausted': 'Out of ideas',
  'policy-failed': 'The policy failed',
  'checker-failed': 'Lean failed',
  unjudgeable: 'Does not elaborate',
  failed: 'Failed',
};

export const endText = (end: NonNullable<Session['end']>): string => ENDS[end];

export function SessionBadge({ session }: { readonly session: Session }) {
  if (session.state === 'waiting') return <Badge>Waiting</Badge>;
  if (session.state === 'running') {
    return (
      <Badge tone="accent">
        <span className="status-dot" data-state="running" aria-hidden="true" />
        Running
      </Badge>
    );
  }
  if (session.end === 'proved') {
    return (
      <Badge tone="good" icon="check">
        Proved
      </Badge>
    );
  }
  const broken =
    session.end === 'failed' || session.end === 'unjudgeable' || session.end?.endsWith('failed') === true;
  return (
    <Badge tone={broken ? 'bad' : 'plain'}>
      {session.end === undefined ? 'Ended' : endText(session.end)}
    </Badge>
  );
}

/** A session in a list. */
export function SessionLink({
  session,
  current = false,
}: {
  readonly session: Session;
  readonly current?: boolean;
}) {
  return (
    <a className="entry" href={hrefOf('prove', session.id)} aria-current={current ? 'true' : undefined}>
      <span className="entry-head">
        <span className="entry-name">{session.name}</span>
        <SessionBadge session={session} />
      </span>
      <LeanCode source={oneLine(session.formal)} inline />
      <span className="entry-meta">
        {plural(session.attempts, 'attempt')} · {session.settings.policy}
        {session.origin === 'donation' && ' · donated'}
      </span>
    </a>
  );
}

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

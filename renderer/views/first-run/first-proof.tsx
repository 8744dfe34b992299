import { useState } from 'react';
import type { Session } from '../../../core/api/index.ts';
import { Button, Callout, Failure, Progress } from '../../components/controls.tsx';
import { duration, plural } from '../../components/format.ts';
import { useKeptFocus } from '../../components/kept-focus.ts';
import { LeanCode } from '../../components/lean/code.tsx';
import { ProofSource } from '../../components/proof-source.tsx';
import { useAction, useNode, useNodeState, useNow } from '../../store/hooks.ts';

const THEOREM = `theorem heads_and_feet (chickens rabbits : Nat)
    (heads : chickens + rabbits = 35)
    (feet : 2 * chickens + 4 * rabbits = 94) :
    chickens = 23 ∧ rabbits = 12`;

interface FirstProofProps {
  readonly onDone: (screen: 'home' | 'prove') => void;
}

/** A real statement, the real loop, the real Lean. */
export function FirstProof({ onDone }: FirstProofProps) {
  const store = useNode();
  const session = useNodeState(({ sessions }) => sessions.find(({ origin }) => origin === 'first-run'));
  const [since, setSince] = useState<number>();
  const start = useAction(async () => {
    setSince(Date.now());
    await store.call('prove.start', {
      source: { kind: 'text', text: `${THEOREM} := by sorry` },
      settings: { seconds: 120 },
      origin: 'first-run',
    });
  });
  const proved = session?.end === 'proved';
  useKeptFocus(session?.state);
  const busy = start.pending || (session !== undefined && session.state !== 'ended');
  return (
    <>
      <p className="muted">Thirty-five heads and ninety-four feet can only be 23 chickens and 12 rabbits.</p>
      {!proved && <LeanCode source={THEOREM} label="The theorem" />}
      {busy ? (
        <UnderWay session={session} since={since ?? session?.createdAt} />
      ) : proved ? (
        <Done session={session} onDone={onDone} />
      ) : (
        <>
          {session !== undefined && (
            <Callout tone="bad" title="It was not proved" alert>
              {session.detail ??
                'Something was in the way; try it again, or go on and look at the settings of Lean.'}
            </Callout>
          )}
          <Failure error={start.error} />
          <div className="row">
            <Button kind="primary" icon="play" onClick={start.run}>
              {session === undefined ? 'Prove it' : 'Try again'}
            </Button>
            <Button kind="quiet" onClick={() => onDone('home')}>
              {session === undefined ? 'Later' : 'Go on without'}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function UnderWay({
  session,
  since,
}: {
  readonly session: Session | undefined;
  readonly since: number | undefined;
}) {
  const lean = useNodeState(({ node }) => node.lean);
  const now = useNow(true, 500);
  const step =
    lean.kind === 'preparing'
      ? `Preparing Lean, once: ${lean.step}`
      : session !== undefined && session.attempts > 0
        ? `${plural(session.attempts, 'attempt')} checked`
        : 'Starting Lean';
  return (
    <div className="stack-small">
      <Progress label="Proving" fraction={lean.kind === 'preparing' ? lean.fraction : undefined} />
      <p className="small muted">
        <span role="status">{step}</span>
        {since !== undefined && ` · ${duration(Math.max(0, now - since))}`}
      </p>
    </div>
  );
}

function Done({
  session,
  onDone,
}: {
  readonly session: Session;
  readonly onDone: FirstProofProps['onDone'];
}) {
  const took = (session.endedAt ?? session.createdAt) - session.createdAt;
  return (
    <>
      <p role="status">
        Proved on this machine after {plural(session.attempts, 'attempt')}, in {duration(took)}.
      </p>
      {session.proof !== undefined && <ProofSource proof={session.proof} linked={false} />}
      <div className="row">
        <Button kind="primary" onClick={() => onDone('home')}>
          Open Proofswarm
        </Button>
        <Button onClick={() => onDone('prove')}>Prove one of my own</Button>
      </div>
    </>
  );
}

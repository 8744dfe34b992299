import { useState } from 'react';
import { Brand } from '../../app/navigation.tsx';
import { go } from '../../app/use-route.ts';
import { Button, Check, Failure } from '../../components/controls.tsx';
import { useKeptFocus } from '../../components/kept-focus.ts';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';
import { FirstProof } from './first-proof.tsx';

/** From the first start to the first theorem proved on this machine. */
export function FirstRun() {
  const agreed = useNodeState(({ firstRun }) => firstRun.agreedAt !== undefined);
  useKeptFocus(agreed);
  return (
    <main className="first-run" id="main" tabIndex={-1}>
      <div className="first-run-inner">
        <Brand />
        <ol className="steps small" aria-label="Steps">
          <li aria-current={agreed ? undefined : 'step'}>Welcome</li>
          <li aria-current={agreed ? 'step' : undefined}>First theorem</li>
        </ol>
        {agreed ? <FirstTheorem /> : <Welcome />}
      </div>
    </main>
  );
}

function Welcome() {
  const store = useNode();
  const [licence, setLicence] = useState(false);
  const [network, setNetwork] = useState(false);
  const agree = useAction(() => store.call('first-run.agree', { licence: 'Apache-2.0', network }));
  return (
    <>
      <h1>Prove theorems together</h1>
      <p className="lead">
        Your machine tries open statements in Lean 4. What Lean’s kernel accepts is kept, helps with the next
        statement, and can be shared with everyone.
      </p>
      <ul className="promises">
        <li>
          <strong>Verified, not believed.</strong> Every proof, yours or a stranger’s, is checked by the Lean
          on this machine.
        </li>
        <li>
          <strong>When you want.</strong> It begins when you say so, works while the machine is idle, and says
          why when it pauses.
        </li>
        <li>
          <strong>Nothing behind your back.</strong> No telemetry, no account. Offline, nobody learns
          anything.
        </li>
      </ul>
      <div className="card card-pad stack">
        <Check
          label="Proofs that I publish are under the Apache-2.0 licence"
          hint="So that everybody may build on them. Needed to go on; nothing is published unless you join."
          checked={licence}
          onChange={setLicence}
        />
        <Check
          label="Join the swarm"
          hint="Peers will see this machine’s network address, its peer id, and the proofs it publishes. You can change this at any time."
          checked={network}
          onChange={setNetwork}
        />
      </div>
      <Failure error={agree.error} />
      <div className="row">
        <Button kind="primary" disabled={!licence} pending={agree.pending} onClick={agree.run}>
          Go on
        </Button>
      </div>
    </>
  );
}

function FirstTheorem() {
  const store = useNode();
  const finish = useAction(async (screen: 'home' | 'prove') => {
    go(screen);
    await store.call('first-run.finish', {});
  });
  return (
    <>
      <h1>Your first theorem</h1>
      <p className="lead">
        Lean is part of the program. It is prepared once on this machine, then proves this:
      </p>
      <FirstProof onDone={(screen) => void finish.run(screen)} />
      <Failure error={finish.error} />
    </>
  );
}

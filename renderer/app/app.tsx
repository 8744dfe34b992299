import { useEffect } from 'react';
import { Button, Callout, Loading } from '../components/controls.tsx';
import { useKeptFocus } from '../components/kept-focus.ts';
import { NodeContext, useConnection, useNode, useNodeState } from '../store/hooks.ts';
import type { NodeStore } from '../store/node-store.ts';
import { FirstRun } from '../views/first-run/first-run.tsx';
import { setAppearance } from './appearance.ts';
import { followProofs } from './proof-notifications.ts';
import { Shell } from './shell.tsx';

export const App = ({ store }: { readonly store: NodeStore }) => (
  <NodeContext value={store}>
    <Gate />
  </NodeContext>
);

/** Nothing can be shown before the node's first word. */
function Gate() {
  const connection = useConnection();
  const store = useNode();
  if (store.state !== undefined) return <Connected />;
  return (
    <main className="gate">
      <h1 className="visually-hidden">Proofswarm</h1>
      {connection.kind === 'lost' ? (
        <Callout
          tone="warn"
          title="No connection to the node"
          alert
          actions={
            <Button small icon="retry" onClick={() => window.location.reload()}>
              Try again
            </Button>
          }
        >
          {connection.detail}. It is tried again by itself.
        </Callout>
      ) : (
        <Loading label="Connecting to the node on this machine" />
      )}
    </main>
  );
}

function Connected() {
  const appearance = useNodeState(({ settings }) => settings.appearance);
  const done = useNodeState(({ firstRun }) => firstRun.done);
  const store = useNode();
  useKeptFocus(done);
  useEffect(() => setAppearance(appearance), [appearance]);
  useEffect(() => followProofs(store), [store]);
  return done ? <Shell /> : <FirstRun />;
}

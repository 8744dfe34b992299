import { useState } from 'react';
import type { NetworkStatus, PeerView } from '../../../core/api/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { CopyButton } from '../../components/clipboard.tsx';
import { Badge, Button, Callout, Empty, Failure, Field, Progress } from '../../components/controls.tsx';
import { ago, count, plural } from '../../components/format.ts';
import { useAction, useNode, useNodeState, useNow, usePagedList } from '../../store/hooks.ts';
import { PeerGraph } from './peer-graph.tsx';
import { PeerList } from './peer-list.tsx';
import { Refusals } from './refusals.tsx';

const keyOf = ({ peer }: PeerView): string => peer;

/** The swarm as this node sees it. */
export function Network() {
  const network = useNodeState((state) => state.network);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Network</h1>
          <p>
            Peers exchange statements and proofs. Nothing a peer sends counts before this machine’s Lean has
            accepted it.
          </p>
        </div>
        <NetworkBadge network={network} />
      </header>
      {network.state === 'on' ? <Online network={network} /> : <Offline network={network} />}
    </div>
  );
}

function NetworkBadge({ network: { state, peers } }: { readonly network: NetworkStatus }) {
  switch (state) {
    case 'on':
      return (
        <Badge tone={peers > 0 ? 'good' : 'warn'}>{peers > 0 ? plural(peers, 'peer') : 'No peers yet'}</Badge>
      );
    case 'off':
      return <Badge>Off</Badge>;
    case 'starting':
    case 'stopping':
      return <Badge tone="accent">{state === 'starting' ? 'Starting' : 'Stopping'}</Badge>;
    case 'failed':
      return <Badge tone="bad">Failed</Badge>;
  }
}

function Offline({ network }: { readonly network: NetworkStatus }) {
  const store = useNode();
  const settings = useNodeState((state) => state.settings.network);
  const turnOn = useAction(() =>
    store.call('settings.update', { patch: { network: { ...settings, enabled: true } } }),
  );
  if (network.state === 'starting' || network.state === 'stopping') {
    return <Progress label="The network changes" fraction={undefined} />;
  }
  return (
    <section className="card" aria-label="Connection">
      {network.state === 'failed' && (
        <Callout tone="bad" title="The network could not be started">
          {network.detail}
        </Callout>
      )}
      <Empty
        icon="network"
        title={
          settings.enabled ? 'The network is switched on, and not running' : 'You are offline, by your choice'
        }
        actions={
          <>
            {!settings.enabled && (
              <Button kind="primary" pending={turnOn.pending} onClick={turnOn.run}>
                Join the swarm
              </Button>
            )}
            <a className="button" href={hrefOf('settings', 'network')}>
              Network settings
            </a>
          </>
        }
      >
        {settings.enabled
          ? (network.detail ?? 'Some settings hold from the next start of the node.')
          : 'Nothing is sent and nobody learns of this node. In the swarm, peers see your address, your peer id and what you publish.'}
      </Empty>
      <Failure error={turnOn.error} />
    </section>
  );
}

function Online({ network }: { readonly network: NetworkStatus }) {
  const peers = usePagedList('network.peers', {}, keyOf, ['network:peer-changed', 'network:changed']);
  const self = useNodeState(({ node }) => node.peer);
  const now = useNow(true, 15_000);
  const { verification, sync } = network;
  const figures = [
    ['Records', count(network.records)],
    ['Waiting to be fetched', count(network.waiting)],
    ['Being checked', `${count(verification.running)}, ${count(verification.queued)} waiting`],
    ['Accepted', count(verification.accepted)],
    ['Refused', count(verification.refused)],
    ['Not judged here', count(verification.claimed)],
    ['Last synchronised', network.lastSyncAt === undefined ? 'not yet' : ago(network.lastSyncAt, now)],
  ] as const;
  return (
    <>
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {sync !== undefined && (
        <div className="stack-small">
          <p className="small muted">
            Comparing with a peer: {count(sync.here)} here, {count(sync.there)} there, {count(sync.needed)} to
            fetch
          </p>
          <Progress label="Synchronising" fraction={undefined} />
        </div>
      )}
      <div className="columns">
        <section className="card" aria-labelledby="graph">
          <div className="card-head">
            <h2 id="graph">Peers around this node</h2>
          </div>
          <PeerGraph self={self} peers={peers.state.items} />
        </section>
        <div className="stack-large">
          <PeerList state={peers.state} list={peers.list} />
          <Refusals />
        </div>
      </div>
      <Dial />
      <Addresses network={network} />
    </>
  );
}

function Dial() {
  const store = useNode();
  const [address, setAddress] = useState('');
  const dial = useAction(async () => {
    await store.call('network.dial', { address: address.trim() });
    setAddress('');
  });
  return (
    <form
      className="card card-pad stack"
      onSubmit={(event) => {
        event.preventDefault();
        void dial.run();
      }}
    >
      <Field
        label="Connect to a peer"
        hint="Its address, which ends in its id: its owner finds it under How others reach you."
      >
        {(ids) => (
          <div className="row">
            <input
              {...ids}
              className="input grow"
              value={address}
              placeholder="/ip4/203.0.113.7/tcp/4001/p2p/12D3KooW…"
              onChange={({ target }) => setAddress(target.value)}
            />
            <Button type="submit" pending={dial.pending} disabled={address.trim() === ''}>
              Connect
            </Button>
          </div>
        )}
      </Field>
      <Failure error={dial.error} />
    </form>
  );
}

const Addresses = ({ network: { addresses } }: { readonly network: NetworkStatus }) => (
  <section className="card" aria-labelledby="addresses">
    <div className="card-head">
      <h2 id="addresses">How others reach you</h2>
    </div>
    {addresses.length === 0 ? (
      <p className="card-pad muted">No address is known yet.</p>
    ) : (
      <ul className="plain-list">
        {addresses.map((address) => (
          <li key={address} className="address-row">
            <code className="wrap-anywhere grow">{address}</code>
            <CopyButton small text={address} />
          </li>
        ))}
      </ul>
    )}
  </section>
);

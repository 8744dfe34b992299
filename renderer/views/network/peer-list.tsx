import type { PeerView } from '../../../core/api/index.ts';
import { Badge, Button, Empty, Failure } from '../../components/controls.tsx';
import { clock, plural, shortId } from '../../components/format.ts';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useAction, useNode, useNow } from '../../store/hooks.ts';
import type { ListState } from '../../store/list-state.ts';
import type { PagedList } from '../../store/paged-list.ts';
import { peerState } from './graph-layout.ts';

interface PeerListProps {
  readonly state: ListState<PeerView>;
  readonly list: PagedList<PeerView>;
}

export const PeerList = ({ state, list }: PeerListProps) => (
  <section className="card" aria-labelledby="peers">
    <div className="card-head">
      <h2 id="peers">Peers</h2>
    </div>
    <VirtualList
      label="Peers"
      state={state}
      list={list}
      rowHeight={104}
      grows
      row={(peer) => <Peer view={peer} />}
      empty={
        <Empty icon="network" title="No peers yet">
          They are looked for on the local network and at the bootstrap addresses of the settings.
        </Empty>
      }
    />
  </section>
);

const TONE = { connected: 'good', relayed: 'accent', known: 'plain', denied: 'bad' } as const;
const WORD = { connected: 'Direct', relayed: 'Relayed', known: 'Not connected', denied: 'Cut off' } as const;

function Peer({ view }: { readonly view: PeerView }) {
  const store = useNode();
  const now = useNow(view.deniedUntil !== undefined || view.setAsideUntil !== undefined, 5000);
  const sync = useAction(() => store.call('network.sync', { peer: view.peer }));
  const forgive = useAction(() => store.call('network.forgive', { peer: view.peer }));
  const state = peerState(view);
  const [connection] = view.connections;
  return (
    <div className="entry">
      <span className="entry-head">
        <code className="entry-name" title={view.peer}>
          {shortId(view.peer)}
        </code>
        <Badge tone={TONE[state]}>{WORD[state]}</Badge>
      </span>
      <span className="entry-meta">
        {connection === undefined
          ? view.deniedUntil !== undefined
            ? `${view.offence ?? 'Refused'} until ${clock(view.deniedUntil, now)}`
            : 'no connection'
          : `${connection.transport}, ${connection.direction} · ${connection.address}`}
      </span>
      <span className="row entry-actions small">
        <span className="faint" title="Proofs of its finding that are in this memory">
          found {plural(view.proofs, 'proof')}
          {view.setAsideUntil !== undefined &&
            view.setAsideUntil > now &&
            ' · too slow, left alone for a while'}
          {view.points > 0 && ` · ${Math.round(view.points)} points against it`}
        </span>
        {view.connected && (
          <Button
            small
            kind="quiet"
            aria-label={`Synchronise with ${shortId(view.peer)}`}
            pending={sync.pending}
            onClick={sync.run}
          >
            Synchronise
          </Button>
        )}
        {view.points > 0 && (
          <Button
            small
            kind="quiet"
            aria-label={`Forgive ${shortId(view.peer)}`}
            pending={forgive.pending}
            onClick={forgive.run}
          >
            Forgive
          </Button>
        )}
        <Failure error={sync.error ?? forgive.error} />
      </span>
    </div>
  );
}

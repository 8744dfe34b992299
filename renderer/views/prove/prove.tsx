import { hrefOf, type Route } from '../../app/routes.ts';
import { Empty } from '../../components/controls.tsx';
import { SessionLink } from '../../components/session-link.tsx';
import { ENTRY_HEIGHT, VirtualList } from '../../components/virtual-list.tsx';
import type { Session } from '../../../core/api/index.ts';
import { useNodeState, usePagedList } from '../../store/hooks.ts';
import { Composer } from './composer.tsx';
import { SessionScreen } from './session-screen.tsx';

export const Prove = ({ route }: { readonly route: Route }) =>
  route.id === undefined ? (
    <Compose statement={route.query.get('statement')} />
  ) : (
    <SessionScreen key={route.id} id={route.id} />
  );

function Compose({ statement }: { readonly statement: string | undefined }) {
  const networked = useNodeState(({ network }) => network.state === 'on');
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Prove</h1>
          <p>
            State a theorem in Lean, or <a href={hrefOf('statements')}>pick one from the board</a>. It is
            tried on this machine{' '}
            {networked ? 'alone; a proof that is found is shared with the swarm.' : 'and nobody is told.'}
          </p>
        </div>
      </header>
      <Composer key={statement ?? 'draft'} statement={statement} />
      <Sessions />
    </div>
  );
}

const keyOf = ({ id }: Session): string => id;

function Sessions() {
  const { state, list } = usePagedList('prove.list', {}, keyOf, ['prove:session-removed']);
  const live = useNodeState(({ sessions }) => sessions);
  // The state's are newer than the list's, which is read when it is opened.
  const fresh = live.filter(({ id }) => !state.items.some((item) => item.id === id));
  const items = [...fresh, ...state.items.map((item) => live.find(({ id }) => id === item.id) ?? item)];
  const shown = { ...state, items, count: state.count + fresh.length };
  return (
    <section className="card" aria-labelledby="sessions">
      <div className="card-head">
        <h2 id="sessions">Tried so far</h2>
      </div>
      <VirtualList
        label="Sessions"
        state={shown}
        list={list}
        rowHeight={ENTRY_HEIGHT}
        row={(session) => <SessionLink session={session} />}
        empty={
          <Empty icon="prove" title="Nothing tried yet">
            What you try stays here, with every attempt and what Lean said to it.
          </Empty>
        }
      />
    </section>
  );
}

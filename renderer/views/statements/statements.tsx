import { useState } from 'react';
import type { StatementRow } from '../../../core/api/index.ts';
import { hrefOf, type Route } from '../../app/routes.ts';
import { Badge, Button, Empty } from '../../components/controls.tsx';
import { count, environmentLabel } from '../../components/format.ts';
import { LeanCode } from '../../components/lean/code.tsx';
import { oneLine } from '../../components/session-link.tsx';
import { ENTRY_HEIGHT, VirtualList } from '../../components/virtual-list.tsx';
import { useCapability, useNodeState, useWindowedList, useSettled } from '../../store/hooks.ts';
import { Filters, filterInput, NO_FILTER } from './filters.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { Imports } from './imports.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { StatementDetail } from './statement-detail.tsx';
import { StatusBadge } from './status-badge.tsx';
import { workersText } from './workers-text.ts';

/** The board: what there is to prove. */
export function Statements({ route }: { readonly route: Route }) {
  const [filter, setFilter] = useState(NO_FILTER);
  const [dialog, setDialog] = useState<'import' | 'publish'>();
  const publish = useCapability('publish');
  const total = useNodeState(({ statements }) => statements.total);
  const settled = useSettled(filter, 200);
  const { state, list } = useWindowedList('statements.list', filterInput(settled), [
    'statements:changed',
    'statements:status-changed',
  ]);
  const filtered = JSON.stringify(settled) !== JSON.stringify(NO_FILTER);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Statements</h1>
          <p>What there is to prove: your own imports, and what curators of the swarm put up.</p>
        </div>
        <div className="row">
          <Button kind="primary" icon="plus" onClick={() => setDialog('import')}>
            Import
          </Button>
          <Button
            icon="share"
            disabled={!publish.available || state.count === 0}
            title={publish.available ? undefined : publish.reason}
            onClick={() => setDialog('publish')}
          >
            Publish as a pack
          </Button>
        </div>
      </header>
      <Imports />
      <Filters filter={filter} onChange={setFilter} />
      <p className="visually-hidden" role="status">
        {state.phase === 'ready' && `${count(state.count)} statements`}
      </p>
      <div className="split" data-open={route.id !== undefined}>
        <section className="card split-list" aria-label="Statements">
          <VirtualList
            label="Statements"
            state={state}
            list={list}
            rowHeight={ENTRY_HEIGHT}
            row={(row) => <StatementLink row={row} current={row.id === route.id} />}
            empty={
              filtered && total > 0 ? (
                <Empty
                  icon="search"
                  title="Nothing matches"
                  actions={<Button onClick={() => setFilter(NO_FILTER)}>Clear the filters</Button>}
                />
              ) : (
                <Empty
                  icon="list"
                  title="The board is empty"
                  actions={
                    <Button kind="primary" icon="plus" onClick={() => setDialog('import')}>
                      Import statements
                    </Button>
                  }
                >
                  Import a .lean file, a dataset such as MiniF2F, or the starter pack that comes along.
                </Empty>
              )
            }
          />
        </section>
        <div className="split-detail">
          {route.id === undefined ? (
            <section className="card" aria-label="Statement">
              <Empty icon="list" title="Choose a statement">
                Its formal and informal text, where it comes from, and what has been tried.
              </Empty>
            </section>
          ) : (
            <StatementDetail key={route.id} id={route.id} />
          )}
        </div>
      </div>
      {dialog === 'import' && <ImportDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'publish' && (
        <PublishDialog
          filter={filterInput(settled)}
          count={state.count}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  );
}

function StatementLink({ row, current }: { readonly row: StatementRow; readonly current: boolean }) {
  const meta = [row.topic, row.difficulty, row.dataset].filter((part) => part !== undefined);
  return (
    <a className="entry" href={hrefOf('statements', row.id)} aria-current={current ? 'true' : undefined}>
      <span className="entry-head">
        <span className="entry-name">{row.name}</span>
        {row.watched && <Badge icon="eye">Watched</Badge>}
        <StatusBadge status={row.status} />
      </span>
      <LeanCode source={oneLine(row.formal)} inline />
      <span className="entry-meta">
        {meta.length > 0 ? meta.join(' · ') : environmentLabel(row.environment)}
        {row.workers !== undefined && ` · ${workersText(row.workers)}`}
      </span>
    </a>
  );
}

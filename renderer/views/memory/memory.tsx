import { useState } from 'react';
import type { Route } from '../../app/routes.ts';
import { Button, Check, Empty, Segments } from '../../components/controls.tsx';
import { bytes, plural } from '../../components/format.ts';
import { Icon } from '../../components/icon.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProofLink } from '../../components/proof-link.tsx';
import { ENTRY_HEIGHT, VirtualList } from '../../components/virtual-list.tsx';
import { useNodeState, useWindowedList, useQuery, useSettled } from '../../store/hooks.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ProofDetail } from './proof-detail.tsx';

type Mode = 'text' | 'meaning';

/** The bank of verified proofs. */
export function Memory({ route }: { readonly route: Route }) {
  const [text, setText] = useState('');
  const [mode, setMode] = useState<Mode>('text');
  const [own, setOwn] = useState(false);
  const [exporting, setExporting] = useState(false);
  const settled = useSettled(text.trim(), 250);
  const counts = useNodeState(({ bank }) => bank);
  const { loaded: stats } = useQuery('bank.stats', {}, ['bank:proof-added']);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Memory</h1>
          <p>
            {plural(counts.proofs, 'proof')} of {plural(counts.statements, 'statement')}, each accepted by
            this machine’s own Lean
            {stats.kind === 'ready' && ` · ${bytes(stats.value.bytes)} on disk`}
          </p>
        </div>
        <Button icon="download" disabled={counts.proofs === 0} onClick={() => setExporting(true)}>
          Export
        </Button>
      </header>
      <search className="filters">
        <div className="search">
          <Icon name="search" />
          <input
            type="search"
            className="input"
            aria-label="Search the memory"
            placeholder={mode === 'text' ? 'Words, names, symbols' : 'A statement, e.g. a * b = b * a'}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
        <Segments
          label="Search by"
          value={mode}
          options={[
            ['text', 'Text'],
            ['meaning', 'Meaning'],
          ]}
          onChange={setMode}
        />
        <Check label="Found here" checked={own} disabled={settled !== ''} onChange={setOwn} />
      </search>
      <div className="split" data-open={route.id !== undefined}>
        <section className="card split-list" aria-label="Proofs">
          {settled === '' ? (
            <AllProofs own={own} current={route.id} />
          ) : (
            <Hits text={settled} mode={mode} current={route.id} />
          )}
        </section>
        <div className="split-detail">
          {route.id === undefined ? (
            <section className="card" aria-label="Proof">
              <Empty icon="memory" title="Choose a proof">
                Its source, who found it and how, who has checked it again, and what it has helped to prove.
              </Empty>
            </section>
          ) : (
            <ProofDetail key={route.id} id={route.id} />
          )}
        </div>
      </div>
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </div>
  );
}

function AllProofs({ own, current }: { readonly own: boolean; readonly current: string | undefined }) {
  const { state, list } = useWindowedList('bank.list', own ? { own } : {}, ['bank:proof-added']);
  return (
    <VirtualList
      label="Proofs"
      state={state}
      list={list}
      rowHeight={ENTRY_HEIGHT}
      row={(proof) => <ProofLink proof={proof} current={proof.id === current} />}
      empty={
        <Empty icon="memory" title="No proofs yet">
          Whatever Lean accepts on this machine, or from the swarm after this machine’s Lean has checked it,
          is kept here and shown to later attempts.
        </Empty>
      }
    />
  );
}

interface HitsProps {
  readonly text: string;
  readonly mode: Mode;
  readonly current: string | undefined;
}

function Hits({ text, mode, current }: HitsProps) {
  const { loaded, reload } = useQuery('bank.search', { text, mode, limit: 50 });
  return (
    <Loaded loaded={loaded} label="Searching" reload={reload}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="search" title="Nothing found" />
        ) : (
          <ul className="plain-list scroll-list" aria-label="Hits, best first">
            {items.map((proof) => (
              <li key={proof.id}>
                <ProofLink proof={proof} current={proof.id === current} />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

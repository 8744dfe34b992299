import { useState } from 'react';
import type { ProofRow } from '../../../core/api/index.ts';
import type { Route } from '../../app/routes.ts';
import { Button, Check, Empty, Segments } from '../../components/controls.tsx';
import { bytes, count, plural } from '../../components/format.ts';
import { Icon } from '../../components/icon.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProofLink } from '../../components/proof-link.tsx';
import { ENTRY_HEIGHT, VirtualList } from '../../components/virtual-list.tsx';
import { useNodeState, usePagedList, useWindowedList, useQuery, useSettled } from '../../store/hooks.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ImportBankDialog } from './import-bank-dialog.tsx';
import { ProofDetail } from './proof-detail.tsx';
import { Transfers } from './transfers.tsx';

type Mode = 'text' | 'meaning';

/** The bank of verified proofs. */
export function Memory({ route }: { readonly route: Route }) {
  const [text, setText] = useState('');
  const [mode, setMode] = useState<Mode>('text');
  const [own, setOwn] = useState(false);
  const [claimed, setClaimed] = useState(false);
  const [dialog, setDialog] = useState<'import' | 'export'>();
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
        <div className="row">
          <Button icon="plus" onClick={() => setDialog('import')}>
            Import
          </Button>
          <Button
            icon="download"
            disabled={counts.proofs + counts.claimed === 0}
            onClick={() => setDialog('export')}
          >
            Export
          </Button>
        </div>
      </header>
      <Transfers />
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
        {/* A search, and what is only claimed, cannot be narrowed so. */}
        {settled === '' && !claimed && <Check label="Found here" checked={own} onChange={setOwn} />}
        {(counts.claimed > 0 || claimed) && (
          <Check
            label={`Only claimed (${count(counts.claimed)})`}
            hint="What peers say they proved, in environments that this machine has no Lean for. Never used for proofs."
            checked={claimed}
            onChange={setClaimed}
          />
        )}
      </search>
      <div className="split" data-open={route.id !== undefined}>
        <section className="card split-list" aria-label="Proofs">
          {claimed ? (
            <ClaimedProofs text={settled} current={route.id} />
          ) : settled === '' ? (
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
      {dialog === 'import' && <ImportBankDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'export' && <ExportDialog onClose={() => setDialog(undefined)} />}
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

const keyOf = ({ id }: ProofRow): string => id;

function ClaimedProofs({ text, current }: { readonly text: string; readonly current: string | undefined }) {
  const { state, list } = usePagedList('bank.claimed', text === '' ? {} : { text }, keyOf, [
    'bank:import-progress',
    'network:changed',
  ]);
  return (
    <VirtualList
      label="Claimed proofs"
      state={state}
      list={list}
      rowHeight={ENTRY_HEIGHT}
      row={(proof) => <ProofLink proof={proof} current={proof.id === current} />}
      empty={<Empty icon="memory" title={text === '' ? 'Nothing is claimed' : 'Nothing found'} />}
    />
  );
}

const MAX_HITS = 50;

interface HitsProps {
  readonly text: string;
  readonly mode: Mode;
  readonly current: string | undefined;
}

function Hits({ text, mode, current }: HitsProps) {
  const { loaded, reload } = useQuery('bank.search', { text, mode, limit: MAX_HITS });
  return (
    <Loaded loaded={loaded} label="Searching" reload={reload}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="search" title="Nothing found">
            {mode === 'text'
              ? 'Other words may be in it; Meaning finds statements that are alike.'
              : 'Text finds names and words.'}
          </Empty>
        ) : (
          <ul className="plain-list scroll-list" aria-label="Hits, best first">
            {items.map((proof) => (
              <li key={proof.id}>
                <ProofLink proof={proof} current={proof.id === current} />
              </li>
            ))}
            {items.length === MAX_HITS && (
              <li className="small faint card-pad">
                The best {MAX_HITS} are shown; further words narrow it.
              </li>
            )}
          </ul>
        )
      }
    </Loaded>
  );
}

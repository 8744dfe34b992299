import { useState } from 'react';
import type { ImportReport } from '../../../core/api/index.ts';
import { Button, Callout, Progress } from '../../components/controls.tsx';
import { count, plural } from '../../components/format.ts';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';
import { outcomeOf } from './import-outcome.ts';

/** What is being imported, and what became of what was, until it is put aside. */
export function Imports() {
  const imports = useNodeState((state) => state.imports);
  const [aside, setAside] = useState<ReadonlySet<string>>(
    () => new Set(imports.filter(ended).map(({ id }) => id)),
  );
  return imports
    .filter(({ id }) => !aside.has(id))
    .map((report) => (
      <Report key={report.id} report={report} onAside={() => setAside(new Set([...aside, report.id]))} />
    ));
}

const ended = ({ state }: ImportReport): boolean => state !== 'reading';

function Report({ report, onAside }: { readonly report: ImportReport; readonly onAside: () => void }) {
  const store = useNode();
  const cancel = useAction(() => store.call('statements.cancel-import', { import: report.id }));
  const { state, added, known, duplicates, defective, defects, detail } = report;
  const parts = [
    `${plural(added, 'statement')} added`,
    known > 0 && `${count(known)} already there`,
    duplicates > 0 && plural(duplicates, 'duplicate'),
    defective > 0 && `${plural(defective, 'entry', 'entries')} could not be read`,
  ].filter((part) => part !== false);
  const { title, tone } = outcomeOf(report);
  return (
    <div className="stack-small" role="status">
      <Callout
        tone={tone}
        title={title}
        actions={
          state === 'reading' ? (
            <Button small onClick={cancel.run}>
              Stop
            </Button>
          ) : (
            <Button small aria-label={`Put aside: ${title}`} onClick={onAside}>
              Put aside
            </Button>
          )
        }
      >
        {detail ?? `${parts.join(', ')}.`}
      </Callout>
      {state === 'reading' && <Progress label={title} fraction={undefined} />}
      {defects.length > 0 && (
        <details>
          <summary>What could not be read</summary>
          <ul className="defects small">
            {defects.map((defect, index) => (
              <li key={index}>{defect}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

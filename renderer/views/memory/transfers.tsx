import { useState } from 'react';
import type { BankExport, BankImport } from '../../../core/api/index.ts';
import { Button, Callout, Progress } from '../../components/controls.tsx';
import { bytes, count, plural } from '../../components/format.ts';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';

/** Files that the memory is being read from or written to, and what became of the last ones until they are put aside. */
export function Transfers() {
  const imports = useNodeState(({ bankImports }) => bankImports);
  const exports = useNodeState(({ bankExports }) => bankExports);
  const [aside, setAside] = useState<ReadonlySet<string>>(
    () => new Set([...imports, ...exports].filter(ended).map(({ id }) => id)),
  );
  const shown = ({ id }: { readonly id: string }): boolean => !aside.has(id);
  const putAside = (id: string) => (): void => setAside(new Set([...aside, id]));
  return (
    <>
      {imports.filter(shown).map((report) => (
        <Import key={report.id} report={report} onAside={putAside(report.id)} />
      ))}
      {exports.filter(shown).map((report) => (
        <Export key={report.id} report={report} onAside={putAside(report.id)} />
      ))}
    </>
  );
}

const ended = ({ state }: BankImport | BankExport): boolean => state !== 'reading' && state !== 'writing';
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
const TONE = {
  reading: 'accent',
  writing: 'accent',
  done: 'good',
  cancelled: 'plain',
  failed: 'bad',
} as const;

interface TransferProps {
  readonly title: string;
  readonly state: keyof typeof TONE;
  readonly text: string;
  readonly fraction: number | undefined;
  readonly onStop: () => Promise<unknown>;
  readonly onAside: () => void;
}

function Transfer({ title, state, text, fraction, onStop, onAside }: TransferProps) {
  const stop = useAction(onStop);
  const busy = state === 'reading' || state === 'writing';
  return (
    <div className="stack-small" role="status">
      <Callout
        tone={TONE[state]}
        title={title}
        actions={
          busy ? (
            <Button small aria-label={`Stop: ${title}`} pending={stop.pending} onClick={stop.run}>
              Stop
            </Button>
          ) : (
            <Button small aria-label={`Put aside: ${title}`} onClick={onAside}>
              Put aside
            </Button>
          )
        }
      >
        {text}
      </Callout>
      {busy && <Progress label={title} fraction={fraction} />}
    </div>
  );
}

function Import({ report, onAside }: { readonly report: BankImport; readonly onAside: () => void }) {
  const store = useNode();
  const { id, path, state, bytes: size, bytesRead, added, known, claimed, bad, problems, detail } = report;
  const name = nameOf(path);
  const title = {
    reading: `Reading proofs of ${name}`,
    done: `Read the proofs of ${name}`,
    cancelled: `Stopped reading ${name}`,
    failed: `${name} could not be read`,
  }[state];
  const parts = [
    `${plural(added, 'proof')} accepted by Lean`,
    known > 0 && `${count(known)} here before`,
    claimed > 0 && `${count(claimed)} kept as claimed`,
    bad > 0 && `${plural(bad, 'line')} not taken`,
    state === 'reading' && size > 0 && `${bytes(bytesRead)} of ${bytes(size)}`,
  ].filter((part) => part !== false);
  return (
    <>
      <Transfer
        title={title}
        state={state}
        text={detail ?? `${parts.join(', ')}.`}
        fraction={size === 0 ? undefined : bytesRead / size}
        onStop={() => store.call('bank.cancel-import', { import: id })}
        onAside={onAside}
      />
      {problems.length > 0 && (
        <details>
          <summary>What was not taken from {name}</summary>
          <ul className="defects small">
            {problems.map(({ line, detail: why }) => (
              <li key={line}>
                Line {line}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Export({ report, onAside }: { readonly report: BankExport; readonly onAside: () => void }) {
  const store = useNode();
  const { id, path, state, records, total, detail } = report;
  const name = nameOf(path);
  const title = {
    writing: `Writing the memory to ${name}`,
    done: `${plural(records, 'record')} written to ${name}`,
    cancelled: `Stopped writing ${name}; there is no file`,
    failed: `${name} could not be written`,
  }[state];
  return (
    <Transfer
      title={title}
      state={state}
      text={detail ?? (state === 'writing' ? `${count(records)} of ${count(total)} records.` : path)}
      fraction={total === 0 ? undefined : records / total}
      onStop={() => store.call('bank.cancel-export', { export: id })}
      onAside={onAside}
    />
  );
}

import { useState } from 'react';
import { MAX_EDITOR_TEXT, type ProveSettings } from '../../../core/api/index.ts';
import { challengeSource, type ContentId } from '../../../core/record/index.ts';
import { go } from '../../app/use-route.ts';
import { count } from '../../components/format.ts';
import { cleanSource } from '../../components/lean/clean-source.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Button, Callout, Failure } from '../../components/controls.tsx';
import { FileButton } from '../../components/file-button.tsx';
import { errorText } from '../../store/error-text.ts';
import {
  useAction,
  useCapability,
  useLatest,
  useNode,
  useNodeState,
  useQuery,
  useSettled,
} from '../../store/hooks.ts';
import { BudgetForm } from './budget-form.tsx';
import { draft } from './draft.ts';
import { SourceEditor } from './source-editor.tsx';

/** The editor, with a statement of the board in it where one is named. */
export const Composer = ({ statement }: { readonly statement: string | undefined }) =>
  statement === undefined ? <Draft initial={draft.read()} /> : <OfStatement statement={statement} />;

function OfStatement({ statement }: { readonly statement: ContentId }) {
  const { loaded, reload } = useQuery('statements.get', { statement });
  return (
    <Loaded loaded={loaded} label="Reading the statement" reload={reload}>
      {({ statement: view }) => <Draft initial={challengeSource(view.statement)} />}
    </Loaded>
  );
}

function Draft({ initial }: { readonly initial: string }) {
  const store = useNode();
  const able = useCapability('prove');
  const defaults = useNodeState(({ settings }) => settings.prove);
  const [text, setText] = useState(initial);
  const [opened, setOpened] = useState({ text: initial, revision: 0 });
  const [budget, setBudget] = useState<ProveSettings>(defaults);
  const [name, setName] = useState<string>();
  const settled = useSettled(text, 400);
  const tooLong = text.length > MAX_EDITOR_TEXT;
  const loaded = useLatest(
    useQuery('statements.read', { text: settled.length > MAX_EDITOR_TEXT ? '' : settled }).loaded,
  );
  const found = loaded.kind === 'ready' ? loaded.value.statements : [];
  const chosen = found.find((row) => row.name === name) ?? found[0];

  const change = (next: string): void => {
    setText(next);
    draft.write(next);
  };
  const start = useAction(async () => {
    const source = { kind: 'text' as const, text, ...(chosen === undefined ? {} : { name: chosen.name }) };
    const { session } = await store.call('prove.start', { source, settings: budget });
    go('prove', session.id);
  });
  const submit = (): void => {
    if (able.available && !start.pending && !tooLong) void start.run();
  };

  return (
    <div className="stack">
      <SourceEditor
        initial={opened.text}
        revision={opened.revision}
        onChange={change}
        onSubmit={submit}
        actions={
          <FileButton
            label="Open a file"
            accept=".lean,.txt"
            onText={(read) => {
              const content = cleanSource(read);
              setOpened((before) => ({ text: content, revision: before.revision + 1 }));
              change(content);
            }}
          />
        }
      />
      {found.length > 1 && (
        <label className="field">
          <span className="field-label">Which theorem</span>
          <select className="select" value={chosen?.name} onChange={({ target }) => setName(target.value)}>
            {found.map((row) => (
              <option key={row.id}>{row.name}</option>
            ))}
          </select>
        </label>
      )}
      {tooLong && (
        <Callout tone="warn" title="This is too long for the editor" alert>
          It has {count(text.length)} characters; {count(MAX_EDITOR_TEXT)} can be read. A longer file can be
          imported to the board, whose theorems are then proved one by one.
        </Callout>
      )}
      {!tooLong && loaded.kind === 'ready' && found.length === 0 && settled.trim() !== '' && (
        <Callout title="No open theorem yet">
          {loaded.value.defects[0] ??
            'End the theorem with := by sorry, so that it is clear what is to be proved.'}
        </Callout>
      )}
      {loaded.kind === 'failed' && (
        <Callout tone="warn" title="The text could not be read">
          {loaded.message}
        </Callout>
      )}
      <BudgetForm value={budget} onChange={setBudget} />
      <div className="row">
        <Button
          kind="primary"
          icon="play"
          pending={start.pending}
          disabled={!able.available || tooLong || (loaded.kind === 'ready' && found.length === 0)}
          onClick={submit}
        >
          {chosen === undefined ? 'Prove' : `Prove ${chosen.name}`}
        </Button>
        <span className="faint small">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
      </div>
      {!able.available && (
        <Callout tone="warn" title="This node cannot prove">
          {errorText(able.reason ?? 'not available')}
        </Callout>
      )}
      <Failure error={start.error} />
    </div>
  );
}

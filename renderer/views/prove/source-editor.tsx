import { useState, type ReactNode } from 'react';
import { MAX_EDITOR_TEXT, type DiagnoseReply } from '../../../core/api/index.ts';
import type { Diagnostic, Position } from '../../../core/record/index.ts';
import { LeanEditor } from '../../components/editor/lean-editor.tsx';
import { Icon } from '../../components/icon.tsx';
import { LeanCode } from '../../components/lean/code.tsx';
import { ofDraft } from '../../components/lean/draft-messages.ts';
import { duration, plural } from '../../components/format.ts';
import { useCapability, useLatest, useNode, useNodeState, useQuery, useSettled } from '../../store/hooks.ts';

interface SourceEditorProps {
  readonly initial: string;
  readonly revision: number;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
  readonly actions: ReactNode;
}

const DOCUMENT = `editor-${Math.random().toString(36).slice(2, 10)}`;

/** An editor, and beside it what Lean says of its text and of the place of the cursor. */
export function SourceEditor(props: SourceEditorProps) {
  const store = useNode();
  const fontSize = useNodeState(({ settings }) => settings.appearance.editorFontSize);
  const lean = useNodeState(({ node }) => node.lean);
  const diagnoses = useCapability('lean-diagnostics');
  const goals = useCapability('lean-goals');
  const [reply, setReply] = useState<DiagnoseReply>();
  const [at, setAt] = useState<{ text: string; position: Position }>();
  const cursor = useSettled(at, 350);
  const diagnose = async (text: string): Promise<DiagnoseReply> => {
    if (text.length > MAX_EDITOR_TEXT) return { kind: 'gave-up', detail: 'the text is too long' };
    try {
      const said = await store.call('lean.diagnose', { document: DOCUMENT, text });
      return said.kind === 'diagnosed' ? { ...said, diagnostics: ofDraft(said.diagnostics) } : said;
    } catch (error) {
      return { kind: 'gave-up', detail: (error as Error).message };
    }
  };
  return (
    <div className="editor-card card">
      <div className="card-head">
        <span className="row small muted" aria-live="polite">
          {lean.kind === 'ready' || lean.kind === 'failed' ? (
            <Reply reply={diagnoses.available ? reply : undefined} />
          ) : (
            <>
              <span className="spinner" aria-hidden="true" /> Lean starts at the first question; that takes
              some seconds
            </>
          )}
        </span>
        <div className="row">{props.actions}</div>
      </div>
      <div className="editor-split">
        <LeanEditor
          {...props}
          fontSize={fontSize}
          onCursor={(text, position) => setAt({ text, position })}
          diagnose={diagnoses.available ? diagnose : undefined}
          onDiagnosed={(next) => next.kind !== 'superseded' && setReply(next)}
        />
        <aside className="editor-side" aria-label="What Lean says">
          <Goals available={goals.available} reason={goals.reason} cursor={cursor} />
          {!diagnoses.available && <p className="small faint">No diagnostics: {diagnoses.reason}.</p>}
          {reply?.kind === 'diagnosed' && (
            <Messages diagnostics={reply.diagnostics} omitted={reply.omitted} />
          )}
        </aside>
      </div>
    </div>
  );
}

function Reply({ reply }: { readonly reply: DiagnoseReply | undefined }) {
  if (reply === undefined) return <>Lean reads as you type; \alpha becomes α</>;
  if (reply.kind !== 'diagnosed') return <>Lean gave up{reply.kind === 'gave-up' && `: ${reply.detail}`}</>;
  const errors = reply.diagnostics.filter(({ severity }) => severity === 'error').length;
  return (
    <>
      <Icon name={errors === 0 ? 'check' : 'warning'} />
      {errors === 0 ? 'No errors' : plural(errors, 'error')}
      {/* What was asked before is answered from memory. */}
      {reply.milliseconds >= 1 && ` · ${duration(reply.milliseconds)}`}
    </>
  );
}

interface GoalsProps {
  readonly available: boolean;
  readonly reason: string | undefined;
  readonly cursor: { readonly text: string; readonly position: Position } | undefined;
}

function Goals({ available, reason, cursor }: GoalsProps) {
  return (
    <section className="stack-small" aria-live="polite">
      <h2 className="side-title">Goals</h2>
      {!available ? (
        <p className="small faint">Not shown: {reason}.</p>
      ) : cursor === undefined || cursor.text.length > MAX_EDITOR_TEXT ? (
        <p className="small faint">Put the cursor into a proof to see what is left to show there.</p>
      ) : (
        <GoalsAt {...cursor} />
      )}
    </section>
  );
}

function GoalsAt({ text, position }: { readonly text: string; readonly position: Position }) {
  const loaded = useLatest(useQuery('lean.goals', { document: DOCUMENT, text, position }).loaded);
  if (loaded.kind === 'loading') return <p className="small faint">Asking Lean…</p>;
  if (loaded.kind === 'failed') return <p className="small faint">{loaded.message}</p>;
  const reply = loaded.value;
  switch (reply.kind) {
    case 'superseded':
      return <p className="small faint">Asking Lean…</p>;
    case 'gave-up':
    case 'no-goals':
      return <p className="small faint">{sentence(reply.detail)}</p>;
    case 'goals':
      return reply.goals.length === 0 ? (
        <p className="small faint">Nothing is left to show here.</p>
      ) : (
        reply.goals.map((goal, index) => <LeanCode key={index} source={goal} label={`Goal ${index + 1}`} />)
      );
  }
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

function Messages({
  diagnostics,
  omitted,
}: {
  readonly diagnostics: readonly Diagnostic[];
  readonly omitted: number;
}) {
  if (diagnostics.length === 0) return null;
  return (
    <section className="stack-small">
      <h2 className="side-title">Messages</h2>
      <DiagnosticList diagnostics={diagnostics.toSorted(byPlace)} />
      {omitted > 0 && <p className="small faint">and {plural(omitted, 'further message')}</p>}
    </section>
  );
}

/** As they stand in the text: Lean says them as it comes to them. */
const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  a.position.line - b.position.line || a.position.column - b.position.column;

export const DiagnosticList = ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => (
  <ul className="diagnostics">
    {diagnostics.map(({ severity, position, message }, index) => (
      <li key={index} data-severity={severity}>
        <span className="small faint">
          {severity}, line {position.line}:{position.column + 1}
        </span>
        <span className="diagnostic-text">{message}</span>
      </li>
    ))}
  </ul>
);

import { useEffect, useEffectEvent, useRef } from 'react';
import { closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import type { DiagnoseReply } from '../../../core/api/index.ts';
import type { Position } from '../../../core/record/index.ts';
import { cleanSource } from '../lean/clean-source.ts';
import { positionOf } from '../lean/positions.ts';
import { diagnostics } from './diagnostics.ts';
import { lean } from './lean-language.ts';
import { replaceSelection } from './replace-selection.ts';
import { editorTheme } from './theme.ts';
import { unicodeInput } from './unicode-input.ts';

export interface LeanEditorProps {
  readonly initial: string;
  /** A change of it puts `initial` into the editor. */
  readonly revision: number;
  readonly fontSize: number;
  readonly onChange: (text: string) => void;
  readonly onCursor: (text: string, position: Position) => void;
  readonly onSubmit: () => void;
  readonly diagnose?: ((text: string) => Promise<DiagnoseReply>) | undefined;
  readonly onDiagnosed: (reply: DiagnoseReply) => void;
}

/**
 * Lean in an editor. It lives in a shadow tree: there its styles are constructed sheets, which a Content-Security-Policy
 * without inline styles allows.
 */
export function LeanEditor(props: LeanEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const { initial, revision, fontSize } = props;
  /** What was in it, where it is made anew for another reason than another text. */
  const kept = useRef<{ readonly revision: number; readonly text: string }>(undefined);
  const change = useEffectEvent((text: string) => props.onChange(text));
  const cursor = useEffectEvent((text: string, at: Position) => props.onCursor(text, at));
  const submit = useEffectEvent(() => props.onSubmit());
  const diagnosed = useEffectEvent((reply: DiagnoseReply) => props.onDiagnosed(reply));
  const start = useEffectEvent(() => (kept.current?.revision === revision ? kept.current.text : initial));
  const canDiagnose = props.diagnose !== undefined;
  const diagnose = useEffectEvent((text: string): Promise<DiagnoseReply> => {
    const asked = props.diagnose?.(text);
    return asked ?? Promise.resolve({ kind: 'superseded' });
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: start(),
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          indentUnit.of('  '),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          EditorView.clipboardInputFilter.of(cleanSource),
          EditorView.contentAttributes.of({
            'aria-label': 'Lean source. Escape, then Tab, leaves the editor.',
            spellcheck: 'false',
            autocapitalize: 'off',
          }),
          placeholder('theorem name (a b : Nat) : a + b = b + a := by sorry'),
          unicodeInput(),
          replaceSelection(),
          keymap.of([
            { key: 'Mod-Enter', run: () => (submit(), true) },
            ...searchKeymap,
            ...historyKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          lean(),
          editorTheme,
          ...(canDiagnose
            ? [
                diagnostics(
                  (text) => diagnose(text),
                  (reply) => diagnosed(reply),
                ),
              ]
            : []),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged && !update.selectionSet) return;
            const text = update.state.doc.toString();
            if (update.docChanged) change(text);
            cursor(text, positionOf(text, update.state.selection.main.head));
          }),
        ],
      }),
    });
    return () => {
      kept.current = { revision, text: view.state.doc.toString() };
      view.destroy();
    };
  }, [revision, canDiagnose]);

  useEffect(() => {
    host.current?.style.setProperty('--editor-size', `${fontSize}px`);
  }, [fontSize]);

  return <div className="editor" ref={host} />;
}

import { autocompletion, completionStatus, type CompletionSource } from '@codemirror/autocomplete';
import { Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { expandEagerly, expandFinished, suggestions, type Expansion } from '../lean/abbreviations.ts';

/** The line up to the cursor; undefined where something is selected. */
function beforeCursor(view: EditorView): { readonly start: number; readonly text: string } | undefined {
  const { main } = view.state.selection;
  if (!main.empty) return undefined;
  const line = view.state.doc.lineAt(main.head);
  return { start: line.from, text: line.text.slice(0, main.head - line.from) };
}

function replace(view: EditorView, start: number, to: number, expansion: Expansion, then = ''): boolean {
  if (expansion.kind !== 'replace') return false;
  const from = start + expansion.from;
  const insert = expansion.symbol + then;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: 'input.type',
  });
  return true;
}

const typing = EditorView.inputHandler.of((view, from, to, typed) => {
  const before = beforeCursor(view);
  if (before === undefined || from !== to || view.composing) return false;
  if (typed === ' ') return replace(view, before.start, to, expandFinished(before.text), ' ');
  return replace(view, before.start, to, expandEagerly(before.text + typed));
});

function finish(view: EditorView): boolean {
  const before = beforeCursor(view);
  if (before === undefined || completionStatus(view.state) === 'active') return false;
  return replace(view, before.start, before.start + before.text.length, expandFinished(before.text));
}

const offer: CompletionSource = (context) => {
  const match = context.matchBefore(/\\[^\s\\]*/u);
  if (match === null) return null;
  return {
    from: match.from,
    filter: false,
    options: suggestions(match.text.slice(1)).map(({ name, symbol }) => ({
      label: `\\${name}`,
      detail: symbol,
      apply: symbol,
    })),
  };
};

/** `\alpha` becomes α: at once where it can be nothing else, else with a blank or Tab; with a list of what there is. */
export const unicodeInput = (): Extension => [
  typing,
  Prec.high(keymap.of([{ key: 'Tab', run: finish }])),
  autocompletion({ override: [offer], icons: false, selectOnOpen: false }),
];

import { EditorView } from '@codemirror/view';

/**
 * Typing over a selection, done in the document and not in the page: Chromium would otherwise keep the look of what was
 * there in style attributes, which the Content-Security-Policy refuses and reports.
 */
export const replaceSelection = () =>
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      const { from, to, empty } = view.state.selection.main;
      const { data, inputType } = event;
      if (inputType !== 'insertText' || data === null || empty || view.composing) return false;
      const insert = () =>
        view.state.update(view.state.replaceSelection(data), {
          userEvent: 'input.type',
          scrollIntoView: true,
        });
      const handlers = view.state.facet(EditorView.inputHandler);
      if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
      event.preventDefault();
      return true;
    },
  });

import { linter, type Diagnostic as Mark } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import type { DiagnoseReply } from '../../../core/api/index.ts';
import { offsetOf } from '../lean/positions.ts';

const SEVERITY = { error: 'error', warning: 'warning', information: 'info' } as const;
const QUIET_MS = 450;

/** Asks the node what Lean says of the text, once typing has stopped, and marks it. */
export const diagnostics = (
  diagnose: (text: string) => Promise<DiagnoseReply>,
  onReply: (reply: DiagnoseReply) => void,
): Extension =>
  linter(
    async (view): Promise<Mark[]> => {
      const text = view.state.doc.toString();
      if (text.trim() === '') return [];
      const reply = await diagnose(text);
      onReply(reply);
      if (reply.kind !== 'diagnosed') return [];
      return reply.diagnostics.map(({ severity, position, end, message }) => {
        const from = offsetOf(text, position);
        const to = end === undefined ? from + 1 : offsetOf(text, end);
        return {
          from,
          to: Math.min(Math.max(to, from + 1), text.length),
          severity: SEVERITY[severity],
          message,
        };
      });
    },
    { delay: QUIET_MS },
  );

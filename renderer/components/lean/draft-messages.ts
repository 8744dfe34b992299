import type { Diagnostic } from '../../../core/record/index.ts';

/** What Lean's frontend calls its warning that something was left out. */
const LEFT_OUT = 'hasSorry';

/** What Lean says of a text in which `sorry` stands for the proof that is asked for: there it is no fault. */
export const ofDraft = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.map((diagnostic) =>
    diagnostic.kind === LEFT_OUT
      ? { ...diagnostic, severity: 'information', message: 'This is what is to be proved.' }
      : diagnostic,
  );

import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../core/record/index.ts';
import { ofDraft } from '../../renderer/components/lean/draft-messages.ts';

const says = (change: Partial<Diagnostic>): Diagnostic => ({
  severity: 'warning',
  position: { line: 1, column: 8 },
  message: 'declaration uses `sorry`',
  kind: 'hasSorry',
  ...change,
});

describe('what Lean says of a draft', () => {
  it('calls what is left out what is to be proved', () => {
    expect(ofDraft([says({})])).toEqual([
      says({ severity: 'information', message: 'This is what is to be proved.' }),
    ]);
  });

  it('leaves other messages as they are, those about the word too', () => {
    const others = [
      says({ kind: '[anonymous]', message: 'unknown identifier `sorry`', severity: 'error' }),
      says({ kind: 'linter.unusedVariables', message: 'unused variable `h`' }),
    ];
    expect(ofDraft(others)).toEqual(others);
  });
});

import type { PromptFamily } from './family.ts';
import type { Material } from './material.ts';

/** How much of the material a prompt shows. */
export interface Cut {
  /** The first so many. */
  readonly references: number;
  /** The model's answer as it wrote it, or only its code. */
  readonly reply: boolean;
  readonly maxMessage: number;
  readonly maxErrors: number;
  /** The previous attempt, with what Lean said of it. */
  readonly attempt: boolean;
  readonly informal: boolean;
}

const SHORT_MESSAGES = [600, 200];
const FEW_ERRORS = [4, 2, 1];

/**
 * What is dropped first where the context is too small; each cut keeps less than the one before:
 *
 * 1. references, the farthest first: in OProver's ablations feedback is worth more than retrieval;
 * 2. of the model's previous answer all but the code;
 * 3. the middle of Lean's longer messages, down to 600 and then 200 characters;
 * 4. Lean's later errors, down to 4, 2, 1: the first errors tend to cause the others;
 * 5. the previous attempt with all feedback: one without the other misleads;
 * 6. the informal statement.
 *
 * A reference or an attempt is whole or left out; the formal statement with its header is in every cut.
 */
export function cuts(family: PromptFamily, material: Material): readonly Cut[] {
  let cut: Cut = {
    references: material.references.length,
    reply: material.attempt?.reply !== undefined,
    maxMessage: family.feedback.maxMessage,
    maxErrors: family.feedback.maxErrors,
    attempt: material.attempt !== undefined,
    informal: material.statement.informal !== undefined,
  };
  const all = [cut];
  const then = (change: Partial<Cut>): void => {
    cut = { ...cut, ...change };
    all.push(cut);
  };
  while (cut.references > 0) then({ references: cut.references - 1 });
  if (cut.reply) then({ reply: false });
  if (cut.attempt) {
    for (const maxMessage of SHORT_MESSAGES) if (maxMessage < cut.maxMessage) then({ maxMessage });
    for (const maxErrors of FEW_ERRORS) if (maxErrors < cut.maxErrors) then({ maxErrors });
    then({ attempt: false });
  }
  if (cut.informal) then({ informal: false });
  return all;
}

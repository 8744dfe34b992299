import type { Cut } from './cuts.ts';
import { fill, namesOf, type Placeholder, type PromptFamily } from './family.ts';
import { describeVerdict, type Feedback } from './feedback.ts';
import type { Material } from './material.ts';
import type { ChatMessage, Dropped } from './types.ts';

export interface Rendering {
  readonly messages: readonly ChatMessage[];
  readonly dropped: readonly Dropped[];
}

/** The material as far as a cut shows it, in the family's form. */
export function render(family: PromptFamily, material: Material, cut: Cut): Rendering {
  const shown = cut.attempt ? material.attempt : undefined;
  const feedback =
    shown === undefined
      ? undefined
      : describeVerdict(shown.attempt, { ...family.feedback, ...cut, fence: family.fence });
  const { statement } = material;
  const values: Record<Placeholder, string> = {
    statement: material.task,
    informal: cut.informal ? (statement.informal ?? '') : '',
    environment: fill(family.environment[statement.environment.library], {
      lean: statement.environment.lean,
    }),
    references: material.references
      .slice(0, cut.references)
      .map(({ proof }, i) => fill(family.reference, { index: String(i + 1), proof }))
      .join('\n\n'),
    attempt: shown?.code ?? '',
    reply: (cut.reply ? shown?.reply : undefined) ?? shown?.code ?? '',
    feedback: feedback?.text ?? '',
    round: shown === undefined ? '' : String(shown.attempt.round),
  };
  const round = shown === undefined ? 'first' : 'retry';
  const messages = family.turns
    .filter((turn) => turn.when === 'always' || turn.when === round)
    .map((turn) => ({
      role: turn.role,
      content: turn.sections
        .filter((section) => section.when === 'always' || section.when === round)
        .filter(({ template }) => namesOf(template).every((name) => values[name as Placeholder] !== ''))
        .map(({ template }) => fill(template, values))
        .join(family.separator),
    }))
    .filter(({ content }) => content !== '');
  return { messages, dropped: droppedBy(family, material, cut, feedback) };
}

function droppedBy(
  family: PromptFamily,
  material: Material,
  cut: Cut,
  feedback: Feedback | undefined,
): Dropped[] {
  const names = new Set(family.turns.flatMap((turn) => turn.sections.flatMap((s) => namesOf(s.template))));
  const budget = { reason: 'budget' } as const;
  const dropped: Dropped[] = [...material.dropped];
  for (const { id } of material.references.slice(cut.references))
    dropped.push({ ...budget, part: 'reference', id });
  if (names.has('reply') && cut.attempt && !cut.reply && material.attempt?.reply !== undefined) {
    dropped.push({ ...budget, part: 'reply' });
  }
  if (feedback !== undefined && feedback.cut > 0) {
    const reason = cut.maxMessage < family.feedback.maxMessage ? 'budget' : 'limit';
    dropped.push({ reason, part: 'message-text', messages: feedback.cut, longest: feedback.longest });
  }
  if (feedback !== undefined && feedback.shown < feedback.of) {
    const reason = cut.maxErrors < family.feedback.maxErrors ? 'budget' : 'limit';
    dropped.push({ reason, part: 'diagnostics', left: feedback.of - feedback.shown, of: feedback.of });
  }
  if (!cut.attempt && material.attempt !== undefined) dropped.push({ ...budget, part: 'attempt' });
  if (names.has('informal') && !cut.informal && material.statement.informal !== undefined) {
    dropped.push({ ...budget, part: 'informal' });
  }
  return dropped;
}

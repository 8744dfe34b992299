import {
  challengeSource,
  type Attempt,
  type Premise,
  type RoundState,
  type Statement,
} from '../../record/index.ts';
import { splitReply } from '../replies/index.ts';
import type { PromptFamily } from './family.ts';
import { cutMiddle, fenced } from './text.ts';
import type { Dropped } from './types.ts';

/** UTF-16 code units of an answer without code that are shown. */
const WITHOUT_CODE = 2_000;

/** All that a state has to show within a family's own limits, before any budget. */
export interface Material {
  readonly statement: Statement;
  /** The fenced statement. */
  readonly task: string;
  readonly references: readonly { readonly id: string; readonly proof: string }[];
  readonly attempt?: {
    readonly attempt: Attempt;
    /** The fenced submission; the answer, or a part of it, where no submission could be made of it. */
    readonly code: string;
    /** The model's own answer, where it says more than the code. */
    readonly reply?: string;
  };
  /** What the limits left out. */
  readonly dropped: readonly Dropped[];
}

export function gather(family: PromptFamily, state: RoundState): Material {
  const { statement } = state;
  const dropped: Dropped[] = [];
  const references: Material['references'][number][] = [];
  for (const premise of state.premises) {
    const code = withoutHeader(premise, statement);
    if (code.length > family.maxReference || references.length >= family.maxReferences) {
      dropped.push({ reason: 'limit', part: 'reference', id: premise.id });
    } else references.push({ id: premise.id, proof: fenced(code, family.fence) });
  }
  const attempt = latest(state.previous);
  const task = fenced(challengeSource(statement), family.fence);
  const material = { statement, task, references, dropped };
  if (attempt === undefined) return material;
  if (attempt.submission.length > family.maxAttempt) {
    dropped.push({ reason: 'limit', part: 'attempt' });
    return material;
  }
  const answer = answerOf(attempt).trim();
  const code =
    attempt.submission === ''
      ? cutMiddle(answer, WITHOUT_CODE) || '(no answer)'
      : fenced(attempt.submission, family.fence);
  const shows = answer !== '' && answer.length <= family.maxAttempt;
  return { ...material, attempt: { attempt, code, ...(shows && { reply: answer }) } };
}

/** The model's reply without its thinking text. */
function answerOf({ response, generation }: Attempt): string {
  if (response === undefined) return '';
  const parts = splitReply(response);
  // Where the template opened the thinking text, the reply does not show it.
  const startsInThinking = generation !== undefined && generation.thinking !== parts.thinking;
  return startsInThinking ? splitReply(response, { startsInThinking }).answer : parts.answer;
}

/**
 * The attempt to repair: of a round's several, a language model's own rather than another policy's, one that was judged
 * rather than one on which the checker failed, the last of those.
 */
function latest(previous: readonly Attempt[]): Attempt | undefined {
  const weight = (attempt: Attempt): number =>
    (attempt.response === undefined ? 0 : 2) + (attempt.verdict.kind === 'crashed' ? 0 : 1);
  return previous.reduce<Attempt | undefined>(
    (best, attempt) => (best === undefined || weight(attempt) >= weight(best) ? attempt : best),
    undefined,
  );
}

/** A premise's source; definitions that the statement shows already are not shown again. */
function withoutHeader({ statement: { header }, submission }: Premise, statement: Statement): string {
  const shared = header !== '' && header === statement.header && submission.startsWith(header);
  return shared ? submission.slice(header.length).trim() : submission;
}

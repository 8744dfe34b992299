import type { Attempt, Diagnostic, Verdict, VerdictOf } from '../../record/index.ts';
import { cutMiddle, fenced, offsetOfColumn } from './text.ts';

export interface FeedbackForm {
  readonly style: 'compiler' | 'marked';
  readonly maxErrors: number;
  readonly maxMessage: number;
  readonly linesBefore: number;
  /** The word after the backticks of a Lean block. */
  readonly fence: string;
}

export interface Feedback {
  readonly text: string;
  /** Diagnostics that say something, and how many of them are shown. */
  readonly of: number;
  readonly shown: number;
  /** Messages among those shown of which the middle is left out, and the length of the longest in code units. */
  readonly cut: number;
  readonly longest: number;
}

/** Lines of the code inside an error that are shown before the rest is left out; Goedel-Prover-V2's number. */
const LINES_INSIDE = 6;

const REJECTIONS: Readonly<Record<VerdictOf<'rejected'>['reason'], string>> = {
  'theorem-missing': 'The code does not prove a theorem of the name asked for.',
  'not-a-theorem': 'The name asked for is declared, but not as a theorem.',
  'statement-changed': 'The theorem is not the one asked for: its statement was changed.',
  'definition-changed': 'A definition that the statement rests on was changed.',
  'forbidden-axiom': 'The proof rests on an axiom that is not allowed.',
  'kernel-refused': "Lean's kernel did not accept a declaration.",
  'unsafe-declaration': 'The proof uses an unsafe or partial declaration.',
  'malformed-submission': 'There was nothing that Lean could check.',
  'environment-mismatch': 'The code imports a module that is not available.',
  'malformed-export': 'The proof could not be read back from Lean.',
};

const RESOURCES: Readonly<Record<VerdictOf<'exhausted'>['resource'], string>> = {
  time: 'Lean ran out of time',
  memory: 'Lean ran out of memory',
  heartbeats: 'Lean reached its limit of deterministic steps (maxHeartbeats)',
};

/** What Lean said of an attempt, for a model to read; never empty. */
export function describeVerdict(
  { submission, verdict }: Pick<Attempt, 'submission' | 'verdict'>,
  form: FeedbackForm,
): Feedback {
  const said = informative(verdict);
  const shown = said.slice(0, form.maxErrors);
  const lines = submission.split('\n');
  const messages = shown.map((diagnostic, i) =>
    form.style === 'marked' ? marked(diagnostic, i, lines, form) : compiler(diagnostic, form),
  );
  const left = said.length - shown.length;
  const long = shown.filter((diagnostic) => diagnostic.message.length > form.maxMessage);
  return {
    text: [
      ...headline(verdict, said.length, form),
      ...messages,
      ...(left > 0 ? [`... [Omitted ${left} more errors] ...`] : []),
    ].join(form.style === 'marked' ? '\n\n' : '\n'),
    of: said.length,
    shown: shown.length,
    cut: long.length,
    longest: Math.max(0, ...long.map((diagnostic) => diagnostic.message.length)),
  };
}

/** What leads on: errors, then the holes Lean warned of, then what it suggested. Linters' remarks prove nothing. */
function informative(verdict: Verdict): Diagnostic[] {
  if (verdict.kind !== 'failed' && verdict.kind !== 'rejected') return [];
  const of = (severity: Diagnostic['severity']): Diagnostic[] =>
    verdict.diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  return [
    ...of('error'),
    ...of('warning').filter(({ message }) => message.includes('sorry')),
    ...of('information').filter(({ message }) => message.startsWith('Try this')),
  ];
}

function headline(verdict: Verdict, said: number, { maxMessage }: FeedbackForm): string[] {
  const detail = (text: string): string => (text === '' ? '' : ` ${cutMiddle(text, maxMessage)}`);
  switch (verdict.kind) {
    case 'proved':
      return ['The proof was accepted.'];
    case 'failed': {
      if (said > 0) return [];
      const goals = verdict.goals.map((goal) => cutMiddle(goal, maxMessage));
      return goals.length === 0
        ? ['The proof was not accepted, and Lean gave no message.']
        : [`Goals left unsolved:\n${goals.slice(0, 8).join('\n\n')}`];
    }
    case 'rejected':
      return [REJECTIONS[verdict.reason] + detail(verdict.detail)];
    case 'exhausted':
      return [`${RESOURCES[verdict.resource]}.${detail(verdict.detail)} A cheaper proof is needed.`];
    case 'crashed':
      return ['The proof could not be checked: the checker stopped on it.'];
  }
}

function compiler(diagnostic: Diagnostic, { maxMessage }: FeedbackForm): string {
  const { line, column } = diagnostic.position;
  const severity = diagnostic.severity === 'information' ? 'info' : diagnostic.severity;
  return `${line}:${column}: ${severity}: ${cutMiddle(diagnostic.message, maxMessage)}`;
}

/** One error among the lines around it, in the form in which Goedel-Prover-V2 saw errors. */
function marked(diagnostic: Diagnostic, index: number, lines: readonly string[], form: FeedbackForm): string {
  const code = markedCode(diagnostic, lines, form.linesBefore);
  return `Error ${index + 1}:\n\nCorresponding Code:\n${fenced(code, form.fence)}\n\nError Message: ${cutMiddle(diagnostic.message, form.maxMessage)}`;
}

function markedCode({ position, end }: Diagnostic, lines: readonly string[], linesBefore: number): string {
  const last = lines.length - 1;
  const first = clamp(position.line - 1, 0, last);
  const final = clamp(end === undefined ? first : end.line - 1, first, last);
  const opening = lines[first] ?? '';
  const closing = lines[final] ?? '';
  const from = offsetOfColumn(opening, position.column);
  const to = end === undefined ? closing.length : offsetOfColumn(closing, end.column);
  const before = lines.slice(Math.max(0, first - linesBefore), first);
  const after = lines.slice(final + 1, final + 2);
  if (first === final) {
    const until = Math.max(from, to);
    const line = `${opening.slice(0, from)}<error>${opening.slice(from, until)}</error>${opening.slice(until)}`;
    return [...before, line, ...after].join('\n');
  }
  const inside = lines.slice(first + 1, final);
  const shown = inside.slice(0, LINES_INSIDE - 1);
  return [
    ...before,
    `${opening.slice(0, from)}<error>${opening.slice(from)}`,
    ...shown,
    ...(shown.length < inside.length ? ['  ... --[Truncated]-- ...'] : []),
    `${closing.slice(0, to)}</error>${closing.slice(to)}`,
    ...after,
  ].join('\n');
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

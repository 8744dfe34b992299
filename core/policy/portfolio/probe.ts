import type { Attempt, Diagnostic, Statement } from '../../record/index.ts';
import { submissionSource } from '../../record/index.ts';
import {
  closed,
  open,
  pathKey,
  printPlan,
  replaceAt,
  unfinished,
  type Path,
  type Plan,
  type PrintedLine,
} from './plan.ts';

/**
 * A probe tries many closers on many goals in one check and is made to fail, so that what gets accepted and kept is
 * the plain proof that it found. Each alternative says by `trace` that it closed a goal.
 */
const FAIL = 'probe';
const OPEN = 'open';

export interface Source {
  readonly statement: Statement;
  /** Declarations between the header and the theorem. */
  readonly helpers: string;
}

/** The submission of a finished plan. */
export function proofSource({ statement, helpers }: Source, plan: Plan): string {
  const lines = printPlan(plan, () => ['skip']).map((line) => line.text);
  return submissionSource(statement, `by\n${lines.join('\n')}`, helpers);
}

/** The submission that tries the closers on every unfinished place that was not tried before. */
export function probeSource(source: Source, plan: Plan, closers: readonly string[]): string {
  const body = probeBody(plan, closers).map((line) => line.text);
  return submissionSource(source.statement, `by\n${body.join('\n')}\n  fail "${FAIL}"`, source.helpers);
}

function probeBody(plan: Plan, closers: readonly string[]): PrintedLine[] {
  const places = new Map(unfinished(plan).map((place) => [pathKey(place.path), place.plan]));
  const alternatives = [
    'first',
    ...closers.map((closer, i) => `| ${[...closer.split('\n'), 'done', `trace "${i}"`].join('; ')}`),
    `| trace "${OPEN}"`,
  ];
  return printPlan(plan, (path) => {
    const place = places.get(pathKey(path));
    // A goal that is known was tried before.
    return place?.kind === 'open' && place.goal !== '' ? [`trace "${OPEN}"`] : alternatives;
  });
}

export type Reading =
  /** What the plan came to: closed leaves closed, goals filled in. */
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** No goal was left, though it may not be known yet which closer closed which. */
      readonly done: boolean;
    }
  /** A step does not apply here. */
  | { readonly kind: 'broken' }
  /** Lean gave up before the end: try again with less. */
  | { readonly kind: 'exhausted' };

/** Reads what Lean said of a probe. */
export function readProbe(attempt: Attempt, plan: Plan, closers: readonly string[]): Reading {
  const { verdict } = attempt;
  if (verdict.kind === 'exhausted') return { kind: 'exhausted' };
  if (verdict.kind !== 'failed') return { kind: 'broken' };
  const body = probeBody(plan, closers);
  // The body and the line of `fail` are the end of the submission.
  const firstLine = attempt.submission.split('\n').length - body.length;
  const ownerOf = (line: number): string => pathKey(body[line - firstLine]?.owner ?? rootOwner(body));
  const traces = new Map<string, string[]>();
  const goals = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, items: readonly string[]): void => {
    map.set(key, [...(map.get(key) ?? []), ...items]);
  };
  for (const diagnostic of verdict.diagnostics) {
    const { message, position, severity } = diagnostic;
    if (severity === 'information') {
      // Lean joins what is traced at one place into one message.
      const said = message
        .trim()
        .split('\n')
        .filter((line) => /^(?:\d+|open)$/.test(line));
      add(traces, ownerOf(position.line), said);
    } else if (severity === 'error') {
      if (/deterministic|maximum recursion|heartbeats/.test(message)) return { kind: 'exhausted' };
      if (message.startsWith('unsolved goals')) add(goals, ownerOf(position.line), goalsOf(diagnostic));
      else if (message.startsWith(FAIL)) add(goals, pathKey(rootOwner(body)), goalsOf(diagnostic));
      else return { kind: 'broken' };
    }
  }
  let result = plan;
  for (const place of unfinished(plan)) {
    const key = pathKey(place.path);
    const filled = fill(place.plan, traces.get(key) ?? [], goals.get(key) ?? [], closers);
    if (filled === undefined) return { kind: 'broken' };
    result = replaceAt(result, place.path, filled);
  }
  return { kind: 'plan', plan: result, done: goals.size === 0 };
}

/** The root block ends in one leaf, or in a step with several branches; Lean reports on it at `by`. */
function rootOwner(body: readonly PrintedLine[]): Path {
  return body[0]?.owner ?? [];
}

function goalsOf(diagnostic: Diagnostic): readonly string[] {
  if (diagnostic.goals !== undefined) return diagnostic.goals;
  return diagnostic.message
    .slice(diagnostic.message.indexOf('\n') + 1)
    .split(/\n\n+/)
    .filter((goal) => goal.includes('⊢'));
}

/** What a place came to; undefined where traces and goals do not match. */
function fill(
  place: Plan,
  traces: readonly string[],
  goals: readonly string[],
  closers: readonly string[],
): Plan | undefined {
  const still = traces.filter((trace) => trace === OPEN).length;
  if (still !== goals.length) return undefined;
  const [trace, ...others] = new Set(traces);
  const outcome = (goal: string | undefined): Plan =>
    trace === OPEN ? open(goal) : closed(closers[Number(trace)] ?? 'skip');
  if (place.kind !== 'step') return traces.length === 1 ? outcome(goals[0]) : undefined;
  // No goal was left: the step itself was the end.
  if (traces.length === 0) return closed(place.tactic);
  // Traces come sorted by place, not by goal: where they differ, the goals have to be asked one by one.
  const children = traces.map((_, i) => (others.length === 0 ? outcome(goals[i]) : open()));
  return { ...place, children };
}

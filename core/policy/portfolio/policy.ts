import type { Proposal, RoundState, Statement } from '../../record/index.ts';
import { expand, readAgenda, type Item, type Note } from './agenda.ts';
import { closersFor } from './closers.ts';
import { closed, leafTactics, open, type Plan } from './plan.ts';
import { probeSource, proofSource, type Source } from './probe.ts';
import { readShape, type Shape } from './shape.ts';

/** Probes of one round. */
const PROBES = 10;
const PROBE_HEARTBEATS = 20_000;

interface Named extends Proposal {
  readonly submission: string;
}

/** The candidates of a round. */
export function* candidates(state: RoundState): Generator<Proposal> {
  const shape = readShape(state.statement);
  const source: Source = { statement: state.statement, helpers: '' };
  if (state.round === 0) yield* direct(source, shape);
  else yield* search(state, source, shape);
}

function* direct(source: Source, shape: Shape): Generator<Named> {
  for (const closer of closersFor(shape.root, shape)) {
    yield proof(source, closed(closer.tactic), 'direct', closer.maxHeartbeats);
  }
}

function* search(state: RoundState, source: Source, shape: Shape): Generator<Named> {
  const agenda = readAgenda(state.previous, freshItems(state.round));
  for (const plan of agenda.finished) {
    const short = compact(plan);
    if (short !== undefined) yield proof(source, short, 'compact');
    yield proof(source, plan, 'search');
  }
  const { expansions, left } = expand(agenda, shape, PROBES, []);
  for (const [i, { plan, closers, level }] of expansions.entries()) {
    const note: Note = {
      kind: 'probe',
      strategy: 'search',
      plan,
      closers,
      level,
      ...(i === 0 ? { agenda: left, met: [...agenda.met] } : {}),
    };
    yield {
      submission: probeSource(source, plan, closers),
      response: JSON.stringify(note),
      maxHeartbeats: PROBE_HEARTBEATS,
    };
  }
}

/** The search begins at the statement, and begins again with the rest of the catalogue when the usual has had its turn. */
function freshItems(round: number): Item[] {
  const level = [1, 4].indexOf(round);
  return level < 0 ? [] : [{ plan: open(), tried: 0, level }];
}

/** `induction xs <;> grind` says the same as a list of equal cases. */
function compact(plan: Plan): Plan | undefined {
  if (plan.kind !== 'step' || plan.children === 'unknown' || plan.children.length < 2) return undefined;
  if (!plan.children.every((child) => child.kind === 'closed')) return undefined;
  const [tactic, ...others] = new Set(leafTactics(plan));
  if (tactic === undefined || others.length > 0) return undefined;
  const body = tactic.includes('\n') ? `(${tactic.replaceAll('\n', '; ')})` : tactic;
  return closed(`${plan.tactic} <;> ${body}`);
}

function proof(source: Source, plan: Plan, strategy: string, maxHeartbeats?: number): Named {
  const note: Note = { kind: 'proof', strategy };
  return {
    submission: proofSource(source, plan),
    response: JSON.stringify(note),
    ...(maxHeartbeats === undefined ? {} : { maxHeartbeats }),
  };
}

export type { Statement };

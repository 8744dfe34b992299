import { submissionSource, type Proposal, type RoundState } from '../../record/index.ts';
import { expand, nextWave, readAgenda, type Note } from './agenda.ts';
import { closersFor, type Closer } from './closers.ts';
import { isRefuted, suggestions } from './hints.ts';
import { likelyInductions, movesFrom } from './moves/index.ts';
import { closed, leafTactics, type Plan } from './plan.ts';
import { helpersFor, reuse, type Reuse } from './premises.ts';
import { probeSource, proofSource, type Source } from './probe.ts';
import { readShape, type Shape } from './shape.ts';

/** Probes of one round. */
const PROBES = 10;
/** Heartbeats of a probe, in thousands; it holds several tactics. */
const PROBE_HEARTBEATS = 8_000;
/** Steps of one round where there is no feedback to search by. */
const BLIND_STEPS = 8;
/** Candidates before retrieved proofs are tried: what is easy needs no example. */
const BEFORE_PREMISES = 3;
/** Closers before the obvious inductions. */
const BEFORE_INDUCTION = 4;

/** What a round works with. */
interface Desk {
  readonly state: RoundState;
  readonly shape: Shape;
  readonly reuse: Reuse;
  /** Later rollouts repeat the search with more heartbeats. */
  readonly patience: number;
}

/** The candidates of a round, in order; the same state gives the same candidates. */
export function* candidates(state: RoundState): Generator<Proposal> {
  const shape = readShape(state.statement);
  const desk: Desk = {
    state,
    shape,
    reuse: reuse(state.statement, shape, state.premises),
    patience: 2 ** Math.min(state.rollout, 4),
  };
  if (state.round === 0) yield* direct(desk);
  else if (state.previous.length === 0) yield* blind(desk);
  else if (!isRefuted(state.previous)) yield* search(desk);
}

/** Whatever may prove the statement in one step. */
function* direct(desk: Desk): Generator<Proposal> {
  const { shape, reuse } = desk;
  const closers = closersFor(shape.root, shape);
  const first = reuse.proofs.length + reuse.helpers.length === 0 ? closers.length : BEFORE_PREMISES;
  const quick = quickInductions(shape);
  for (const [i, closer] of [
    ...closers.slice(0, BEFORE_INDUCTION),
    ...quick,
    ...closers.slice(BEFORE_INDUCTION),
  ].entries()) {
    if (i === first) yield* fromPremises(desk);
    yield proof(desk, closed(closer.tactic), 'direct', closer.maxHeartbeats);
  }
  if (closers.length + quick.length <= first) yield* fromPremises(desk);
}

/** What proves most facts about recursive definitions: the obvious induction, then automation. */
function quickInductions(shape: Shape): Closer[] {
  const list = [...shape.unfoldable, ...shape.lemmas].join(', ');
  const use = list === '' ? '' : ` [${list}]`;
  return likelyInductions(shape)
    .slice(0, 3)
    .flatMap((induction) => [`grind${use}`, `simp_all${use}`].map((closer) => `${induction} <;> ${closer}`))
    .map((tactic) => ({ tactic, maxHeartbeats: PROBE_HEARTBEATS }));
}

/** Retrieved proofs: applied, given to the automation, and repeated with our names. */
function* fromPremises(desk: Desk): Generator<Proposal> {
  const { shape, reuse } = desk;
  const names = reuse.helpers.map((helper) => helper.name);
  if (names.length > 0) {
    const list = names.join(', ');
    const all = [...shape.unfoldable, ...names].join(', ');
    for (const tactic of [
      `solve_by_elim [${list}]`,
      `simp_all [${list}]`,
      `grind [${list}]`,
      `grind [${all}]`,
    ]) {
      yield proof(desk, closed(tactic), 'lemma', PROBE_HEARTBEATS);
    }
  }
  for (const text of reuse.proofs) {
    const source = sourceFor(desk, text);
    yield propose(
      submissionSource(source.statement, text, source.helpers),
      { kind: 'proof', strategy: 'transplant' },
      PROBE_HEARTBEATS,
    );
  }
}

/** The best-first search: finished plans as proofs, then the next probes. */
function* search(desk: Desk): Generator<Proposal> {
  const { state, shape, reuse } = desk;
  const agenda = readAgenda(state.previous, state.round);
  if (WAVE_ROUNDS.includes(state.round)) nextWave(agenda);
  for (const plan of agenda.finished) {
    const short = compact(plan);
    if (short !== undefined) yield proof(desk, short, 'compact');
    yield proof(desk, plan, 'search');
  }
  for (const tactic of suggestions(state.previous)) yield proof(desk, closed(tactic), 'suggested');
  const names = reuse.helpers.map((helper) => helper.name);
  let { expansions, left } = expand(agenda, shape, PROBES, names);
  while (expansions.length === 0 && nextWave(agenda))
    ({ expansions, left } = expand(agenda, shape, PROBES, names));
  const helpers = reuse.helpers.map((helper) => helper.text).join('\n\n');
  for (const [i, expansion] of expansions.entries()) {
    const note: Note = {
      kind: 'probe',
      strategy: 'search',
      ...expansion,
      ...(i === 0 ? { agenda: left, wave: agenda.wave, met: [...agenda.met] } : {}),
    };
    const source = { statement: state.statement, helpers };
    const heartbeats = PROBE_HEARTBEATS * desk.patience * (expansion.level + 1);
    yield propose(probeSource(source, expansion.plan, expansion.closers), note, heartbeats);
  }
  if (state.round === SUGGEST_ROUND) yield suggest(desk);
}

/** The library is searched once; it takes seconds, so what is easier has been tried before. */
const SUGGEST_ROUND = 3;
/** When the search begins, and begins again with the rest of the catalogue; sooner where nothing is left to do. */
const WAVE_ROUNDS: readonly number[] = [1, 5, 12];

/** Asks Lean's own library search, whose answer the next round reads. */
function suggest({ state, patience }: Desk): Proposal {
  const source = { statement: state.statement, helpers: '' };
  const note: Note = { kind: 'proof', strategy: 'ask' };
  return propose(probeSource(source, closed('exact?'), []), note, 4 * PROBE_HEARTBEATS * patience);
}

/** Without feedback: each step with each of the usual closers, so many steps a round. */
function* blind(desk: Desk): Generator<Proposal> {
  const { shape, state } = desk;
  const ways = movesFrom(shape.root, shape).slice((state.round - 1) * BLIND_STEPS, state.round * BLIND_STEPS);
  const closers = closersFor(shape.root, shape).filter((closer) =>
    /^(?:grind|simp_all|omega)/.test(closer.tactic),
  );
  for (const { plan } of ways) {
    if (plan.kind !== 'step') continue;
    for (const { tactic } of closers.slice(0, 4)) {
      const joined = plan.children !== 'unknown' && plan.children.length === 1 ? '\n' : ' <;> ';
      yield proof(desk, closed(`${plan.tactic}${joined}${inline(tactic)}`), 'blind', PROBE_HEARTBEATS);
    }
  }
}

/** `induction xs <;> grind` says the same as a list of equal cases. */
function compact(plan: Plan): Plan | undefined {
  if (plan.kind !== 'step' || plan.children === 'unknown' || plan.children.length < 2) return undefined;
  if (!plan.children.every((child) => child.kind === 'closed')) return undefined;
  const [tactic, ...others] = new Set(leafTactics(plan));
  if (tactic === undefined || others.length > 0) return undefined;
  return closed(`${plan.tactic} <;> ${inline(tactic)}`);
}

const inline = (tactic: string): string =>
  tactic.includes('\n') ? `(${tactic.replaceAll('\n', '; ')})` : tactic;

/** The statement, with as many helpers before it as the proof needs. */
function sourceFor({ state, reuse }: Desk, text: string): Source {
  return { statement: state.statement, helpers: helpersFor(text, reuse.helpers) };
}

function proof(desk: Desk, plan: Plan, strategy: string, maxHeartbeats?: number): Proposal {
  const body = proofSource({ statement: desk.state.statement, helpers: '' }, plan);
  const source = sourceFor(desk, body.slice(desk.state.statement.header.length));
  const limit = maxHeartbeats === undefined ? undefined : maxHeartbeats * desk.patience;
  return propose(proofSource(source, plan), { kind: 'proof', strategy }, limit);
}

function propose(text: string, note: Note, maxHeartbeats: number | undefined): Proposal {
  return {
    submission: text,
    response: JSON.stringify(note),
    ...(maxHeartbeats === undefined ? {} : { maxHeartbeats }),
  };
}

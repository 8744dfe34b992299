import { z } from 'zod';
import type { Attempt } from '../../record/index.ts';
import { readGoal, type Context } from './context.ts';
import { closersFor } from './closers.ts';
import { movesFrom, type Way } from './moves/index.ts';
import { leafTactics, open, planSchema, replaceAt, steps, unfinished, type Path, type Plan } from './plan.ts';
import { readProbe } from './probe.ts';
import type { Shape } from './shape.ts';

/** Instead of a count: the plan's new goals are still to be asked about. */
const ASK = -1;

/** A plan with goals left, and how many ways on from its first goal were tried. */
const itemSchema = z.strictObject({
  plan: planSchema,
  tried: z.int().min(ASK),
  /** What the steps so far cost, by how unlikely each was. */
  cost: z.number().nonnegative(),
  /** Which part of the catalogue closes its leaves: 0 the usual, 1 the rest. */
  level: z.int().nonnegative(),
  /** To be asked with cheap closers only, as the usual ones did not come to an end. */
  lite: z.boolean().default(false),
});
export type Item = z.infer<typeof itemSchema>;

/** What a proposal carries in its `response` for the next round to read. */
export const noteSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('proof'), strategy: z.string() }),
  z.strictObject({
    kind: z.literal('probe'),
    strategy: z.string(),
    plan: planSchema,
    closers: z.array(z.string()),
    level: z.int().nonnegative(),
    cost: z.number().nonnegative(),
    lite: z.boolean().default(false),
    /** Everything still to be tried; with a round's first probe only. */
    agenda: z.array(itemSchema).optional(),
    /** How often the search has begun, each time with another part of the catalogue. */
    wave: z.int().nonnegative().optional(),
    /** Goals that were met before; with a round's first probe only. */
    met: z.array(z.string()).optional(),
  }),
]);
export type Note = z.infer<typeof noteSchema>;

/** How many closers the usual probe tries. */
const USUAL = 9;
/** What a step of a rank costs, where one more goal costs 1: the likeliest steps are free, so that the search goes deep. */
const stepCost = (rank: number): number => Math.max(0, rank - 8) / 12;
/** How often the search begins. */
const WAVES = 3;
const MAX_ITEMS = 30;
const MAX_STEPS = 7;

export interface Agenda {
  wave: number;
  readonly items: Item[];
  readonly met: Set<string>;
  /** Plans without open goals, simplest first. */
  readonly finished: Plan[];
}

/** The response of an attempt, where this policy wrote it. */
export function readNote(attempt: Attempt): Note | undefined {
  if (attempt.response === undefined) return undefined;
  try {
    const parsed = noteSchema.safeParse(JSON.parse(attempt.response));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** What is known after a round: what it left to do, and what Lean made of its probes. */
export function readAgenda(previous: readonly Attempt[], round: number): Agenda {
  const notes = previous.flatMap((attempt) => {
    const note = readNote(attempt);
    return note?.kind === 'probe' ? [{ attempt, note }] : [];
  });
  const first = notes[0]?.note;
  const agenda: Agenda = {
    items: [...(first?.agenda ?? [])],
    // A round without probes had nothing left to probe.
    wave: first?.wave ?? (round === 1 ? 0 : WAVES),
    met: new Set(first?.met ?? []),
    finished: [],
  };
  for (const { attempt, note } of notes) {
    const reading = readProbe(attempt, note.plan, note.closers);
    if (reading.kind === 'exhausted' && !note.lite) {
      agenda.items.push({ plan: note.plan, tried: ASK, level: note.level, cost: note.cost, lite: true });
    }
    if (reading.kind !== 'plan') continue;
    const left = unfinished(reading.plan);
    if (left.length === 0) agenda.finished.push(reading.plan);
    else if (left.some(isUnasked))
      agenda.items.push({
        plan: reading.plan,
        tried: ASK,
        level: note.level,
        cost: reading.done ? 0 : note.cost,
        lite: false,
      });
    else if (isNews(reading.plan, note.level, agenda.met))
      agenda.items.push({ plan: reading.plan, tried: 0, level: note.level, cost: note.cost, lite: false });
  }
  agenda.finished.sort(
    (a, b) => steps(a) - steps(b) || leafTactics(a).join('').length - leafTactics(b).join('').length,
  );
  return agenda;
}

const isUnasked = (place: { readonly plan: Plan; readonly path: Path }): boolean =>
  place.path.length > 0 && place.plan.kind === 'open' && place.plan.goal === '';

/** A plan is worth keeping where it leads to goals not met before, and is not yet too long. */
function isNews(plan: Plan, level: number, met: Set<string>): boolean {
  if (steps(plan) > MAX_STEPS + level) return false;
  const key = unfinished(plan)
    .map((place) => goalKey(place.plan))
    .join('\n')
    .concat(`@${level}`);
  if (met.has(key)) return false;
  met.add(key);
  return true;
}

const goalKey = (plan: Plan): string =>
  plan.kind === 'open' ? hash(plan.goal.replace(/^case .*\n/, '').replace(/[✝⁰¹²³⁴-⁹]/gu, '')) : '?';

/** A short fingerprint (FNV-1a), so that the notes stay small. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

/** Lower is more promising: few and small goals, likely steps so far, a likely one next. */
function priority({ plan, tried, level, cost }: Item, next: number): number {
  const goals = unfinished(plan).map((place) => (place.plan.kind === 'open' ? place.plan.goal : ''));
  // What is to be shown weighs; what is known may help.
  const size = goals.reduce((n, goal) => n + 1 + (goal.length - Math.max(0, goal.indexOf('⊢'))) / 150, 0);
  return size + cost + stepCost(next) + 0.02 * tried + level;
}

export interface Expansion {
  readonly plan: Plan;
  readonly closers: string[];
  readonly level: number;
  readonly cost: number;
  readonly lite: boolean;
}

/** Begins again at the statement with the next part of the catalogue; false where there is none. */
export function nextWave(agenda: Agenda): boolean {
  if (agenda.wave >= WAVES) return false;
  agenda.items.push({ plan: open(), tried: 0, level: agenda.wave, cost: 0, lite: false });
  agenda.wave += 1;
  return true;
}

/** Takes the next `count` steps off the agenda, best first, and says what is left of it. */
export function expand(
  agenda: Agenda,
  shape: Shape,
  count: number,
  extra: readonly string[],
): { expansions: Expansion[]; left: Item[] } {
  const moves = new Map<string, Way[]>();
  const focus = (item: Item): { context: Context; ways: Way[]; path: Path } | undefined => {
    const place = unfinished(item.plan)[0];
    if (place === undefined) return undefined;
    const goal = place.plan.kind === 'open' ? place.plan.goal : '';
    const context = (goal === '' ? undefined : readGoal(goal)) ?? shape.root;
    const ways = moves.get(goal) ?? movesFrom(context, shape);
    moves.set(goal, ways);
    return { context, ways, path: place.path };
  };
  const ranked = (items: readonly Item[]): { item: Item; rank: number }[] =>
    items
      .flatMap((item) => {
        // One question is left between such a plan and a proof.
        if (item.tried === ASK && item.cost === 0) return [{ item, rank: 0 }];
        const next = item.tried === ASK ? { rank: 0 } : focus(item)?.ways[item.tried];
        return next === undefined ? [] : [{ item, rank: priority(item, next.rank) }];
      })
      .sort((a, b) => a.rank - b.rank);
  let items = ranked(agenda.items);
  const expansions: Expansion[] = [];
  while (expansions.length < count) {
    const best = items.shift()?.item;
    const at = best === undefined ? undefined : focus(best);
    if (best === undefined || at === undefined) break;
    const { level } = best;
    const all = closersFor(at.context, shape, extra).map((closer) => closer.tactic);
    const closers =
      level === 0 ? all.slice(0, USUAL) : level === 1 ? [...all.slice(USUAL), ...all.slice(1, 3)] : all;
    if (best.tried === ASK) {
      const cheap = closers.filter((closer) => /^(?:omega|rfl|simp)/.test(closer) && closer.length < 60);
      const { plan, cost, lite } = best;
      expansions.push({ plan, closers: lite ? cheap : closers, level, cost, lite });
      continue;
    }
    const way = at.ways[best.tried];
    if (way === undefined) continue;
    items = ranked([{ ...best, tried: best.tried + 1 }, ...items.map(({ item }) => item)]);
    const plan = replaceAt(best.plan, at.path, way.plan);
    expansions.push({ plan, closers, level, cost: best.cost + 0.2 + stepCost(way.rank), lite: false });
  }
  return { expansions, left: items.slice(0, MAX_ITEMS).map(({ item }) => item) };
}

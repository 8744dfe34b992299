import { argument, mentions, unwrap } from '../lean-text.ts';
import { hypotheses, values } from '../shape.ts';
import { conclusion, isAccessible } from '../context.ts';
import { callsOf } from './induction.ts';
import { outermost } from './binders.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/** Unfolding and simplifying as far as it goes, without having to end the goal. */
export function simplifications({ context, shape }: Scene): Move[] {
  const moves: Move[] = [];
  const unfold = shape.unfoldable.filter(
    (f) => mentions(context.goal, f) || context.goal.includes(`.${f.split('.').at(-1) ?? f}`),
  );
  const list = shape.unfoldable.join(', ');
  if (list !== '') moves.push({ tactic: `simp only [${list}] at *`, rank: 23 });
  if (unfold.length > 0) moves.push({ tactic: `unfold ${unfold.join(' ')}`, rank: 29 });
  moves.push({ tactic: list === '' ? 'simp_all' : `simp_all [${list}]`, rank: 24.5 });
  moves.push({ tactic: list === '' ? 'simp' : `simp [${list}]`, rank: 29.5 });
  if (/\^ \(?\p{L}/u.test(context.goal))
    moves.push({ tactic: `simp only [Nat.pow_succ${list === '' ? '' : `, ${list}`}] at *`, rank: 23.5 });
  return moves;
}

/** Universal hypotheses at the terms in sight. */
export function instances({ context, shape }: Scene): Move[] {
  const vals = values(context, shape).filter(isAccessible);
  const moves: Move[] = [];
  for (const h of hypotheses(context, shape).filter(isAccessible)) {
    const binders = universal(h.type);
    if (binders === undefined) continue;
    const options = binders.map((type) => termsOfType(type, vals, context.goal).slice(0, 4));
    let tuples: string[][] = [[]];
    for (const choices of options) {
      if (choices.length === 0) break;
      tuples = tuples.flatMap((tuple) => choices.map((choice) => [...tuple, choice])).slice(0, 8);
    }
    const facts = tuples.filter((tuple) => tuple.length > 0);
    const name = freshNames(context);
    const have = (tuple: readonly string[]): string =>
      `have ${name(`${h.name}'`)} := ${h.name} ${tuple.map(argument).join(' ')}`;
    facts.slice(0, 3).forEach((tuple, i) => moves.push({ tactic: have(tuple), chain: true, rank: 19 + i }));
    if (facts.length > 1) moves.push({ tactic: facts.map(have).join('\n'), chain: true, rank: 18.5 });
  }
  return moves;
}

/** The types of the leading ∀ binders, or undefined where there are none. */
function universal(type: string): string[] | undefined {
  const text = unwrap(type);
  const match = /^∀ (?:\(([^()]+) : ([^,]+?)\)|([^,:∈<≤(]+?)(?: : ([^,]+?))?),/u.exec(text);
  if (match === null) return undefined;
  const names = (match[1] ?? match[3] ?? '').trim().split(/\s+/);
  const kind = (match[2] ?? match[4] ?? '?').trim();
  return names.map(() => kind);
}

function termsOfType(type: string, vals: readonly { name: string; type: string }[], goal: string): string[] {
  const unknown = type === '?';
  const inGoal = (v: { name: string }): number => (mentions(goal, v.name) ? 0 : 1);
  const variables = vals
    .filter((v) => (unknown ? !v.type.includes('→') : v.type === type))
    .sort((a, b) => inGoal(a) - inGoal(b))
    .map((v) => v.name);
  const applied = vals
    .filter((f) => f.type.includes('→') && unwrap(f.type.split('→').at(-1) ?? '') === type)
    .flatMap((f) =>
      callsOf(f.name, goal).map(
        (args) => `${f.name} ${args.slice(0, f.type.split('→').length - 1).join(' ')}`,
      ),
    );
  // Cantor's diagonal: the one predicate that a binary relation gives by itself.
  const diagonal = /^(.+) → Prop$/.exec(type);
  const relations =
    diagonal === null
      ? []
      : vals
          .filter((f) => f.type.replace(/[()]/g, '') === `${diagonal[1] ?? ''} → ${type}`)
          .map((f) => `fun x => ¬ ${f.name} x x`);
  const literals = type === 'Nat' || type === 'Int' ? ['0', '1'] : type === 'Bool' ? ['true', 'false'] : [];
  return [...new Set([...variables, ...applied, ...relations, ...literals])];
}

/** A common subterm of both sides becomes a variable: what remains is often true of every value, and inductive. */
export function generalisations({ context, shape }: Scene): Move[] {
  if (outermost(context.goal) === '') return [];
  const name = freshNames(context)('m');
  const terms = new Map<string, number>();
  for (const f of shape.unfoldable) {
    for (const args of callsOf(f, context.goal)) {
      const term = [f, ...args].join(' ');
      if (args.length > 0 && args.every((arg) => arg !== '')) terms.set(term, (terms.get(term) ?? 0) + 1);
    }
  }
  return [...terms]
    .filter(([, count]) => count >= 1)
    .slice(0, 4)
    .map(([term]) => ({ tactic: `generalize ${term} = ${name} at *`, chain: true, rank: 30 }));
}

/** Rewriting by the equations that induction hypotheses and universal hypotheses end in. */
export function universalRewrites({ context, shape }: Scene): Move[] {
  return hypotheses(context, shape)
    .filter((h) => isAccessible(h) && outermost(conclusion(h.type)) === '=' && h.type.startsWith('∀'))
    .flatMap((h) => [
      { tactic: `rw [${h.name}]`, rank: 27 },
      { tactic: `simp only [${h.name}]`, rank: 27.5 },
    ]);
}

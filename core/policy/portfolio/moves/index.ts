import { isAccessible, type Context } from '../context.ts';
import type { Plan } from '../plan.ts';
import type { Shape } from '../shape.ts';
import { arithmeticMoves } from './arithmetic.ts';
import { caseSplits, functionalInductions, inductions, resultSplits, ruleInductions } from './induction.ts';
import { hypothesisMoves } from './hypotheses.ts';
import { goalMoves } from './logic.ts';
import { freshNames, stepOf, type Move } from './move.ts';
import { generalisedSteps, speculatedLemmas } from './lemmas.ts';
import { residueMoves } from './residues.ts';
import { generalisations, instances, simplifications, universalRewrites } from './rewriting.ts';

const FAMILIES = [
  goalMoves,
  hypothesisMoves,
  caseSplits,
  functionalInductions,
  resultSplits,
  ruleInductions,
  inductions,
  arithmeticMoves,
  residueMoves,
  speculatedLemmas,
  generalisedSteps,
  instances,
  simplifications,
  universalRewrites,
  generalisations,
] as const;

/** A step, and how likely it is: lower is likelier. */
export interface Way {
  readonly plan: Plan;
  readonly rank: number;
}

/** The ways on from a goal, likeliest first. */
export function movesFrom(context: Context, shape: Shape): Way[] {
  const { context: named, prefix } = nameAll(context);
  const scene = { context: named, shape };
  const moves = FAMILIES.flatMap((family): Move[] => family(scene)).sort((a, b) => a.rank - b.rank);
  const [first] = moves;
  // Introducing and taking apart lose nothing: there is no use in what would skip them.
  const chosen = first !== undefined && first.rank < 0 ? [first] : moves;
  const seen = new Set<string>();
  return chosen
    .filter((move) => !seen.has(move.tactic) && Boolean(seen.add(move.tactic)))
    .map((move) => ({ plan: stepOf(move, prefix), rank: move.rank }));
}

/** Gives names to what Lean left unnamed, for `rename_i` to introduce. */
function nameAll(context: Context): { readonly context: Context; readonly prefix: string } {
  if (context.locals.every(isAccessible)) return { context, prefix: '' };
  const name = freshNames(context);
  const renames = new Map<string, string>();
  const given: string[] = [];
  const replaceNames = (text: string): string =>
    text.replace(/[\p{L}_][\p{L}\p{N}_'₀-₉]*✝[⁰¹²³⁴-⁹]*/gu, (old) => renames.get(old) ?? old);
  const locals = context.locals.map((local) => {
    const type = replaceNames(local.type);
    if (isAccessible(local)) return { name: local.name, type };
    const wanted = local.name.replace(/✝.*$/u, '').replace(/^.*_ih$/, 'ih');
    const fresh = name(wanted === '' ? 'x' : wanted);
    renames.set(local.name, fresh);
    given.push(fresh);
    return { name: fresh, type };
  });
  return {
    context: { ...context, locals, goal: replaceNames(context.goal) },
    prefix: `rename_i ${given.join(' ')}`,
  };
}

/** Inductions over what recursive definitions recurse on, likeliest first, without names for their cases. */
export function likelyInductions(shape: Shape): string[] {
  const scene = { context: shape.root, shape };
  return [...functionalInductions(scene), ...inductions(scene)]
    .filter((move) => move.rank < 20.5)
    .sort((a, b) => a.rank - b.rank)
    .map((move) => move.tactic);
}

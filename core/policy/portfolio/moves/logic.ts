import { findTop, identifiers, mentions, splitTop, unwrap } from '../lean-text.ts';
import { values } from '../shape.ts';
import { boundNames, outermost } from './binders.ts';
import { freshNames, type Move, type Scene } from './move.ts';
import { quotients, witnesses } from './witnesses.ts';

/** What follows from the outermost connective of the goal. */
export function goalMoves(scene: Scene): Move[] {
  const { context } = scene;
  const goal = unwrap(context.goal);
  const moves: Move[] = [];
  const intro = introduction(scene);
  if (intro !== undefined) return [{ tactic: `intro ${intro.join(' ')}`, chain: true, rank: -2 }];
  const connective = outermost(goal);
  if (connective === '∧' || connective === '↔') moves.push({ tactic: 'constructor', rank: 8 });
  if (connective === '∨') {
    moves.push({ tactic: 'left', chain: true, rank: 25 }, { tactic: 'right', chain: true, rank: 25.1 });
  }
  if (goal.startsWith('∃')) moves.push(...witnesses(scene, goal));
  moves.push(...excludedMiddle(scene, goal));
  if (/^[∃]|∨/u.test(goal)) {
    moves.push({
      tactic: `apply Classical.byContradiction\nintro ${freshNames(context)('hn')}`,
      chain: true,
      rank: 22,
    });
  }
  if (connective === '∣') moves.push(...quotients(scene));
  if (/\bif\b|\bmatch\b/.test(goal)) moves.push({ tactic: 'split', rank: 12 });
  if (connective === '=') {
    const types = values(context, scene.shape)
      .map((v) => v.type)
      .join(' ');
    if (/\bfun\b|∘/.test(goal)) moves.push({ tactic: `funext ${freshNames(context)('x')}`, rank: 13 });
    const number = /\.(?:length|count|sum|size|toNat|val|isSome|contains)\b|[%*]|\bsum\b/.test(goal);
    if (/List|Array|BitVec|Fin|Option|Set|Prop/.test(types) && !number)
      moves.push({ tactic: 'ext', rank: 16 });
  }
  return moves;
}

/** Names for everything that `intro` can take, or undefined where the goal is neither ∀, → nor ¬. */
function introduction({ context }: Scene): string[] | undefined {
  const name = freshNames(context);
  const names: string[] = [];
  let goal = unwrap(context.goal);
  for (let i = 0; i < 12; i++) {
    if (goal.startsWith('∀')) {
      const { at } = findTop(goal, [',']);
      if (at < 0) break;
      names.push(...boundNames(goal.slice(1, at), name));
      goal = unwrap(goal.slice(at + 1));
    } else if (goal.startsWith('¬') && findTop(goal, [' ∧ ', ' ∨ ', ' → ', ' ↔ ', ' = ']).at < 0) {
      names.push(name('h'));
      break;
    } else if (goal.includes(' ≠ ') && outermost(goal) === '≠') {
      names.push(name('h'));
      break;
    } else {
      const parts = outermost(goal) === '→' ? splitTop(goal, ' → ') : [];
      if (parts.length < 2) break;
      for (let k = 1; k < parts.length; k++) names.push(name('h'));
      goal = unwrap(parts.at(-1) ?? '');
    }
  }
  return names.length === 0 ? undefined : names;
}

/** Excluded middle for quantified parts of the goal, for `if` conditions and for proposition variables. */
function excludedMiddle({ context }: Scene, goal: string): Move[] {
  const known = new Set(context.locals.map((l) => l.name));
  const name = freshNames(context)('hc');
  const parts = [
    ...[...goal.matchAll(/→ (∀ .*)$|\((∀ [^()]*|∃ [^()]*)\)/gu)].map((m) => m[1] ?? m[2] ?? ''),
    ...[...goal.matchAll(/\bif (.+?) then\b/g)].map((m) => m[1] ?? ''),
    ...context.locals.filter((l) => l.type === 'Prop' && mentions(goal, l.name)).map((l) => l.name),
  ];
  const closed = parts.filter((part) => {
    const bound = new Set(
      [...part.matchAll(/[∀∃] ([^,:∈<≤]+)/gu)].flatMap((m) => (m[1] ?? '').trim().split(/\s+/)),
    );
    return identifiers(part).every(
      (id) => known.has(id.split('.')[0] ?? id) || bound.has(id) || /^[A-Z]/.test(id),
    );
  });
  return [...new Set(closed)]
    .filter((part) => part !== '')
    .slice(0, 3)
    .map((part, i) => ({ tactic: `by_cases ${name} : ${part}`, rank: 14 + i }));
}

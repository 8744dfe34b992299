import { readFeatures } from '../features.ts';
import { values } from '../shape.ts';
import { mentions } from '../lean-text.ts';
import { outermost } from './logic.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/** Remainders, orders, squares: what nonlinear arithmetic needs before a decision procedure can end it. */
export function arithmeticMoves(scene: Scene): Move[] {
  const { context, shape } = scene;
  const features = readFeatures(context, shape);
  if (!features.arithmetic) return [];
  const numbers = values(context, shape).filter(
    (v) => (v.type === 'Nat' || v.type === 'Int') && mentions(context.goal, v.name),
  );
  const moves: Move[] = [];
  if ((features.divisibility && features.nonlinear) || context.goal.startsWith('∃'))
    moves.push(...remainders(scene, numbers));
  if (outermost(context.goal) === '=' && features.nonlinear) {
    const type = features.int ? 'Int' : 'Nat';
    moves.push({ tactic: `apply ${type}.le_antisymm`, rank: 33 });
  }
  const [a, b] = numbers;
  if (a !== undefined && a.type === b?.type && numbers.length <= 3) {
    moves.push({
      tactic: `rcases ${a.type}.le_total ${a.name} ${b.name} with hab | hab`,
      rank: features.nonlinear ? 24 : 31,
    });
  }
  if (features.nonlinear && /≤|<|≥|>/.test(context.goal)) {
    moves.push(
      ...squares(
        scene,
        numbers.filter((v) => v.type === 'Int').map((v) => v.name),
      ),
    );
  }
  return moves;
}

/** All remainders of a variable by the modulus in sight. */
function remainders({ context }: Scene, numbers: readonly { name: string; type: string }[]): Move[] {
  const facts = [context.goal, ...context.locals.map((l) => l.type)].join(' ; ');
  const moduli = new Set<number>();
  for (const m of facts.matchAll(/% (\d+)|(?<![\d^])(\d+) ∣|(?<![\d^])(\d+) \*/g)) {
    moduli.add(Number(m[1] ?? m[2] ?? m[3]));
  }
  const out: Move[] = [];
  for (const modulus of [...moduli].filter((m) => m >= 2 && m <= 16).slice(0, 2)) {
    for (const v of numbers.slice(0, 3)) {
      const h = freshNames(context)('h');
      const cases = Array.from({ length: modulus }, (_, r) => `${v.name} % ${modulus} = ${r}`).join(' ∨ ');
      const split = `rcases ${h} with ${Array.from({ length: modulus }, () => h).join(' | ')}`;
      out.push({ tactic: `have ${h} : ${cases} := by omega\n${split}`, rank: 11 + modulus / 20 });
    }
  }
  return out;
}

/** Squares are not negative: of the variables, of their sums and differences. */
function squares({ context }: Scene, ints: readonly string[]): Move[] {
  const names = ints.slice(0, 3);
  const terms = [
    ...names.flatMap((x, i) => names.slice(i + 1).flatMap((y) => [`(${x} - ${y})`, `(${x} + ${y})`])),
    ...names,
  ];
  const name = freshNames(context);
  const fact = (t: string): string =>
    `have ${name('h')} : 0 ≤ ${t} * ${t} := by rw [← Int.natAbs_mul_self]; omega`;
  if (terms.length === 0) return [];
  const moves: Move[] = [{ tactic: terms.map(fact).join('\n'), chain: true, rank: 13 }];
  for (const x of names) {
    moves.push({ tactic: `rcases Int.lt_or_le ${x} 0 with hneg | hpos`, rank: 15 });
  }
  return moves;
}

import { readFeatures } from '../features.ts';
import { values } from '../shape.ts';
import { mentions } from '../lean-text.ts';
import { outermost } from './binders.ts';
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

/** Squares are not negative: of the variables, of their sums and differences. */
function squares({ context }: Scene, ints: readonly string[]): Move[] {
  if (ints.length === 0) return [];
  const few = ints.slice(0, 3);
  const pairs = few.flatMap((x, i) => few.slice(i + 1).flatMap((y) => [`(${x} - ${y})`, `(${x} + ${y})`]));
  const moves: Move[] = [{ tactic: facts(context, [...pairs, ...few]), chain: true, rank: 13 }];
  moves.push({ tactic: few.flatMap((x) => consecutive(context, x)).join('\n'), chain: true, rank: 13.5 });
  for (const x of few) moves.push({ tactic: `rcases Int.lt_or_le ${x} 0 with hneg | hpos`, rank: 15 });
  if (ints.length >= 4 && ints.length % 2 === 0) {
    // Lagrange's identity: the minors of two vectors.
    const half = ints.length / 2;
    const [a, b] = [ints.slice(0, half), ints.slice(half)];
    const minors = a.flatMap((x, i) =>
      a.slice(i + 1).map((y, k) => `(${x} * ${b[i + k + 1] ?? '0'} - ${y} * ${b[i] ?? '0'})`),
    );
    moves.push({ tactic: facts(context, minors), chain: true, rank: 14 });
  }
  return moves;
}

/** Of integers, unlike reals, a product of two neighbours is not negative either. */
function consecutive(context: Scene['context'], x: string): string[] {
  const name = freshNames(context);
  return [`${x} * (${x} - 1)`, `${x} * (${x} + 1)`].map((product, below) => {
    const split = `rcases Int.lt_or_le ${x} ${1 - below} with hx | hx`;
    const signs = ['Int.mul_nonneg_of_nonpos_of_nonpos', 'Int.mul_nonneg'];
    const cases = signs.map((rule) => `  · exact ${rule} (by omega) (by omega)`).join('\n');
    return `have ${name(`h${x}`)} : 0 ≤ ${product} := by\n  ${split}\n${cases}`;
  });
}

function facts(context: Scene['context'], terms: readonly string[]): string {
  const name = freshNames(context);
  return terms
    .map((t) => `have ${name('h')} : 0 ≤ ${t} * ${t} := by rw [← Int.natAbs_mul_self]; omega`)
    .join('\n');
}

import { readBinder } from '../context.ts';
import { findTop, splitTop, unwrap } from '../lean-text.ts';
import { hypotheses, values } from '../shape.ts';
import { boundNames, outermost } from './binders.ts';
import type { Move, Scene } from './move.ts';

/** Terms that may witness an existential: numbers, variables, and what hypotheses speak of. */
export function witnesses({ context, shape }: Scene, goal: string): Move[] {
  const { at } = findTop(goal, [',']);
  const bound = boundNames(goal.slice(1, at), (name) => name);
  const binder = bound[0];
  const vals = values(context, shape);
  const type = readBinder(
    goal
      .slice(1, at)
      .trim()
      .replace(/^\(|\)$/g, ''),
  )[0]?.type;
  const body = goal.slice(at + 1);
  const sameType = vals.filter((v) => type === undefined || v.type === type).map((v) => v.name);
  const numbers = type === undefined || /^(?:Nat|Int|Fin \d+)$/.test(type) ? ['0', '1', '2'] : [];
  const combined =
    sameType.length > 1 && numbers.length > 0 ? [`${sameType[0] ?? ''} + ${sameType[1] ?? ''}`] : [];
  const successors = numbers.length > 0 ? sameType.map((v) => `${v} + 1`) : [];
  const solved = binder === undefined || bound.length > 1 ? [] : solveFor(binder, body);
  const produced = vals
    .filter(
      (v) => v.type.includes('→') && type !== undefined && unwrap(v.type.split('→').at(-1) ?? '') === type,
    )
    .flatMap((f) => vals.filter((x) => f.type.startsWith(x.type)).map((x) => `${f.name} ${x.name}`));
  const literal = type === 'Bool' ? ['true', 'false'] : type?.startsWith('List') === true ? ['[]'] : [];
  const pairs = linearPairs(bound, body);
  const terms = [...solved, ...sameType, ...produced, ...literal, ...numbers, ...successors, ...combined];
  return [...pairs, ...new Set(terms)]
    .slice(0, 14)
    .map((term, i) => ({ tactic: `refine ⟨${term}, ?_⟩`, rank: (i < solved.length ? 6 : 11) + i / 3 }));
}

/** For `∃ a b, t = k * a + m * b`: small b, and the a that is left. */
function linearPairs(bound: readonly string[], body: string): string[] {
  const inner = /^\s*∃ (\S+), (.*)$/.exec(body);
  const a = bound[0];
  const b = inner === null ? bound[1] : inner[1];
  const equation = splitTop(inner?.[2] ?? body, ' = ');
  if (a === undefined || b === undefined || equation.length !== 2) return [];
  for (const [t, side] of [equation, [...equation].reverse()]) {
    const linear = new RegExp(`^(\\d+) \\* ${a} \\+ (\\d+) \\* ${b}$`).exec(side ?? '');
    if (linear === null || t === undefined) continue;
    return [0, 1, 2, 3].map((n) => `(${t} - ${Number(linear[2]) * n}) / ${linear[1] ?? ''}, ${n}`);
  }
  return [];
}

/** Quotients that may show divisibility: sums, differences and products of the numbers in scope. */
export function quotients({ context, shape }: Scene): Move[] {
  const numbers = values(context, shape).filter((v) => v.type === 'Nat' || v.type === 'Int');
  const names = numbers
    .map((v) => v.name)
    .reverse()
    .slice(0, 4);
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b) => [`${b} + ${a}`, `${b} - ${a}`, `${b} * ${a}`, `${a} - ${b}`]),
  );
  const terms = [...names, ...pairs, ...names.flatMap((a) => [`${a} + 1`, `2 * ${a}`])];
  // A hypothesis that is still to be taken apart has the better terms.
  const early = hypotheses(context, shape).some((h) => outermost(h.type) === '∣') ? 12 : 0;
  return terms.slice(0, 16).map((term, i) => ({ tactic: `refine ⟨${term}, ?_⟩`, rank: 13 + early + i / 3 }));
}

/** Where the body reads `t = k * x`, `x` is `t / k`; where it reads `x = t`, it is `t`. */
function solveFor(name: string, body: string): string[] {
  const parts = splitTop(body, '∧').flatMap((part) => {
    const [left, right, ...rest] = splitTop(part, ' = ');
    return left === undefined || right === undefined || rest.length > 0
      ? []
      : [
          [left, right],
          [right, left],
        ];
  });
  return parts.flatMap(([side, other]) => {
    if (side === undefined || other === undefined || other.includes(name)) return [];
    if (side === name) return [other];
    const factor = new RegExp(`^(\\d+) \\* ${name}(?: \\+ (\\d+))?$`).exec(side);
    return factor?.[1] === undefined ? [] : [`(${other}) / ${factor[1]}`];
  });
}

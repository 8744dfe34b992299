import { splitTop, unwrap } from '../lean-text.ts';
import { values } from '../shape.ts';
import { outermost } from './binders.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/** What Lean's simplifier needs to compute with remainders. */
const RULES = {
  Nat: 'Nat.dvd_iff_mod_eq_zero, Nat.pow_mod, Nat.mul_mod, Nat.add_mod',
  Int: 'Int.dvd_iff_emod_eq_zero, Int.pow_succ, Int.mul_emod, Int.add_emod, Int.sub_emod',
} as const;

interface Numeric {
  readonly name: string;
  readonly type: keyof typeof RULES;
}

/** Remainders of variables and of their powers, by the moduli in sight; these are computed here, proved in Lean. */
export function residueMoves(scene: Scene): Move[] {
  const { context, shape } = scene;
  const facts = [context.goal, ...context.locals.map((l) => l.type)].join(' ; ');
  const numbers = values(context, shape).flatMap((v): Numeric[] =>
    v.type === 'Nat' || v.type === 'Int' ? [{ name: v.name, type: v.type }] : [],
  );
  const sought = (/∣|%|≠/.test(facts) || context.goal === 'False') && /\^|[\p{L})] \* [\p{L}(]/u.test(facts);
  if (!sought && !context.goal.startsWith('∃')) return [];
  const moduli = moduliOf(facts);
  const inGoal = numbers.filter((v) =>
    new RegExp(`(?<![\\p{L}\\p{N}_'.])${v.name}(?![\\p{L}\\p{N}_'])`, 'u').test(context.goal),
  );
  return [
    ...moduli.slice(0, 2).flatMap((m) => inGoal.slice(0, 3).map((v) => split(scene, v, m))),
    ...(sought
      ? [...moduli.slice(0, 3).flatMap((m) => powers(scene, numbers, facts, m)), ...factors(scene, inGoal)]
      : []),
  ];
}

function moduliOf(facts: string): number[] {
  const found = new Set<number>();
  for (const m of facts.matchAll(/% (\d+)|(?<![\d^])(\d+) ∣|(?<![\d^])(\d+) \*/g)) {
    found.add(Number(m[1] ?? m[2] ?? m[3]));
  }
  return [...found].filter((m) => m >= 2 && m <= 16);
}

const remainder = (v: string, m: number, r: number): string => `${v} % ${m} = ${r}`;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** `rcases` over all remainders, the equation in `h`. */
function cases(v: string, m: number, h: string): string {
  const all = range(m).map((r) => remainder(v, m, r));
  return `have ${h} : ${all.join(' ∨ ')} := by omega\nrcases ${h} with ${all.map(() => h).join(' | ')}`;
}

function split({ context }: Scene, v: Numeric, m: number): Move {
  return { tactic: cases(v.name, m, freshNames(context)('h')), rank: 11 + m / 20 };
}

/** Which remainders the powers in sight can have: together with the base's where few cases result, else alone. */
function powers({ context }: Scene, numbers: readonly Numeric[], facts: string, m: number): Move[] {
  const terms = numbers.flatMap((v) =>
    [...facts.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_'.])${v.name} \\^ (\\d)(?!\\d)`, 'gu'))].map(
      (match) => ({
        v,
        exponent: Number(match[1]),
      }),
    ),
  );
  const distinct = [...new Map(terms.map((t) => [`${t.v.name}^${t.exponent}`, t])).values()];
  if (distinct.length === 0 || distinct.length > 4) return [];
  const name = freshNames(context);
  const joint = m ** distinct.length <= 64;
  const statements = distinct.map(({ v, exponent }) => {
    const power = (r: number): number => range(exponent).reduce((p) => (p * r) % m, 1);
    const term = `${v.name} ^ ${exponent}`;
    const alternatives = joint
      ? range(m).map((r) => `(${remainder(v.name, m, r)} ∧ ${remainder(term, m, power(r))})`)
      : [...new Set(range(m).map(power))].map((r) => remainder(term, m, r));
    const proof = `${cases(v.name, m, 'h')} <;> simp [h, ${RULES[v.type]}]`;
    return `have ${name('hp')} : ${alternatives.join(' ∨ ')} := by\n${indent(proof)}`;
  });
  return [{ tactic: statements.join('\n'), chain: true, rank: 12 + m / 20 }];
}

/** Divisibility by a composite, from its prime powers. */
function factors({ context }: Scene, numbers: readonly Numeric[]): Move[] {
  const goal = unwrap(context.goal);
  const [divisor = '', dividend = ''] = splitTop(goal, ' ∣ ');
  const [v, ...others] = numbers;
  if (outermost(goal) !== '∣' || !/^\d+$/.test(divisor) || v === undefined || others.length > 0) return [];
  const parts = primePowers(Number(divisor));
  if (parts.length < 2 || parts.some((q) => q > 16)) return [];
  const name = freshNames(context);
  const facts = parts.map((q) => {
    const proof = `${cases(v.name, q, 'h')} <;> simp [h, ${RULES[v.type]}]`;
    return `have ${name('hd')} : ${q} ∣ ${dividend} := by\n${indent(proof)}`;
  });
  return [{ tactic: facts.join('\n'), chain: true, rank: 10 }];
}

function primePowers(n: number): number[] {
  const out: number[] = [];
  let rest = n;
  for (let p = 2; p * p <= rest && p < 100; p++) {
    let q = 1;
    while (rest % p === 0) {
      rest /= p;
      q *= p;
    }
    if (q > 1) out.push(q);
  }
  return rest > 1 ? [...out, rest] : out;
}

const indent = (text: string): string => text.replace(/^/gm, '  ');

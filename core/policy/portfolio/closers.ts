import type { Context } from './context.ts';
import { readFeatures, type Features } from './features.ts';
import { lemmasAbout } from './lemmas.ts';
import { values, type Shape } from './shape.ts';

/** A tactic that is to close a goal. */
export interface Closer {
  readonly tactic: string;
  /** Heartbeat limit, in thousands, when tried alone. */
  readonly maxHeartbeats: number;
}

const CHEAP = 2_000;
const MEDIUM = 6_000;
const HEAVY = 20_000;

const POWERS = ['Nat.pow_succ', 'Int.pow_succ'];
const DISTRIBUTE = ['Nat.mul_add', 'Nat.add_mul', 'Nat.mul_comm', 'Nat.mul_left_comm', 'Nat.mul_assoc'];
const DISTRIBUTE_INT = ['Int.mul_add', 'Int.add_mul', 'Int.mul_comm', 'Int.mul_left_comm', 'Int.mul_assoc'];
const MODULAR = ['Nat.pow_mod', 'Nat.mul_mod', 'Nat.add_mod'];
const MODULAR_INT = ['Int.mul_emod', 'Int.add_emod', 'Int.sub_emod'];
const REORDER = ['Nat.add_comm', 'Nat.add_left_comm', 'Nat.add_assoc'];

interface Entry {
  readonly tactic: (use: (extra?: readonly string[]) => string) => string;
  readonly when: (f: Features, more: { readonly definitions: boolean; readonly lemmas: boolean }) => boolean;
  /** Lower is tried earlier. */
  readonly rank: (f: Features) => number;
  readonly cost: number;
}

const always = (): boolean => true;

/** The catalogue. `use` prints a lemma list with the definitions to unfold, or nothing where it is empty. */
const CATALOGUE: readonly Entry[] = [
  { tactic: () => 'rfl', when: (f) => f.equation, rank: (f) => (f.ground ? 0 : 6), cost: CHEAP },
  { tactic: () => 'decide', when: (f) => f.ground, rank: () => 1, cost: HEAVY },
  {
    tactic: () => 'omega',
    when: (f) => f.arithmetic,
    rank: (f) => (f.ground ? 5 : f.nonlinear || f.list ? 1.2 : 0),
    cost: CHEAP,
  },
  { tactic: () => 'bv_omega', when: (f) => f.bitvec, rank: () => 4, cost: MEDIUM },
  {
    tactic: (use) => `simp${use()}`,
    when: always,
    rank: (f) => (f.list || f.bool || f.string || f.bitvec ? 2 : 4.5),
    cost: CHEAP,
  },
  { tactic: (use) => `simp_all${use()}`, when: always, rank: (f) => (f.bool ? 2.5 : 4.8), cost: MEDIUM },
  {
    tactic: (use) => `grind${use()}`,
    when: always,
    rank: (f) => (f.logic || f.nonlinear || f.branching ? 1.5 : 3),
    cost: MEDIUM,
  },
  { tactic: () => 'grind', when: (_, more) => more.definitions, rank: () => 6.5, cost: MEDIUM },
  {
    tactic: (use) => `simp${use()}\nomega`,
    when: (f, more) => f.arithmetic && (more.definitions || f.list || f.bitvec || f.string),
    rank: () => 5.5,
    cost: MEDIUM,
  },
  {
    tactic: (use) => `simp_all${use()}\nomega`,
    when: (f) => f.arithmetic,
    rank: () => 6.2,
    cost: MEDIUM,
  },
  { tactic: () => 'ac_rfl', when: (f) => f.equation && !f.ground, rank: () => 8, cost: MEDIUM },
  { tactic: () => 'solve_by_elim', when: (f) => !f.ground, rank: (f) => (f.logic ? 5 : 9), cost: MEDIUM },
  {
    tactic: (use) => `grind${use(POWERS)}`,
    when: (f) => f.power,
    rank: () => 7,
    cost: MEDIUM,
  },
  {
    tactic: (use) => `simp_all${use([...POWERS, ...DISTRIBUTE])}\nomega`,
    when: (f) => f.nonlinear && !f.int,
    rank: () => 8.2,
    cost: MEDIUM,
  },
  {
    tactic: (use) => `simp_all${use([...POWERS, ...DISTRIBUTE_INT])}\nomega`,
    when: (f) => f.nonlinear && f.int,
    rank: () => 8.2,
    cost: MEDIUM,
  },
  {
    tactic: (use) => `simp${use(['*', ...MODULAR])}`,
    when: (f) => f.divisibility && f.nonlinear && !f.int,
    rank: () => 2.2,
    cost: CHEAP,
  },
  {
    tactic: (use) => `simp${use(['*', 'Nat.dvd_iff_mod_eq_zero', ...MODULAR])}`,
    when: (f) => f.divisibility && f.nonlinear && !f.int,
    rank: () => 2.3,
    cost: CHEAP,
  },
  {
    tactic: (use) => `simp${use(['*', 'Int.dvd_iff_emod_eq_zero', ...MODULAR_INT])}`,
    when: (f) => f.divisibility && f.nonlinear && f.int,
    rank: () => 2.3,
    cost: CHEAP,
  },
  {
    tactic: (use) => `simp_all${use([...REORDER])}`,
    when: (f) => f.arithmetic && !f.nonlinear && (f.list || f.string),
    rank: () => 8.5,
    cost: MEDIUM,
  },
];

/** Tactics that may close a goal of this kind outright, likeliest for their price first. */
export function closersFor(context: Context, shape: Shape, extra: readonly string[] = []): Closer[] {
  const features = readFeatures(context, shape);
  const names = [...shape.unfoldable, ...shape.lemmas, ...extra];
  const use = (more: readonly string[] = []): string => {
    const all = [...new Set([...names, ...more])];
    return all.length === 0 ? '' : ` [${all.join(', ')}]`;
  };
  const flags = { definitions: shape.unfoldable.length > 0, lemmas: names.length > shape.unfoldable.length };
  const listed = CATALOGUE.filter((entry) => entry.when(features, flags))
    .map((entry) => ({ entry, rank: entry.rank(features) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => ({ tactic: entry.tactic(use), maxHeartbeats: entry.cost }));
  const facts = [context.goal, ...context.locals.map((l) => l.type)].join(' ; ');
  const about = lemmasAbout(facts);
  const told = [
    ...(about.simp.length === 0 ? [] : [`simp_all${use(about.simp)}`, `simp${use(['*', ...about.simp])}`]),
    ...(about.grind.length === 0 ? [] : [`grind${use(about.grind)}`]),
  ].map((tactic) => ({ tactic, maxHeartbeats: MEDIUM }));
  const finite = decideAll(context, shape, features);
  const enumerated = enumerations(context, shape, use());
  return [...enumerated, ...listed.slice(0, 1), ...finite, ...listed.slice(1), ...told];
}

/** `decide` after everything that varies went back into the goal. */
function decideAll(context: Context, shape: Shape, features: Features): Closer[] {
  if (!features.finite || values(context, shape).length === 0) return [];
  return [{ tactic: 'decide +revert', maxHeartbeats: HEAVY }];
}

/** All cases of values of the header's enumerations, which `decide` cannot run through by itself. */
function enumerations(context: Context, shape: Shape, use: string): Closer[] {
  const sizes = new Map(
    shape.definitions
      .filter((d) => d.kind === 'inductive' && d.constructors.every((c) => c.fields.length === 0))
      .map((d) => [d.name, d.constructors.length]),
  );
  const over = values(context, shape).filter((v) => sizes.has(v.type));
  const cases = over.reduce((n, v) => n * (sizes.get(v.type) ?? 1), 1);
  if (over.length === 0 || cases > 128) return [];
  const split = over.map((v) => `cases ${v.name}`).join(' <;> ');
  return ['rfl', `simp_all${use}`, 'decide'].map((closer) => ({
    tactic: `${split} <;> ${closer}`,
    maxHeartbeats: HEAVY,
  }));
}

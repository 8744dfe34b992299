import { mentions } from '../lean-text.ts';
import { hypotheses, values, type Definition } from '../shape.ts';
import { conclusion } from '../context.ts';
import { callsOf } from './induction.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/**
 * Lemmas that nobody stated: guesses of what a recursive definition satisfies. A wrong guess fails in its own proof
 * and costs one check; a right one is what many inductions are stuck without.
 */
export function speculatedLemmas(scene: Scene): Move[] {
  const { shape } = scene;
  const recursive = shape.definitions.filter(
    (d) => d.kind === 'def' && d.recursive && shape.unfoldable.includes(d.name),
  );
  return recursive.flatMap((d) => [...appendLemmas(d, scene), ...unitLemmas(d, scene)]);
}

interface Signature {
  /** Type variables that the arguments mention. */
  readonly parameters: readonly string[];
  readonly types: readonly string[];
  readonly result: string;
}

/** Argument and result types of `def f {α : Type} (a : A) : B → C → D`. */
function signature(d: Definition): Signature | undefined {
  const head = d.text.split(/:=|\n\s*\|/)[0] ?? '';
  const types: string[] = [];
  const parameters: string[] = [];
  for (const m of head.matchAll(/([({])([^(){}:]+):\s*([^(){}]+)[)}]/g)) {
    const names = (m[2] ?? '').trim().split(/\s+/);
    if ((m[3] ?? '').trim().startsWith('Type')) parameters.push(...names);
    else if (m[1] === '(') types.push(...names.map(() => (m[3] ?? '').trim()));
  }
  const tail = /:\s*([^:]*)$/.exec(head.replace(/[({][^(){}:]+:[^(){}]+[)}]/g, ''))?.[1]?.trim();
  if (tail === undefined || /[(){}]/.test(tail.replace(/\([^()→]*\)/g, ''))) return undefined;
  const arrows = tail.split('→').map((t) => t.trim().replace(/^\((.*)\)$/, '$1'));
  return { parameters, types: [...types, ...arrows.slice(0, -1)], result: arrows.at(-1) ?? '' };
}

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  Nat: ['+', '*'],
  Int: ['+', '*'],
  Bool: ['^^', '&&', '||'],
};

/** `f (xs ++ ys) = f xs ∘ f ys`, and the other way round. */
function appendLemmas(d: Definition, { context, shape }: Scene): Move[] {
  const sig = signature(d);
  const [list] = sig?.types ?? [];
  if (sig === undefined || list === undefined || sig.types.length !== 1 || !list.startsWith('List'))
    return [];
  if (sig.parameters.some((p) => !context.locals.some((l) => l.name === p))) return [];
  const operations = sig.result.startsWith('List') ? ['++'] : (OPERATIONS[sig.result] ?? []);
  const name = `${d.name.replace(/.*\./, '')}_append`;
  if (context.locals.some((l) => l.name === name)) return [];
  const use = [...shape.unfoldable].join(', ');
  const near = context.goal.includes('++') || shape.root.goal.includes('++') ? 0 : 10;
  return operations
    .flatMap((op) => [
      `${d.name} xs ${op} ${d.name} ys`,
      ...(op === '++' ? [`${d.name} ys ++ ${d.name} xs`] : []),
    ])
    .map((right, i) => ({
      tactic: lemma(name, `∀ xs ys : ${list}, ${d.name} (xs ++ ys) = (${right})`, 'intro xs ys', 'xs', use),
      chain: true,
      rank: 16 + near + i,
    }));
}

/** For a binary operation on an inductive type of the header: its laws at the constructors of the other argument. */
function unitLemmas(d: Definition, { context, shape }: Scene): Move[] {
  const sig = signature(d);
  const [a, b] = sig?.types ?? [];
  if (sig === undefined || a === undefined || a !== b || sig.types.length !== 2) return [];
  const type = shape.definitions.find((t) => t.kind === 'inductive' && t.name === a);
  if (type === undefined) return [];
  const known = (wanted: string): boolean => context.locals.some((l) => l.name === wanted);
  const facts: string[] = [];
  for (const c of type.constructors) {
    const args = c.fields.map((_, i) => `x${i}`);
    const term = [`${type.name}.${c.name}`, ...args].join(' ');
    const inner = args.length === 1 ? `${type.name}.${c.name} (${d.name} x0 y)` : 'y';
    const other = args.length === 1 ? `${type.name}.${c.name} (${d.name} y x0)` : 'y';
    const binders = `∀ ${[...args, 'y'].join(' ')} : ${type.name}`;
    const intro = `intro ${[...args, 'y'].join(' ')}`;
    const base = `${d.name.replace(/.*\./, '')}_${c.name}`;
    if (known(base) || known(`${base}'`)) continue;
    facts.push(
      lemma(base, `${binders}, ${d.name} (${term}) y = ${inner}`, intro, 'y', shape.unfoldable.join(', ')),
      lemma(
        `${base}'`,
        `${binders}, ${d.name} y (${term}) = ${other}`,
        intro,
        'y',
        shape.unfoldable.join(', '),
      ),
    );
  }
  // Of the two forms one holds by definition; the other is what induction lacks.
  if (facts.length === 0) return [];
  const all = { tactic: facts.join('\n'), chain: true, rank: 14 };
  return [all, ...facts.map((tactic) => ({ tactic, chain: true, rank: 18 }))];
}

const lemma = (name: string, fact: string, intro: string, on: string, use: string): string =>
  `have ${name} : ${fact} := by\n  ${intro}\n  induction ${on} <;> first | simp_all [${use}]; done | grind [${use}]`;

/**
 * In an induction step: the induction hypothesis put in from right to left, and what it speaks of generalised, so
 * that what is left is a fact about one step of the recursion.
 */
export function generalisedSteps({ context, shape }: Scene): Move[] {
  const ihs = hypotheses(context, shape).filter((h) => h.name.startsWith('ih'));
  const name = freshNames(context)('m');
  const types = values(context, shape);
  return ihs.flatMap((ih): Move[] =>
    shape.unfoldable.flatMap((f) => {
      const [args] = callsOf(f, conclusion(ih.type));
      const variable = args?.find((arg) => types.some((v) => v.name === arg));
      if (args === undefined || variable === undefined || !mentions(context.goal, variable)) return [];
      const call = [f, ...args].join(' ');
      const open = shape.unfoldable.filter((g) => g === f || !context.goal.includes(g)).join(', ');
      return [
        {
          tactic: `simp [${open}, ← ${ih.name}]\ngeneralize ${call} = ${name}`,
          chain: true,
          rank: 15,
        },
        {
          tactic: `simp only [${open}]\ngeneralize ${call} = ${name} at *`,
          chain: true,
          rank: 17,
        },
      ];
    }),
  );
}

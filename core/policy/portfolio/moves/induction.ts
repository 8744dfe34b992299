import type { Local } from '../context.ts';
import { applicationArguments, closingBracket, identifiers, mentions } from '../lean-text.ts';
import { hypotheses, values, type Definition } from '../shape.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/** The type former of a value's type; a function has none. */
const headOf = (type: string): string => (type.includes('→') ? '' : (/^[^\s(]+/.exec(type)?.[0] ?? ''));

/** Induction on each value that recursion runs over, as it is and with the other values generalised. */
export function inductions({ context, shape }: Scene): Move[] {
  const vals = values(context, shape);
  const moves: Move[] = [];
  const weight = (v: Local): number => {
    const score = recursionScore(v.name, context.goal, shape.unfoldable);
    // Where definitions recurse, what they do not recurse on is hardly the thing to induct on.
    return score === 0 && shape.unfoldable.length > 0 ? 8 : -Math.min(8, score);
  };
  for (const v of vals) {
    const cases = casesOf(v, { context, shape }, true);
    if (cases === undefined || !relevant(v, { context, shape })) continue;
    const others = vals
      .filter((o) => o.name !== v.name && !o.type.includes('→') && relevant(o, { context, shape }))
      .filter((o) => !mentions(v.type, o.name))
      .map((o) => o.name);
    moves.push({ tactic: `induction ${v.name}`, heads: cases, rank: 20 + weight(v) / 2 });
    if (others.length > 0) {
      moves.push({
        tactic: `induction ${v.name} generalizing ${others.join(' ')}`,
        heads: cases,
        rank: 20.5 + weight(v) / 2,
      });
    }
    if (v.type === 'Nat') {
      const names = freshNames(context);
      const generalizing = others.length > 0 ? ` generalizing ${others.join(' ')}` : '';
      moves.push({
        tactic: `induction ${v.name} using Nat.strongRecOn${generalizing}`,
        heads: [`ind ${names(v.name)} ${names('ih')}`],
        rank: 32 + weight(v) / 2,
      });
    }
  }
  return moves;
}

/** How often a variable is an argument of a recursive definition, or the subject of a projection. */
function recursionScore(name: string, goal: string, recursive: readonly string[]): number {
  let score = 0;
  for (const f of recursive) {
    const short = f.split('.').at(-1) ?? f;
    for (const match of goal.matchAll(
      new RegExp(`(?<![\\p{L}\\p{N}_'.])${escape(f)}(?![\\p{L}\\p{N}_'])`, 'gu'),
    )) {
      const after = goal.slice(match.index + f.length, match.index + f.length + 80);
      if (applicationArguments(after).slice(0, 4).includes(name)) score += 3;
    }
    if (goal.includes(`${name}.${short}`)) score += 3;
  }
  if (goal.includes(`${name}.`)) score += 1;
  return score;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const relevant = (v: Local, { context, shape }: Scene): boolean =>
  mentions(context.goal, v.name) || hypotheses(context, shape).some((h) => mentions(h.type, v.name));

/** The case heads of a value of an inductive type, with names for arguments and induction hypotheses. */
function casesOf(v: Local, { context, shape }: Scene, withHypotheses: boolean): string[] | undefined {
  const name = freshNames(context);
  const ih = withHypotheses ? [name('ih')] : [];
  switch (headOf(v.type)) {
    case 'Nat':
      return ['zero', ['succ', withHypotheses ? v.name : name('k'), ...ih].join(' ')];
    case 'List':
      return ['nil', ['cons', name('a'), name('t'), ...ih].join(' ')];
    case 'Bool':
      return withHypotheses ? undefined : ['false', 'true'];
    case 'Option':
      return withHypotheses ? undefined : ['none', `some ${name('a')}`];
    case 'Sum':
      return withHypotheses ? undefined : [`inl ${name('a')}`, `inr ${name('b')}`];
    case 'Prod':
      return withHypotheses ? undefined : [`mk ${name('a')} ${name('b')}`];
    default: {
      const definition = inductive(v.type, shape.definitions);
      if (definition === undefined || (withHypotheses && !definition.recursive)) return undefined;
      return definition.constructors.map((c) => {
        const each = freshNames(context);
        const fields = c.fields.map((field) => ({ ...field, name: each(field.name) }));
        const recursive = fields.filter((field) => field.recursive);
        const hypotheses = !withHypotheses
          ? []
          : recursive.map((field) => each(recursive.length === 1 ? 'ih' : `ih${field.name}`));
        return [c.name, ...fields.map((field) => field.name), ...hypotheses].join(' ');
      });
    }
  }
}

function inductive(type: string, definitions: readonly Definition[]): Definition | undefined {
  return definitions.find((d) => d.kind === 'inductive' && !d.predicate && d.name === headOf(type));
}

/** Induction along the recursion of a definition applied to variables in the goal. */
export function functionalInductions({ context, shape }: Scene): Move[] {
  const names = new Set(values(context, shape).map((v) => v.name));
  const calls = new Set<string>();
  for (const d of shape.definitions) {
    if (d.kind !== 'def' || !d.recursive || !shape.unfoldable.includes(d.name)) continue;
    for (const args of callsOf(d.name, context.goal)) {
      // It wants the whole call, and variables only.
      const plain =
        args.length > 0 && args.every((arg) => names.has(arg)) && new Set(args).size === args.length;
      if (plain) calls.add(`${d.name} ${args.join(' ')}`);
    }
  }
  return [...calls].map((call, i) => ({ tactic: `fun_induction ${call}`, rank: 17 + i / 4 }));
}

/** Argument lists of the applications of a function, in prefix or dotted form. */
export function callsOf(name: string, text: string): string[][] {
  const short = name.split('.').at(-1) ?? name;
  const calls: string[][] = [];
  for (const match of text.matchAll(
    new RegExp(`(?<![\\p{L}\\p{N}_'.])${escape(name)}(?![\\p{L}\\p{N}_'.])`, 'gu'),
  )) {
    calls.push(applicationArguments(boundedTail(text, match.index + name.length)));
  }
  if (name.includes('.')) {
    for (const match of text.matchAll(
      new RegExp(`([\\p{L}_][\\p{L}\\p{N}_']*)\\.${escape(short)}(?![\\p{L}\\p{N}_'])`, 'gu'),
    )) {
      calls.push([match[1] ?? '', ...applicationArguments(boundedTail(text, match.index + match[0].length))]);
    }
  }
  return calls;
}

/** What follows a function up to the end of its arguments: an operator, a comma or the enclosing bracket. */
function boundedTail(text: string, from: number): string {
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '(' || c === '[' || c === '⟨') i = closingBracket(text, i);
    else if (/[)\]⟩,;=≤<≥>≠∣%*+\-^/∧∨↔→&|]/.test(c)) break;
  }
  return text.slice(from, i);
}

/** Case splits on values of small or inductive types, one by one and all of the small ones together. */
export function caseSplits(scene: Scene): Move[] {
  const { context, shape } = scene;
  const split = values(context, shape)
    .filter((v) => relevant(v, scene))
    .flatMap((v) => {
      const heads = casesOf(v, scene, false);
      return heads === undefined ? [] : [{ v, heads }];
    });
  const small = split.filter(({ heads }) => heads.every((head) => !head.includes(' ')) && heads.length < 9);
  const moves: Move[] = [];
  if (small.length > 1 && small.reduce((n, { heads }) => n * heads.length, 1) <= 64) {
    moves.push({ tactic: small.map(({ v }) => `cases ${v.name}`).join(' <;> '), rank: 9 });
  }
  for (const { v, heads } of split) {
    const recursive = ['Nat', 'List'].includes(headOf(v.type));
    const plain = heads.every((head) => !head.includes(' ')) || heads.length <= 2;
    moves.push({ tactic: `cases ${v.name}`, heads, rank: recursive ? 34 : plain ? 10 : 22 });
  }
  return moves;
}

/** Cases of what a function into Bool or Option returns, with the equation kept. */
export function resultSplits({ context, shape }: Scene): Move[] {
  const name = freshNames(context)('h');
  const facts = [context.goal, ...hypotheses(context, shape).map((h) => h.type)].join(' ; ');
  const terms = values(context, shape)
    .filter((f) => /→ (?:Bool|Option .*)$/.test(f.type))
    .flatMap((f) => {
      const arity = f.type.split('→').length - 1;
      const calls = callsOf(f.name, facts).filter((args) => args.length >= arity);
      // On Bool all calls there are: the function is known by its table.
      const table = f.type === 'Bool → Bool' ? [['true'], ['false']] : [];
      return [...calls, ...table].map((args) => `${f.name} ${args.slice(0, arity).join(' ')}`);
    });
  const known = new Set(context.locals.map((l) => l.name));
  const closedTerms = [...new Set(terms)].filter((term) =>
    identifiers(term).every((id) => known.has(id) || /^(?:true|false)$/.test(id) || id.includes('.')),
  );
  const one = closedTerms
    .slice(0, 4)
    .map((term, i) => ({ tactic: `cases ${name} : ${term}`, rank: 14 + i / 4 }));
  const bools = values(context, shape)
    .filter((v) => v.type === 'Bool')
    .map((v) => `cases ${v.name}`);
  const tables = closedTerms.filter((term) => / (?:true|false)$/.test(term));
  if (tables.length === 0 || bools.length + tables.length > 5) return one;
  const hs = freshNames(context);
  const all = [...bools, ...tables.map((term) => `cases ${hs('h')} : ${term}`)].join(' <;> ');
  return [{ tactic: all, rank: 11 }, ...one];
}

/** Induction on a proof: `a ≤ b` between naturals, and inductive predicates of the header. */
export function ruleInductions({ context, shape }: Scene): Move[] {
  return hypotheses(context, shape).flatMap((h) => {
    const order = /^(\S+) ≤ (\S+)$/.exec(h.type);
    const variable = (name: string | undefined): boolean =>
      context.locals.some((l) => l.name === name && l.type === 'Nat');
    if (order !== null && variable(order[2])) {
      return [{ tactic: `induction ${h.name}`, heads: ['refl', `step h ih`], rank: 21 }];
    }
    const head = identifiers(h.type)[0] ?? '';
    const predicate = shape.definitions.find((d) => d.kind === 'inductive' && d.predicate && d.name === head);
    if (predicate === undefined || !h.type.startsWith(head)) return [];
    return [
      { tactic: `induction ${h.name}`, rank: 14 },
      { tactic: `cases ${h.name}`, rank: 18 },
    ];
  });
}

import { findTop, identifiers, mentions, splitTop, squeeze, unwrap } from '../lean-text.ts';
import { hypotheses, values } from '../shape.ts';
import { readBinder, type Local } from '../context.ts';
import { freshNames, type Move, type Scene } from './move.ts';

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

/** The main connective of a proposition, by binding strength. */
export function outermost(goal: string): string {
  if (/^[∀∃]/u.test(goal)) return goal.charAt(0);
  for (const connective of ['→', '↔', '∨', '∧', '=', '≤', '<', '≠', '≥', '>', '∣', '∈']) {
    if (findTop(goal, [` ${connective} `]).at < 0) continue;
    return goal.startsWith('¬') && '=≤<≠≥>∣∈'.includes(connective) ? '¬' : connective;
  }
  return '';
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

/** Names bound by the part between a quantifier and its comma: `a b : Nat`, `(a b : Nat) (c : Int)`, `x ∈ xs`. */
function boundNames(text: string, name: (wanted: string) => string): string[] {
  const trimmed = text.trim();
  const bounded = /^(\S+) (?:∈|∉|<|≤|>|≥|≠|⊆) /.exec(trimmed);
  if (bounded?.[1] !== undefined) return [name(bounded[1]), name('h')];
  const groups = [...trimmed.matchAll(/[({⦃]([^()]*(?:\([^()]*\)[^()]*)*)[)}⦄]/g)].map((m) => m[1] ?? '');
  const binders = groups.length > 0 ? groups : [trimmed];
  return binders.flatMap((binder) => {
    const typed = readBinder(binder).map((local) => local.name);
    return (typed.length > 0 ? typed : binder.split(/\s+/)).map((n) => name(n === '_' ? 'x' : n));
  });
}

/** ¬∀ and ¬∃ turned inwards. */
function negations(hyps: readonly Local[]): Move[] {
  return hyps
    .filter((h) => /^¬\s*\(?[∀∃]/u.test(h.type) || /^∀[^,]*, ¬/u.test(h.type))
    .filter((h) => !/^∀[^,]*, ¬\s*\(?[^∀∃(]/u.test(h.type))
    .map((h) => ({
      tactic: `simp only [Classical.not_forall, not_exists, Classical.not_imp, exists_prop, Classical.not_not] at ${h.name}`,
      chain: true,
      rank: 6,
    }));
}

/** An equation between functions, at each value in scope. */
function pointwise({ context, shape }: Scene, hyps: readonly Local[]): Move[] {
  const name = freshNames(context)('hc');
  return hyps
    .filter((h) => h.type.includes('= fun ') && !/^[∀∃]/u.test(h.type))
    .flatMap((h) =>
      values(context, shape)
        .filter((v) => !v.type.includes('→'))
        .slice(0, 3)
        .map((v, i) => ({
          tactic: `have ${name} := congrFun ${h.name} ${v.name}`,
          chain: true,
          rank: 12 + i,
        })),
    );
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

/** Terms that may witness an existential: numbers, variables, and what hypotheses speak of. */
function witnesses({ context, shape }: Scene, goal: string): Move[] {
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
function quotients({ context, shape }: Scene): Move[] {
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

/** Taking hypotheses apart: ∧ and ∃ at once, ∨ into cases, divisibility into a quotient. */
export function hypothesisMoves({ context, shape }: Scene): Move[] {
  const name = freshNames(context);
  const hyps = hypotheses(context, shape);
  const quotients = hyps
    .filter((h) => outermost(h.type) === '∣' && !/^[¬∀]/u.test(h.type))
    .map((h) => `obtain ⟨${name('k')}, ${name('hk')}⟩ := ${h.name}`);
  const divided: Move[] =
    quotients.length === 0 ? [] : [{ tactic: quotients.join('\n'), chain: true, rank: 7.5 }];
  const taken: string[] = [];
  const apart = hyps.flatMap((h): Move[] => {
    const type = unwrap(squeeze(h.type));
    const pattern = destructure(h, type, name);
    if (pattern !== undefined) {
      taken.push(`obtain ${pattern} := ${h.name}`);
      return [];
    }
    const parts = splitTop(type, ' ∨ ');
    if (outermost(type) === '∨' && parts.length > 1) {
      return [{ tactic: `rcases ${h.name} with ${parts.map(() => h.name).join(' | ')}`, rank: 7 }];
    }
    if (outermost(type) === '=' && !type.startsWith('∀')) {
      return [
        { tactic: `rw [${h.name}]`, rank: 27 },
        { tactic: `rw [← ${h.name}]`, rank: 26.5 },
        { tactic: `subst ${h.name}`, chain: true, rank: 28 },
      ];
    }
    return [];
  });
  const safe: Move[] = taken.length === 0 ? [] : [{ tactic: taken.join('\n'), chain: true, rank: -1 }];
  return [...safe, ...negations(hyps), ...divided, ...apart, ...pointwise({ context, shape }, hyps)];
}

function destructure(h: Local, type: string, name: (wanted: string) => string): string | undefined {
  if (type.startsWith('∃')) {
    const { at } = findTop(type, [',']);
    if (at < 0) return undefined;
    const names = boundNames(type.slice(1, at), name);
    const body = unwrap(type.slice(at + 1));
    return `⟨${[...names, destructure(h, body, name) ?? name(`h${names[0] ?? ''}`)].join(', ')}⟩`;
  }
  if (outermost(type) === '∧') {
    return `⟨${splitTop(type, ' ∧ ')
      .map((part) => destructure(h, unwrap(part), name) ?? name(h.name))
      .join(', ')}⟩`;
  }
  return undefined;
}

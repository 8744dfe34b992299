import { mentions } from './lean-text.ts';
import { hypotheses, values, type Shape } from './shape.ts';
import type { Context } from './context.ts';

/** What a goal is about; the catalogue chooses and orders by it. */
export interface Features {
  readonly arithmetic: boolean;
  readonly int: boolean;
  readonly nonlinear: boolean;
  readonly power: boolean;
  readonly divisibility: boolean;
  readonly bitvec: boolean;
  readonly list: boolean;
  readonly bool: boolean;
  readonly string: boolean;
  /** Nothing varies: a computation. */
  readonly ground: boolean;
  /** Everything that varies ranges over few values: `decide` may run through them. */
  readonly finite: boolean;
  /** Propositional or first-order logic over abstract predicates. */
  readonly logic: boolean;
  readonly equation: boolean;
  /** `if` or `match` shows. */
  readonly branching: boolean;
}

const SMALL_TYPE = /^(?:Bool|Fin \d{1,2}|Unit|BitVec [1-6]|Option Bool)$/;

export function readFeatures(context: Context, shape: Shape): Features {
  const facts = [context.goal, ...hypotheses(context, shape).map((h) => h.type)].join(' ; ');
  const vals = values(context, shape);
  const types = vals.map((v) => v.type).join(' ; ');
  const text = `${types} ; ${facts}`;
  const has = (name: string): boolean => mentions(text, name);
  const enums = new Set(
    shape.definitions
      .filter((d) => d.kind === 'inductive' && d.constructors.every((c) => c.fields.length === 0))
      .map((d) => d.name),
  );
  const int = has('Int');
  const bool = has('Bool') || /&&|\|\||!\w/.test(facts) || /\b(?:true|false)\b/.test(facts);
  const bitvec = has('BitVec') || /\d#/.test(facts);
  const list = has('List') || has('Array') || /\[|::/.test(facts);
  const string = has('String') || facts.includes('"');
  const numeric = has('Nat') || int || (/(?<![\p{L}\p{N}_'])\d/u.test(facts) && !bitvec) || has('Fin');
  const relation = /[=≤<≥>≠∣%]/.test(facts);
  const bounded = /∀ \w+ (?:<|≤|∈)|∃ \w+ (?:<|≤|∈)|(?:∀|∃) [\w ]+ : (?:Bool|Fin \d+|BitVec \d)\b/.test(
    context.goal,
  );
  const unboundedQuantifier = /[∀∃]/.test(context.goal) && !bounded;
  return {
    arithmetic: numeric && relation,
    int,
    nonlinear: /[\p{L})\]'₀-₉] \* [\p{L}(]|\^/u.test(facts),
    power: facts.includes('^'),
    divisibility: /[∣%]/.test(facts),
    bitvec,
    list,
    bool,
    string,
    ground: vals.length === 0 && !unboundedQuantifier && context.locals.length === 0,
    finite:
      !unboundedQuantifier &&
      vals.every((v) => SMALL_TYPE.test(v.type) || enums.has(v.type)) &&
      context.locals.every((l) => !/^(?:Type|Sort|Prop)\b/.test(l.type)),
    logic: context.locals.some((l) => /\bProp$/.test(l.type)),
    equation: /[^<>:!]=|↔/.test(context.goal),
    branching: /\bif\b|\bmatch\b/.test(context.goal),
  };
}

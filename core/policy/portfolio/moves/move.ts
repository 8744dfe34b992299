import type { Context } from '../context.ts';
import type { Plan } from '../plan.ts';
import type { Shape } from '../shape.ts';

/** One way on from a goal: a tactic that leaves easier ones. */
export interface Move {
  readonly tactic: string;
  /** Its cases by name, where they are known; else Lean tells how many goals there are. */
  readonly heads?: readonly string[];
  /** The tactic leaves exactly one goal. */
  readonly chain?: boolean;
  /** Lower is tried earlier; a safe move below 0 is tried alone. */
  readonly rank: number;
}

/** What a family of moves is given. */
export interface Scene {
  readonly context: Context;
  readonly shape: Shape;
}

export function stepOf(move: Move, prefix: string): Plan {
  const tactic = prefix === '' ? move.tactic : `${prefix}\n${move.tactic}`;
  if (move.heads !== undefined) {
    return {
      kind: 'step',
      tactic,
      heads: move.heads,
      children: move.heads.map(() => ({ kind: 'open', goal: '' })),
    };
  }
  if (move.chain === true) return { kind: 'step', tactic, children: [{ kind: 'open', goal: '' }] };
  return { kind: 'step', tactic, children: 'unknown' };
}

/** A name that is not taken in the context. */
export function fresh(context: Context, wanted: string): string {
  const taken = new Set(context.locals.map((local) => local.name));
  if (!taken.has(wanted)) return wanted;
  for (let i = 1; ; i++) if (!taken.has(`${wanted}${i}`)) return `${wanted}${i}`;
}

/** Fresh names one after another. */
export function freshNames(context: Context): (wanted: string) => string {
  const given: { name: string; type: string }[] = [];
  return (wanted) => {
    const name = fresh({ ...context, locals: [...context.locals, ...given] }, wanted);
    given.push({ name, type: '' });
    return name;
  };
}

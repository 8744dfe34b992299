import { readBinder } from '../context.ts';
import { findTop } from '../lean-text.ts';

/** The main connective of a proposition, by binding strength. */
export function outermost(goal: string): string {
  if (/^[∀∃]/u.test(goal)) return goal.charAt(0);
  for (const connective of ['→', '↔', '∨', '∧', '=', '≤', '<', '≠', '≥', '>', '∣', '∈']) {
    if (findTop(goal, [` ${connective} `]).at < 0) continue;
    return goal.startsWith('¬') && '=≤<≠≥>∣∈'.includes(connective) ? '¬' : connective;
  }
  return '';
}

/** Names bound by the part between a quantifier and its comma: `a b : Nat`, `(a b : Nat) (c : Int)`, `x ∈ xs`. */
export function boundNames(text: string, name: (wanted: string) => string): string[] {
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

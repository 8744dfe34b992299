import type { Command } from './commands.ts';

/** Namespaces of core Lean (4.28) that proofs open. */
const CORE: ReadonlySet<string> = new Set(
  (
    'Nat Int List Array Option Bool Prod Sum PSum Fin BitVec String Char Function Classical Lean Std Vector Sigma PSigma ' +
    'Subtype Except Id Rat HEq Eq Iff And Or Not Exists Quot Quotient Setoid WellFounded Acc Ordering Float UInt8 UInt16 ' +
    'UInt32 UInt64 USize Int8 Int16 Int32 Int64 Decidable Nonempty Inhabited Unit Empty Substring ByteArray Subarray ' +
    'Monad Functor Applicative Relation Subsingleton True False PUnit ULift PLift Max Min Membership Trans Equivalence ' +
    'InvImage BEq LawfulBEq Ord'
  ).split(' '),
);

/**
 * An `open` of a reply without the namespaces that core Lean does not have: models trained on Mathlib open Mathlib's out
 * of habit, and one unknown name fails the whole submission. Undefined where nothing is left.
 * @param declared first components of the names that the header or the reply declare
 */
export function openInCore(command: Command, declared: ReadonlySet<string>): string | undefined {
  const words = command.tokens.slice(command.keywordAt + 1);
  const ends = words.at(-1)?.text === 'in';
  if (ends) words.pop();
  const known = (name: string): boolean => {
    const first = name.split('.')[0] ?? '';
    return CORE.has(first) || declared.has(first);
  };
  const names = words.map((token) => token.text);
  // `open A (x y)`, `open A hiding x`, `open scoped A`, `open A renaming x → y`: whole or not at all.
  const special = words.some((token) => token.kind !== 'word') || names.some((name) => SPECIAL.has(name));
  if (special) return known(names.find((name) => !SPECIAL.has(name)) ?? '') ? command.text : undefined;
  const kept = names.filter(known);
  return kept.length === 0 ? undefined : `open ${kept.join(' ')}${ends ? ' in' : ''}`;
}

const SPECIAL: ReadonlySet<string> = new Set(['scoped', 'hiding', 'renaming']);

import { NAME } from './format.ts';
import { nameKey } from './names.ts';

/** The axioms of ordinary mathematics in Lean. An allow-list: everything else is refused, whatever it is called. */
export const ALLOWED_AXIOMS = ['Classical.choice', 'Quot.sound', 'propext'] as const;

/** By key, as `«Classical.choice»` is another name that reads the same. */
export const ALLOWED_AXIOM_KEYS = keysOf(ALLOWED_AXIOMS);

/** What the kernel evaluates by running compiled code: as good as an axiom, `Lean.trustCompiler`, on which they rest. */
export const NATIVE_EVALUATION_KEYS = keysOf(['Lean.reduceBool', 'Lean.reduceNat']);

function keysOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.map((name) => name.split('.').reduce((prefix, part) => nameKey(prefix, NAME.text, part), '')),
  );
}

import { z } from 'zod';
import { textSchema } from './text.ts';

/** What a proof holds in: a Lean version and the libraries that may be imported. */
export const environmentSchema = z.discriminatedUnion('library', [
  z.strictObject({
    /** As `lean --version` prints it, e.g. `4.28.0-pre`. */
    lean: textSchema(64).min(1),
    /** `Init`, `Std` and `Lean`, as the toolchain ships them. */
    library: z.literal('core'),
  }),
  z.strictObject({
    lean: textSchema(64).min(1),
    library: z.literal('mathlib'),
    /** Mathlib's commit or tag. */
    revision: textSchema(64).min(1),
  }),
]);
export type Environment = z.infer<typeof environmentSchema>;

/** `lean 4.28.0-pre, core` or `lean 4.15.0, mathlib v4.15.0`: for people. */
export function describeEnvironment(environment: Environment): string {
  const library = environment.library === 'core' ? 'core' : `mathlib ${environment.revision}`;
  return `lean ${environment.lean}, ${library}`;
}

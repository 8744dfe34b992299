import { z } from 'zod';
import { textSchema } from './text.ts';

/** A place in a source text: line from 1, column from 0 in Unicode code points, as Lean counts. */
export const positionSchema = z.strictObject({ line: z.int().min(0), column: z.int().min(0) });
export type Position = z.infer<typeof positionSchema>;

/** One message of Lean about one place of a submission. */
export const diagnosticSchema = z.strictObject({
  severity: z.enum(['error', 'warning', 'information']),
  position: positionSchema,
  end: positionSchema.optional(),
  message: z.string(),
  /** Lean's message kind, e.g. `linter.unusedVariables` or `[anonymous]`. */
  kind: z.string(),
  /** The goals an "unsolved goals" error shows, each as Lean prints it. */
  goals: z.array(z.string()).optional(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/** Which program judged, and its version; verdicts of different checkers are told apart by it. */
export const checkerSchema = z.strictObject({
  name: textSchema(100).min(1),
  version: textSchema(200).min(1),
});
export type CheckerIdentity = z.infer<typeof checkerSchema>;

export const REJECTION_REASONS = [
  /** The submission holds no theorem of the statement's name, or not the definition that the statement leaves open. */
  'theorem-missing',
  /** A constant of that name is there, but it is no theorem. */
  'not-a-theorem',
  /** Its type or universes differ from the statement's. */
  'statement-changed',
  /** A definition that the statement uses differs, or one that it leaves open is none or has another type. */
  'definition-changed',
  /** The proof rests on an axiom beyond propext, Classical.choice and Quot.sound. */
  'forbidden-axiom',
  /** The kernel did not accept a declaration when it was re-added to a clean environment. */
  'kernel-refused',
  /** The proof uses a declaration that is unsafe, partial, or that the export does not hold. */
  'unsafe-declaration',
  /** The submission's text is no source that Lean could be given. */
  'malformed-submission',
  /** The submission imports a module that the environment does not have. */
  'environment-mismatch',
  /** What the elaborating process sent for the proof was no well-formed export. */
  'malformed-export',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** What became of one check. */
export const verdictSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('proved'),
    /** Axioms that the proof and its own helpers use, sorted; those behind the library's theorems are not counted. */
    axioms: z.array(z.string()),
    checker: checkerSchema,
    milliseconds: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('failed'),
    diagnostics: z.array(diagnosticSchema),
    /** All goals left open, in order. */
    goals: z.array(z.string()),
    milliseconds: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('rejected'),
    reason: z.enum(REJECTION_REASONS),
    detail: z.string(),
    diagnostics: z.array(diagnosticSchema),
    milliseconds: z.number().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('exhausted'),
    resource: z.enum(['time', 'memory', 'heartbeats']),
    detail: z.string(),
    milliseconds: z.number().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('crashed'), detail: z.string(), milliseconds: z.number().nonnegative() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;
export type VerdictOf<K extends Verdict['kind']> = Extract<Verdict, { kind: K }>;

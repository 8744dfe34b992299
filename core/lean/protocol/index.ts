import { z } from 'zod';
import { diagnosticSchema, REJECTION_REASONS } from '../../record/index.ts';
import { MESSAGE_LIMITS } from './constants.ts';

export { MEMORY_NOTICE, MESSAGE_LIMITS } from './constants.ts';

/**
 * What a Lean worker process is asked and what it answers. Answers are parsed as a stranger's: a worker that elaborated
 * a hostile submission may say anything.
 */

/** A Lean name by its components. */
export type NameParts = readonly string[];

/** Modules to import, e.g. `['Init', 'Std']`. */
export type Imports = readonly string[];

export interface ElaborateRequest {
  readonly op: 'elaborate';
  readonly imports: Imports;
  /** Lean source without its imports. */
  readonly source: string;
  /** UTF-16 units at the start of the source that end where a command does and that other sources may begin with too. */
  readonly preamble?: number;
  /** In thousands; Lean's default where not given. */
  readonly maxHeartbeats?: number;
  /** The theorem to export if elaboration ends without an error. */
  readonly target?: NameParts;
  /** `goal`: the theorem without its proof; `proof`: with everything that the proof needs. */
  readonly part?: 'goal' | 'proof';
  /** A natural number, in decimal, that the theorem's proof is expected to hold as a literal. */
  readonly mark?: string;
  /** Full names of definitions whose values are left out of the export where they rest on `sorry`: a submission gives them. */
  readonly open?: readonly NameParts[];
  /**
   * Elaborate it only if that runs none of its author's code, as Lean's own reading of it tells. A back end that ends each process
   * after one source need not look.
   */
  readonly inert?: boolean;
}

export interface JudgeRequest {
  readonly op: 'judge';
  readonly imports: Imports;
  /** `DeclarationExport`s: the statement's from a clean environment, and the submission's. */
  readonly statement: unknown;
  readonly submission: unknown;
  /** The statement's text, which tells names that Lean made up from its author's; without it no name may differ. */
  readonly challenge?: string;
}

/** Loads libraries ahead of need. */
export interface OpenRequest {
  readonly op: 'open';
  readonly imports: Imports;
}

export type WorkerRequest = ElaborateRequest | JudgeRequest | OpenRequest;
export type RequestMessage = WorkerRequest & { readonly id: number };

const boundedDiagnostic = diagnosticSchema.extend({
  message: z.string().max(MESSAGE_LIMITS.characters + 100),
});

export const elaborateResultSchema = z.strictObject({
  diagnostics: z.array(boundedDiagnostic).max(MESSAGE_LIMITS.count),
  /** Messages beyond the limit, which were left out. */
  omitted: z.int().nonnegative(),
  /** Whether any message, left out or not, is an error. */
  failed: z.boolean(),
  /** What was asked to be exported; absent where elaboration failed or nothing was asked. */
  exported: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('exported'),
        data: z.unknown(),
        target: z.int(),
        /** Whether the theorem's proof holds the mark that was asked for. */
        marked: z.boolean(),
      }),
      z.strictObject({ kind: z.literal('missing') }),
      /** Something rests on `sorry` beside the theorem and the definitions left open. */
      z.strictObject({ kind: z.literal('unfinished') }),
      /** It was to be elaborated only if that runs none of its author's code, and might. */
      z.strictObject({ kind: z.literal('runs-code') }),
      z.strictObject({ kind: z.literal('unsafe'), name: z.string().max(2000) }),
      z.strictObject({ kind: z.literal('too-large'), detail: z.string().max(2000) }),
    ])
    .optional(),
});
export type ElaborateResult = z.infer<typeof elaborateResultSchema>;

export const judgeResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), axioms: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('rejected'), reason: z.enum(REJECTION_REASONS), detail: z.string() }),
]);
export type JudgeResult = z.infer<typeof judgeResultSchema>;

/** What a worker says of itself with every answer. */
const healthSchema = z.strictObject({ residentBytes: z.number(), wasmBytes: z.number() });
export type WorkerHealth = z.infer<typeof healthSchema>;

export const workerMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), health: healthSchema }),
  z.strictObject({ type: z.literal('result'), id: z.int(), result: z.unknown(), health: healthSchema }),
  /** The request was refused; the worker is as good as before. */
  z.strictObject({
    type: z.literal('refused'),
    id: z.int(),
    reason: z.enum(['unknown-module', 'bad-request']),
    detail: z.string().max(5000),
    health: healthSchema,
  }),
  /** Lean broke down; the process ends after saying so. */
  z.strictObject({
    type: z.literal('fault'),
    id: z.int(),
    cause: z.enum(['memory', 'stack', 'trap']),
    detail: z.string().max(5000),
  }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;

/**
 * What a worker says that was started to train, instead of what others say: its memory before it does anything, in parts, how far it
 * is, and its machine code.
 */
export const trainedSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('image-part'),
    at: z.int().nonnegative(),
    bytes: z.instanceof(Uint8Array),
  }),
  /** All parts were sent. The header is the back end's own. */
  z.strictObject({ type: z.literal('image'), header: z.unknown() }),
  z.strictObject({ type: z.literal('training'), fraction: z.number().min(0).max(1) }),
  z.strictObject({ type: z.literal('trained'), code: z.instanceof(Uint8Array) }),
]);
export type TrainedMessage = z.infer<typeof trainedSchema>;

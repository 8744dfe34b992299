import { z } from 'zod';

/** What a section shows; one without content is left out with its heading. */
export const PARTS = [
  'environment',
  'informal',
  'task',
  'plan',
  'references',
  'attempt',
  'feedback',
] as const;

const text = z.string().max(8_000);

const sectionSchema = z.strictObject({
  part: z.enum(PARTS),
  /** `{{name}}` stands for: see `Placeholders` in `render.ts`. */
  template: text,
});

const turnSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  /** `retry`: only where there is a previous attempt to show. */
  when: z.enum(['always', 'retry']).default('always'),
  sections: z.array(sectionSchema).min(1).max(16),
});

/**
 * How a model was trained to be asked: data, so that a variant is another object and no other code.
 */
export const promptFamilySchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** Lower-case fragments of a model's names that tell a member of the family. */
  models: z.array(z.string().min(2).max(100)).max(50),
  turns: z.array(turnSchema).min(1).max(8),
  /** Stands between the sections of a turn. */
  separator: z.string().max(20).default('\n\n'),
  /** The word after the backticks of every Lean block. */
  fence: z
    .string()
    .regex(/^[a-zA-Z0-9]*$/)
    .max(20)
    .default('lean4'),
  /** What is said of the library, by environment; empty for nothing. */
  environment: z.strictObject({ core: text, mathlib: text }),
  /** One retrieved proof; `{{index}}` from 1, `{{informal}}`, `{{proof}}`. */
  reference: text,
  feedback: z.strictObject({
    /** `compiler`: as Lean prints it. `marked`: each error in its lines of code, between `<error>` and `</error>`. */
    style: z.enum(['compiler', 'marked']),
    maxErrors: z.int().min(1).max(100).default(8),
    /** UTF-16 code units of one message. */
    maxMessage: z.int().min(40).max(100_000).default(2_000),
    /** Lines shown before an error; for `marked` only. */
    linesBefore: z.int().min(0).max(50).default(4),
  }),
  /** UTF-16 code units; what is longer is left out. */
  maxReference: z.int().min(100).max(1_000_000).default(16_000),
  maxAttempt: z.int().min(100).max(1_000_000).default(48_000),
  /** At most so many references. */
  maxReferences: z.int().min(0).max(64).default(8),
});
export type PromptFamily = Readonly<z.infer<typeof promptFamilySchema>>;
/** As it is written down: what has a default may be left out. */
export type PromptFamilyInput = z.input<typeof promptFamilySchema>;

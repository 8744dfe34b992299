import { z } from 'zod';
import { InvalidFamilyError } from './errors.ts';

/** What a template may name as `{{name}}`. */
export const PLACEHOLDERS = [
  /** The fenced statement with `sorry`; never shortened. */
  'statement',
  /** The statement in words. */
  'informal',
  /** What the family says of the library at hand. */
  'environment',
  /** Retrieved proofs, best first, each by the family's `reference`. */
  'references',
  /** The previous attempt's fenced submission. */
  'attempt',
  /** The model's own previous answer, its thinking text left out; the fenced submission where there is none. */
  'reply',
  /** What Lean said of the previous attempt. */
  'feedback',
  /** The previous round, from 0. */
  'round',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const text = z.string().max(8_000);

/** Left out where something that its template names has no content: a heading never stands alone. */
const sectionSchema = z.strictObject({
  template: text.min(1),
  /** `retry`: only where a previous attempt is shown; `first`: only where none is. */
  when: z.enum(['always', 'first', 'retry']).default('always'),
});

const turnSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  when: z.enum(['always', 'retry']).default('always'),
  sections: z.array(sectionSchema).min(1).max(16),
});

/** How a model was trained to be asked: data, so that a variant is another object and no other code. */
export const promptFamilySchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    /** Fragments of model names, in lower case with `-` between words, that tell a member of the family. */
    models: z.array(z.string().min(2).max(100)).max(50).default([]),
    turns: z.array(turnSchema).min(1).max(8),
    /** Stands between the sections of a turn. */
    separator: z.string().max(20).default('\n\n'),
    /** The word after the backticks of every Lean block. */
    fence: z
      .string()
      .regex(/^[a-zA-Z0-9]*$/)
      .max(20)
      .default('lean4'),
    /** What `{{environment}}` stands for, by library; `{{lean}}` is the version. */
    environment: z.strictObject({ core: text, mathlib: text }).default({ core: '', mathlib: '' }),
    /** One retrieved proof: `{{index}}` from 1, `{{proof}}` fenced. */
    reference: text.default('{{proof}}'),
    feedback: z
      .strictObject({
        /** `compiler`: as Lean prints it. `marked`: each error in its lines of code, in `<error>…</error>`. */
        style: z.enum(['compiler', 'marked']),
        maxErrors: z.int().min(1).max(100).default(8),
        /** UTF-16 code units of one message; of a longer one the middle is cut out. */
        maxMessage: z.int().min(200).max(100_000).default(2_000),
        /** Lines shown before an error, where errors are marked. */
        linesBefore: z.int().min(0).max(50).default(4),
      })
      .prefault({ style: 'compiler' }),
    maxReferences: z.int().min(0).max(64).default(8),
    /** UTF-16 code units; a longer proof is left out. */
    maxReference: z.int().min(100).max(1_000_000).default(16_000),
    /** UTF-16 code units; a longer attempt is left out, with what Lean said of it. */
    maxAttempt: z.int().min(100).max(1_000_000).default(48_000),
  })
  .superRefine((family, context) => {
    const complain = (message: string): void => context.addIssue({ code: 'custom', message });
    const states = family.turns.some(
      (turn) =>
        turn.role === 'user' &&
        turn.when === 'always' &&
        turn.sections.some((s) => s.when === 'always' && namesOf(s.template).join() === 'statement'),
    );
    if (!states) complain('no section of a user turn that is always there names {{statement}}, and it alone');
    for (const { template } of family.turns.flatMap((turn) => turn.sections)) {
      for (const name of namesOf(template)) {
        if (!(PLACEHOLDERS as readonly string[]).includes(name)) complain(`unknown placeholder {{${name}}}`);
      }
    }
    for (const retry of [false, true]) {
      const roles = family.turns
        .filter((turn) => retry || turn.when === 'always')
        .map((turn) => turn.role)
        .join(' ');
      if (!/^(?:system )?user(?: assistant user)*$/.test(roles)) {
        complain(`its turns are ${roles}; expected a user's first and last, the model's between`);
      }
    }
  });
export type PromptFamily = z.infer<typeof promptFamilySchema>;
/** As it is written down: what has a default may be left out. */
export type PromptFamilyInput = z.input<typeof promptFamilySchema>;

/** Reads a family from outside. @throws InvalidFamilyError */
export function parseFamily(json: unknown): PromptFamily {
  const result = promptFamilySchema.safeParse(json);
  if (!result.success) throw new InvalidFamilyError(z.prettifyError(result.error), result.error);
  return result.data;
}

/** The placeholders of a template, in order. */
export function namesOf(template: string): string[] {
  return [...template.matchAll(/\{\{(\w*)\}\}/g)].map((match) => match[1] ?? '');
}

/** Fills a template in one pass: what is put in is never read as a template. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w*)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

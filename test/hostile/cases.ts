import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { REJECTION_REASONS, type Statement, type Verdict } from '../../core/record/index.ts';
import { parseLean } from '../../core/statement/index.ts';
import { CORE } from '../support/lean.ts';

/*
 * A case is a directory KIND/NAME with challenge.lean, the theorem with `sorry`, and submission.lean; KIND/expected.json
 * says what must become of it.
 */

/** A check that is to come to its end may wait for a busy machine to load a library; one that is not is cut off early. */
const SECONDS = { ending: 60, endless: 20 } as const;

const expectedFields = z.strictObject({
  verdict: z.enum(['proved', 'failed', 'rejected', 'exhausted', 'crashed', 'unreadable']),
  reason: z.enum(REJECTION_REASONS).optional(),
  resource: z.enum(['time', 'memory', 'heartbeats']).optional(),
  /** A regular expression that the verdict's detail, or its errors, must match. */
  says: z.string().optional(),
  seconds: z.number().optional(),
  /** In thousands. */
  heartbeats: z.int().optional(),
  /** Run only by `npm run test:hostile`. */
  long: z.boolean().default(false),
  /** `{{KEY}}` in the submission stands for a text so many times: what is huge is not kept as a file. */
  expand: z.record(z.string(), z.tuple([z.string(), z.int()])).default({}),
});
const expectedSchema = expectedFields.transform((expected) => ({
  ...expected,
  seconds: expected.seconds ?? SECONDS[expected.verdict === 'exhausted' ? 'endless' : 'ending'],
}));
export type Expected = z.infer<typeof expectedSchema>;

export interface Case {
  readonly kind: string;
  readonly name: string;
  readonly statement: Statement;
  /** Undefined where the file is not UTF-8, which `verify` refuses to read. */
  readonly submission: string | undefined;
  readonly expected: Expected;
}

const HERE = import.meta.dirname;

/** All cases of some kinds, or of all of them. */
export function loadCases(kinds: readonly string[] = kindsOfCases()): Case[] {
  return kinds.flatMap((kind) => {
    const file = readFileSync(path.join(HERE, kind, 'expected.json'), 'utf8');
    const expected = z.record(z.string(), expectedSchema).parse(JSON.parse(file));
    const directories = readdirSync(path.join(HERE, kind), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const missing = directories.find((entry) => expected[entry.name] === undefined);
    if (missing !== undefined) throw new Error(`${kind}/expected.json says nothing of ${missing.name}`);
    return Object.entries(expected).map(([name, entry]) => loadCase(kind, name, entry));
  });
}

export function kindsOfCases(): string[] {
  return readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function loadCase(kind: string, name: string, expected: Expected): Case {
  const directory = path.join(HERE, kind, name);
  const challenge = readFileSync(path.join(directory, 'challenge.lean'), 'utf8');
  const statements = [...parseLean(challenge, { environment: CORE, file: `${kind}/${name}` })];
  const [only, ...others] = statements;
  if (only?.kind !== 'statement' || others.length > 0) {
    throw new Error(`${kind}/${name}/challenge.lean does not state one theorem`);
  }
  const bytes = readFileSync(path.join(directory, 'submission.lean'));
  let submission = decode(bytes);
  for (const [key, [text, times]] of Object.entries(expected.expand)) {
    submission = submission?.replaceAll(`{{${key}}}`, () => text.repeat(times));
  }
  return { kind, name, statement: only.statement, submission, expected };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What a verdict says to people: its detail, or its errors. */
export function wordsOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'proved':
      return verdict.axioms.join(', ');
    case 'failed':
      return verdict.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => message)
        .join('\n');
    default:
      return verdict.detail;
  }
}

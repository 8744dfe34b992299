import type { ContentId, Environment, Provenance, Statement } from '../record/index.ts';

/** What kept something from becoming a statement. */
export type ProblemCode =
  /** Not readable at all: unclosed comments and strings, JSON that is none, bytes that are not UTF-8. */
  | 'syntax'
  | 'encoding'
  /** A line, file or text above its bound. */
  | 'too-large'
  /** An `example`, or a theorem without a name. */
  | 'unnamed'
  /** A theorem that ends before its proof could begin. */
  | 'incomplete'
  /** `sorry` stands somewhere inside a longer proof, in a pattern-matching proof, or in the statement itself. */
  | 'partial-proof'
  | 'pattern-matching'
  | 'sorry-in-statement'
  /** The statement rests on a definition that is itself `sorry`. */
  | 'sorry-in-definition'
  /** A theorem of a `mutual` block, which cannot be stated alone. */
  | 'mutual'
  /** `end` that does not fit what is open. */
  | 'scope'
  /** Text that Lean would not read: what follows `#exit`. */
  | 'after-exit'
  /** A dataset row whose theorem has a proof already. */
  | 'already-proved'
  /** A dataset row without a formal statement, or a file without any. */
  | 'no-statement'
  /** A field that is not what it must be. */
  | 'invalid';

export interface StatementFound {
  readonly kind: 'statement';
  readonly statement: Statement;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A statement that the same file has given already. */
export interface DuplicateFound {
  readonly kind: 'duplicate';
  readonly id: ContentId;
  readonly name: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Where it was first. */
  readonly firstLine: number;
}

export interface ProblemFound {
  readonly kind: 'problem';
  readonly code: ProblemCode;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in Unicode code points, as Lean counts. */
  readonly column?: number;
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
}

export type StatementEntry = StatementFound | DuplicateFound | ProblemFound;

export interface ParseOptions {
  /** Where statements hold that import nothing beyond the toolchain. */
  readonly environment: Environment;
  /** Where those hold that import more: the same Lean with some unknown Mathlib where left out. */
  readonly library?: Environment;
  /** Shown in entries. */
  readonly file?: string;
  /** Where the statements come from; what a dataset row says of itself comes first. */
  readonly source?: Provenance;
}

/** One line for people: `a.lean:3:0: this comment is never closed; expected …`. */
export function describeEntry(entry: StatementEntry): string {
  const place = `${entry.file}:${entry.line}`;
  switch (entry.kind) {
    case 'statement':
      return `${place}: ${entry.statement.name}`;
    case 'duplicate':
      return `${place}: ${entry.name} is the statement of line ${entry.firstLine} again`;
    case 'problem': {
      const column = entry.column === undefined ? '' : `:${entry.column}`;
      const expected = entry.expected === undefined ? '' : `; expected ${entry.expected}`;
      return `${place}${column}: ${entry.message}${expected}`;
    }
  }
}

import { makeStatement, type Statement } from '../record/index.ts';
import type { ParseOptions, ProblemFound } from './entries.ts';
import { readWithDefinitions } from './lean-source.ts';
import { readSource } from './source-text.ts';

/** Something that a challenge asks for. */
export interface Task {
  /** `definition`: one whose value is `sorry`, by its own name; `withFilling` completes what is submitted for it. */
  readonly kind: 'theorem' | 'definition';
  readonly name: string;
  readonly statement: Statement;
  /** Full names of the definitions before it, and of itself, that are left open. */
  readonly open: readonly string[];
}

export type ChallengeEntry = ({ readonly line: number } & Task) | ProblemFound;

/**
 * Finds what a challenge leaves open: theorems whose proof is `sorry`, as `parseLean` does, and definitions whose whole
 * value is. Empty where there is nothing. Never throws.
 */
export function* parseChallenge(
  text: string,
  options: ParseOptions,
): Generator<ChallengeEntry, void, undefined> {
  const source = readSource(text);
  const open: string[] = [];
  for (const finding of readWithDefinitions(source, options)) {
    const { line, column } = source.position(finding.offset);
    switch (finding.kind) {
      case 'problem': {
        const { code, message, expected } = finding;
        const file = options.file ?? '<lean>';
        yield {
          kind: 'problem',
          code,
          file,
          line,
          column,
          message,
          ...(expected !== undefined && { expected }),
        };
        break;
      }
      case 'definition':
        open.push(finding.name);
        yield {
          kind: 'definition',
          name: finding.name,
          statement: makeStatement(finding.record),
          open: [...open],
          line,
        };
        break;
      case 'statement': {
        const statement = makeStatement(finding.record);
        yield { kind: 'theorem', name: statement.name, statement, open: [...open], line };
        break;
      }
    }
  }
}

import { makeStatement, type Environment } from '../record/index.ts';
import type { ParseOptions, StatementEntry } from './entries.ts';
import { importsLibrary, readLean, type LeanFinding } from './lean-source.ts';
import { readSource, type SourceText } from './source-text.ts';

/**
 * Finds the open theorems of a Lean file: those whose proof is `sorry`. A statement's header is all that stands before
 * it except the other open theorems; theorems with proofs stay, as context. Attributes, modifiers and doc comments of
 * the theorem itself are dropped, the doc comment becoming its informal text.
 *
 * Reading goes on after a problem wherever what follows is still certain. Never throws.
 */
export function* parseLean(text: string, options: ParseOptions): Generator<StatementEntry, void, undefined> {
  const source = readSource(text);
  const file = options.file ?? '<lean>';
  let found = false;
  for (const finding of readLean(source, options)) {
    found = true;
    yield toEntry(finding, source, file);
  }
  if (found) return;
  const message = source.code.length === 0 ? 'the file is empty' : 'there is no theorem that is left open';
  const expected = 'a theorem whose proof is `sorry`';
  yield { kind: 'problem', code: 'no-statement', file, line: 1, message, expected };
}

/** Where the statements of a Lean text would hold, whether or not it has any. Never throws. */
export function environmentOf(
  text: string,
  { environment, library = environment }: Pick<ParseOptions, 'environment' | 'library'>,
): Environment {
  return importsLibrary(readSource(text)) ? library : environment;
}

function toEntry(finding: LeanFinding, source: SourceText, file: string): StatementEntry {
  const { line, column } = source.position(finding.offset);
  if (finding.kind === 'statement') {
    return { kind: 'statement', statement: makeStatement(finding.record), file, line };
  }
  const { code, message, expected } = finding;
  return { kind: 'problem', code, file, line, column, message, ...(expected !== undefined && { expected }) };
}

/**
 * Reads Lean files and datasets into statements, and writes statements as dataset lines.
 *
 * @example
 * const options = { environment: { lean: '4.28.0-pre', library: 'core' } } as const;
 * for await (const entry of readStatements('minif2f.jsonl', options)) {
 *   if (entry.kind === 'statement') board.add(entry.statement);
 *   else console.warn(describeEntry(entry)); // minif2f.jsonl:12: formal statement, 1:0: this theorem has no name; …
 * }
 */
export { StatementBoard, type BoardEntry, type BoardMatch } from './board.ts';
export {
  describeEntry,
  type DuplicateFound,
  type ParseOptions,
  type ProblemCode,
  type ProblemFound,
  type StatementEntry,
  type StatementFound,
} from './entries.ts';
export { StatementTooLongError, UnknownFileTypeError, UnreadableFileError } from './errors.ts';
export { negate, type Negation } from './negation.ts';
export { MAX_LINE_BYTES, parseDatasetLine, type DatasetLineOptions } from './parse-dataset.ts';
export { withFilling } from './filling.ts';
export { parseChallenge, type ChallengeEntry, type Task } from './parse-challenge.ts';
export { environmentOf, parseLean } from './parse-lean.ts';
export {
  formatOf,
  MAX_LEAN_BYTES,
  readStatements,
  type ReadOptions,
  type StatementFormat,
  type StatementSource,
} from './read.ts';
export { toDatasetLine } from './write.ts';

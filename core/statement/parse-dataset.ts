import { z } from 'zod';
import { describeInvalid, makeStatement, statementSchema } from '../record/index.ts';
import {
  FORMAL_FIELDS,
  HEADER_FIELDS,
  malformedField,
  rowMetadata,
  textField,
  type Row,
} from './dataset-fields.ts';
import type { ParseOptions, ProblemCode, ProblemFound, StatementEntry } from './entries.ts';
import { readLean } from './lean-source.ts';
import { cleanTags } from './metadata.ts';
import { readSource } from './source-text.ts';

/** Longest dataset line, in bytes of UTF-8. */
export const MAX_LINE_BYTES = 1_048_576;

export interface DatasetLineOptions extends ParseOptions {
  /** From 1. */
  readonly line?: number;
}

const rowSchema = z.record(z.string(), z.unknown());

/** Fields that our own export has beside the statement's record. */
const EXPORT_ONLY: ReadonlySet<string> = new Set(['id', 'formal_statement']);

/**
 * Reads one row of a dataset: a JSON object in one of the published shapes, or in the shape `toDatasetLine` writes.
 * Mostly one entry; several where the row states several theorems. Never throws.
 */
export function parseDatasetLine(line: string, options: DatasetLineOptions): StatementEntry[] {
  const text = line.replace(/^\uFEFF/, '');
  const place = { file: options.file ?? '<dataset>', line: options.line ?? 1 };
  const problem = (code: ProblemCode, message: string, expected?: string): ProblemFound => ({
    kind: 'problem',
    code,
    ...place,
    message,
    ...(expected !== undefined && { expected }),
  });
  if (text.length > MAX_LINE_BYTES || Buffer.byteLength(text) > MAX_LINE_BYTES) {
    return [problem('too-large', `the line is longer than ${MAX_LINE_BYTES} bytes`)];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const wrong = problem('syntax', `not JSON: ${message.slice(0, 200)}`, 'one JSON object');
    const offset = /at position (\d+)/.exec(message)?.[1];
    if (offset === undefined) return [wrong];
    const before = text.slice(0, Number(offset)).split('\n');
    const column = Array.from(before.at(-1) ?? '').length;
    return [{ ...wrong, line: place.line + before.length - 1, column }];
  }
  const object = rowSchema.safeParse(value);
  if (!object.success) return [problem('invalid', `this is ${kindOf(value)}`, 'a JSON object')];
  const row = object.data;
  if ('formal' in row && 'environment' in row) {
    try {
      const fields = Object.entries(row).filter(([name]) => !EXPORT_ONLY.has(name));
      const statement = makeStatement(statementSchema.parse(Object.fromEntries(fields)));
      const id = row['id'] ?? statement.id;
      if (id === statement.id) return [{ kind: 'statement', statement, ...place }];
      return [problem('invalid', 'the id is not that of the statement', `\`${statement.id}\``)];
    } catch (error) {
      return [problem('invalid', describeInvalid(error))];
    }
  }
  return readRow(row, options, problem, place);
}

function readRow(
  row: Row,
  options: DatasetLineOptions,
  problem: (code: ProblemCode, message: string, expected?: string) => ProblemFound,
  place: { readonly file: string; readonly line: number },
): StatementEntry[] {
  const malformed = malformedField(row, [...FORMAL_FIELDS, ...HEADER_FIELDS]);
  if (malformed !== undefined) {
    return [problem('invalid', `the field ${malformed} is ${kindOf(row[malformed])}`, 'a text')];
  }
  const formal = textField(row, FORMAL_FIELDS);
  if (formal === undefined) {
    const fields = Object.keys(row).slice(0, 20).join(', ').slice(0, 300);
    const expected = `one of the fields ${FORMAL_FIELDS.join(', ')}`;
    return [problem('no-statement', `the row has no formal statement; its fields are: ${fields}`, expected)];
  }
  const header = textField(row, HEADER_FIELDS) ?? '';
  const trimmedHeader = header.trim();
  // Some datasets repeat the header in the statement.
  const lead = trimmedHeader === '' || formal.trimStart().startsWith(trimmedHeader) ? '' : `${header}\n\n`;
  const source = readSource(lead + formal);
  const formalStart = readSource(lead).text.length;
  const leadLines = source.position(formalStart).line - 1;
  const entries: StatementEntry[] = [];
  for (const finding of readLean(source, { ...options, unfinished: true })) {
    if (finding.kind === 'problem') {
      const { line, column } = source.position(finding.offset);
      const inHeader = finding.offset < formalStart;
      const where = inHeader
        ? `header, ${line}:${column}`
        : `formal statement, ${line - leadLines}:${column}`;
      entries.push(problem(finding.code, `${where}: ${finding.message}`, finding.expected));
      continue;
    }
    const { record } = finding;
    const metadata = rowMetadata(row, record.name, options.source);
    const tags = cleanTags([...(record.tags ?? []), ...(metadata.tags ?? [])]);
    const statement = makeStatement({ ...record, ...metadata, ...(tags.length > 0 && { tags }) });
    entries.push({ kind: 'statement', statement, ...place });
  }
  if (entries.length > 0) return entries;
  return [
    problem(
      'already-proved',
      'the formal statement leaves nothing open',
      'a theorem whose proof is `sorry` or missing',
    ),
  ];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

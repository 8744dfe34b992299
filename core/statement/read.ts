import { createReadStream } from 'node:fs';
import type { ParseOptions, ProblemCode, ProblemFound, StatementEntry } from './entries.ts';
import { UnknownFileTypeError, UnreadableFileError } from './errors.ts';
import { splitArray } from './json-array.ts';
import { splitLines, type JsonValueText } from './json-values.ts';
import { MAX_LINE_BYTES, parseDatasetLine } from './parse-dataset.ts';
import { parseLean } from './parse-lean.ts';

/** Largest Lean file, in bytes. */
export const MAX_LEAN_BYTES = 16 * 1_048_576;

export type StatementFormat = 'lean' | 'jsonl' | 'json';

/** Statements from elsewhere than a file: a download, a test, standard input. */
export interface StatementSource {
  /** Shown in entries. */
  readonly file: string;
  readonly format: StatementFormat;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface ReadOptions extends Omit<ParseOptions, 'file'> {
  readonly signal?: AbortSignal;
}

/** How a file is read, by the ending of its name. @throws UnknownFileTypeError */
export function formatOf(file: string): StatementFormat {
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === 'lean' || ending === 'jsonl' || ending === 'json') return ending;
  if (ending === 'ndjson') return 'jsonl';
  throw new UnknownFileTypeError(file);
}

/**
 * Reads a Lean file or a dataset as a stream: memory does not grow with a dataset's size beyond one id a statement.
 * What cannot be read is an entry like the others; only a file that cannot be opened at all throws.
 * @throws UnknownFileTypeError, UnreadableFileError, and the signal's reason once it is aborted
 */
export async function* readStatements(
  input: string | StatementSource,
  options: ReadOptions,
): AsyncGenerator<StatementEntry, void, undefined> {
  const source: StatementSource =
    typeof input === 'string' ? { file: input, format: formatOf(input), bytes: readFile(input) } : input;
  const firstLines = new Map<string, number>();
  for await (const entry of entriesOf(source, { ...options, file: source.file })) {
    options.signal?.throwIfAborted();
    if (entry.kind !== 'statement') {
      yield entry;
      continue;
    }
    const { id, name } = entry.statement;
    const firstLine = firstLines.get(id);
    if (firstLine !== undefined) {
      yield { kind: 'duplicate', id, name, file: entry.file, line: entry.line, firstLine };
      continue;
    }
    firstLines.set(id, entry.line);
    yield entry;
  }
}

type EntryOptions = ParseOptions & { readonly file: string };

async function* entriesOf(
  source: StatementSource,
  options: EntryOptions,
): AsyncGenerator<StatementEntry, void, undefined> {
  if (source.format === 'lean') {
    yield* leanEntries(source.bytes, options);
    return;
  }
  const split = source.format === 'jsonl' ? splitLines : splitArray;
  let empty = true;
  for await (const value of split(source.bytes, MAX_LINE_BYTES)) {
    empty = false;
    yield* valueEntries(value, options);
  }
  if (empty) yield problem(options.file, 1, 'no-statement', 'the file holds no rows', 'a JSON object');
}

function valueEntries(value: JsonValueText, options: EntryOptions): StatementEntry[] {
  const { line } = value;
  switch (value.kind) {
    case 'value':
      return parseDatasetLine(value.text, { ...options, line });
    case 'too-large':
      return [problem(options.file, line, 'too-large', `longer than ${MAX_LINE_BYTES} bytes`)];
    case 'encoding':
      return [problem(options.file, line, 'encoding', 'not UTF-8 text')];
    case 'syntax':
      return [problem(options.file, line, 'syntax', value.message, value.expected)];
  }
}

async function* leanEntries(
  bytes: StatementSource['bytes'],
  options: EntryOptions,
): AsyncGenerator<StatementEntry, void, undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_LEAN_BYTES) {
      yield problem(options.file, 1, 'too-large', `the file is longer than ${MAX_LEAN_BYTES} bytes`);
      return;
    }
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  const text = decodeUtf8(whole);
  if (text === undefined) {
    yield problem(options.file, firstBadLine(whole), 'encoding', 'the file is not UTF-8 text');
    return;
  }
  yield* parseLean(text, options);
}

function decodeUtf8(bytes: Uint8Array, partial = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: partial });
  } catch {
    return undefined;
  }
}

/** The line of the first byte that is no UTF-8, by bisection: a prefix is bad from there on. */
function firstBadLine(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodeUtf8(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  return bytes.subarray(0, good).reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 1);
}

async function* readFile(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Uint8Array;
  } catch (error) {
    throw new UnreadableFileError(file, error);
  }
}

function problem(
  file: string,
  line: number,
  code: ProblemCode,
  message: string,
  expected?: string,
): ProblemFound {
  return { kind: 'problem', code, file, line, message, ...(expected !== undefined && { expected }) };
}

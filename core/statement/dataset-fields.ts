import { DIFFICULTIES, type Provenance, type StatementRecord } from '../record/index.ts';
import { cleanTags, cleanText, stripCommentMarks } from './metadata.ts';

/** A row of a dataset: what `JSON.parse` made of it, known to be an object. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Field names, first match first, as these publish them: MiniF2F (DeepSeek's, yangky11's, Hoskinson's and the
 * HuggingFace copies), ProofNet and ProofNet#, PutnamBench, NuminaMath-LEAN, Lean-Workbook, OProofs, CombiBench.
 */
export const FORMAL_FIELDS = ['formal_statement', 'lean4_statement', 'lean4_formalization', 'lean_statement'];
export const HEADER_FIELDS = ['header', 'lean4_header', 'lean4_src_header', 'src_header', 'lean_header'];
const ID_FIELDS = ['name', 'id', 'problem_id', 'problem_name', 'theorem_name', 'uuid', 'lemma_id'];
const INFORMAL_FIELDS = [
  'informal_statement',
  'informal_prefix',
  'informal_stmt',
  'nl_statement',
  'natural_language_statement',
  'natural_language',
  'problem',
];
const TOPIC_FIELDS = ['topic', 'problem_type', 'subject', 'category', 'domain'];
const TAG_FIELDS = ['tags', 'tag', 'labels', 'label'];
/** Fields whose short values are worth keeping as `field:value` tags. */
const LABELLED_FIELDS = ['split', 'level', 'exam', 'question_type', 'ground_truth_type'];

/** The first of these fields that holds a text; PutnamBench writes `"null"` where it has none. */
export function textField(row: Row, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row[name];
    if (typeof value === 'string' && value.trim() !== '' && value !== 'null') return value;
  }
  return undefined;
}

/** The first of these fields that is there but holds no text. */
export function malformedField(row: Row, names: readonly string[]): string | undefined {
  return names.find((name) => {
    const value = row[name];
    return value !== undefined && value !== null && typeof value !== 'string';
  });
}

/** The row's own names for itself: numbers count. */
function rowIds(row: Row): string[] {
  const ids = ID_FIELDS.flatMap((name) => {
    const value = row[name];
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  return [...new Set(ids)];
}

type Metadata = Pick<StatementRecord, 'informal' | 'source' | 'topic' | 'difficulty' | 'tags'>;

/**
 * What a row says beside its statement. The identity follows the Lean text, so a row's id that is not the theorem's
 * name becomes a tag, `id:…`.
 */
export function rowMetadata(row: Row, theoremName: string, source: Provenance | undefined): Metadata {
  const informal = INFORMAL_FIELDS.map((name) => textField(row, [name]))
    .map((text) => text && stripCommentMarks(text))
    .find((text) => text !== undefined && text !== '');
  const topic = textField(row, TOPIC_FIELDS);
  const difficulty = textField(row, ['difficulty']);
  const known = DIFFICULTIES.find((name) => name === difficulty?.toLowerCase());
  const tags = [
    ...rowIds(row)
      .filter((id) => id !== theoremName)
      .map((id) => `id:${id}`),
    ...LABELLED_FIELDS.flatMap((name) => label(name, row[name])),
    ...(known === undefined ? label('difficulty', row['difficulty']) : []),
    ...TAG_FIELDS.flatMap((name) => tagList(row[name])),
  ];
  const clean = cleanTags(tags);
  const provenance = rowSource(row, source);
  return {
    ...(informal !== undefined && { informal }),
    ...(topic !== undefined && { topic: cleanText(topic.trim(), 100) }),
    ...(known !== undefined && { difficulty: known }),
    ...(clean.length > 0 && { tags: clean }),
    ...(Object.keys(provenance).length > 0 && { source: provenance }),
  };
}

function rowSource(row: Row, given: Provenance | undefined): Provenance {
  const named = textField(row, ['dataset', 'data_source', 'source']);
  const licence = textField(row, ['licence', 'license']);
  const link = textField(row, ['url']) ?? named;
  const url = link !== undefined && /^https?:\/\//.test(link) ? link : undefined;
  const dataset = named === url ? undefined : named;
  return {
    ...given,
    ...(dataset !== undefined && { dataset: cleanText(dataset.trim(), 200) }),
    ...(licence !== undefined && { licence: cleanText(licence.trim(), 100) }),
    ...(url !== undefined && { url: cleanText(url.trim(), 2000) }),
  };
}

function label(name: string, value: unknown): string[] {
  const plain = typeof value === 'string' || typeof value === 'number';
  return plain && value !== '' && value !== 'null' ? [`${name}:${value}`] : [];
}

function tagList(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string');
}

import { Index, type IndexOptions } from '@lancedb/lancedb';
import { Binary, Bool, Field, FixedSizeList, Float32, Float64, Int32, Schema, Utf8 } from 'apache-arrow';

export type TableName = 'statements' | 'proofs' | 'trajectories';

/** A table and how it is searched. Later kinds of record (attestations, claimed proofs) become tables of their own. */
export interface TableDefinition {
  readonly name: TableName;
  readonly schema: Schema;
  /** Column → maker of its index (LanceDB lets one be used once); kept up to date by upkeep. */
  readonly indices: Readonly<Record<string, () => Partial<IndexOptions>>>;
}

/**
 * With a primary key declared, LanceDB's merge-insert notices another writer that inserts the same id at the same time;
 * without it, both rows are kept.
 */
const key = (): Field =>
  new Field('id', new Utf8(), false, new Map([['lance-schema:unenforced-primary-key', 'true']]));
const text = (name: string): Field => new Field(name, new Utf8(), false);
const optionalText = (name: string): Field => new Field(name, new Utf8(), true);
/** The record itself, canonical CBOR; the other columns are there to search, filter and count by. */
const record = (): Field =>
  new Field('record', new Binary(), false, new Map([['lance-encoding:compression', 'zstd']]));

const byValue = (): Partial<IndexOptions> => ({ config: Index.btree() });
/** Our own terms, parted by blanks: no stemming, no folding, so that `++`, `∣`, `h'` and `Nat.succ` stay what they are. */
const byTerms = (): Partial<IndexOptions> => ({
  config: Index.fts({
    baseTokenizer: 'whitespace',
    lowercase: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    withPosition: false,
    maxTokenLength: 512,
  }),
});

/** One row a statement that some verified proof of this bank proves. */
export function statementsTable(dimensions: number): TableDefinition {
  return {
    name: 'statements',
    schema: new Schema([
      key(),
      text('environment'),
      text('twin'),
      /** Retrieval looks at these alone; statements of unverified claims would be kept with `false`. */
      new Field('proved', new Bool(), false),
      text('name'),
      optionalText('topic'),
      optionalText('difficulty'),
      optionalText('dataset'),
      text('embedder'),
      new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
      text('terms'),
      text('words'),
      record(),
    ]),
    indices: { id: byValue, terms: byTerms, words: byTerms },
  };
}

/** One row a verified proof. */
export const PROOFS_TABLE: TableDefinition = {
  name: 'proofs',
  schema: new Schema([
    key(),
    text('statement'),
    text('environment'),
    text('policy'),
    optionalText('model'),
    text('peer'),
    /** Milliseconds since 1970: with the id, the order in which peers reconcile. */
    new Field('createdAt', new Float64(), false),
    new Field('length', new Int32(), false),
    text('terms'),
    record(),
  ]),
  indices: { id: byValue, statement: byValue, terms: byTerms },
};

/** One row an attempt. No key: the same attempt may be made twice. */
export const TRAJECTORIES_TABLE: TableDefinition = {
  name: 'trajectories',
  schema: new Schema([
    text('statement'),
    text('policy'),
    text('verdict'),
    new Field('rollout', new Int32(), false),
    new Field('round', new Int32(), false),
    new Field('candidate', new Int32(), false),
    new Field('milliseconds', new Float64(), false),
    new Field('recordedAt', new Float64(), false),
    record(),
  ]),
  indices: { statement: byValue },
};

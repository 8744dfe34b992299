import { z } from 'zod';
import type { ContentId, Environment, Premise, Statement } from '../record/index.ts';
import type { Embedder } from './embedder.ts';
import { nameParts, sourceTerms, statementTerms } from './features.ts';
import { fuse, type Ranked } from './fusion.ts';
import { matches, nearestIds, select, uniqueById } from './queries.ts';
import { decodeStatement, decodeStoredProof, environmentKey } from './rows.ts';
import { allOf, equals, isOneOf } from './sql.ts';
import type { Tables } from './tables.ts';
import { twinKey } from './twin.ts';

export interface RetrieveOptions {
  /** How many premises at most, each of another statement. */
  readonly k: number;
  /** Ids of proofs or of statements that must not come up. */
  readonly exclude?: ReadonlySet<ContentId>;
  /** Only proofs of the statement's own environment; true unless set. */
  readonly sameEnvironment?: boolean;
  /** Keep out proofs of the statement itself and of its twins under other names; true unless set. */
  readonly excludeSelf?: boolean;
  /** Which rankings are fused: both unless set. For ablation. */
  readonly by?: 'fusion' | 'vectors' | 'terms';
}

export interface SearchOptions {
  /** 20 unless set. */
  readonly limit?: number;
  readonly environment?: Environment;
}

/** A statement that a search found, with the ids of its proofs, shortest first. */
export interface SearchHit {
  readonly statement: Statement;
  readonly proofs: readonly ContentId[];
  /** Higher is closer; comparable within one search only. */
  readonly score: number;
}

export interface RetrievalComponents {
  readonly tables: Tables;
  readonly embedder: Embedder;
}

/** How deep each ranking goes before fusion, beyond what is asked for. */
const POOL = 50;
const MOST_QUERY_TERMS = 96;
const DEFAULT_SEARCH_LIMIT = 20;
const bytes = z.instanceof(Uint8Array);
const idShape = { id: z.string() };

/** The nearest statements' shortest proofs, best first. */
export async function retrieve(
  components: RetrievalComponents,
  statement: Statement,
  options: RetrieveOptions,
): Promise<Premise[]> {
  const { k, exclude = new Set() } = options;
  if (k <= 0) return [];
  const filter = retrievalFilter(statement, options);
  const pool = POOL + 2 * k;
  const ranked = await rankStatements(components, statement, options.by ?? 'fusion', pool, filter);
  const proofs = await proofIds(components.tables, ranked, exclude);
  const chosen = ranked
    .flatMap(({ id, score }) => {
      const proof = proofs.get(id)?.[0];
      return proof === undefined ? [] : [{ statement: id, proof, score }];
    })
    .slice(0, k);
  const ids = chosen.map((one) => one.statement);
  const proofsChosen = chosen.map((one) => one.proof);
  const [statements, submissions] = await Promise.all([
    loadStatements(components.tables, ids),
    loadSubmissions(components.tables, proofsChosen),
  ]);
  return chosen.flatMap(({ statement: id, proof, score }) => {
    const found = statements.get(id);
    const submission = submissions.get(proof);
    return found === undefined || submission === undefined
      ? []
      : [{ id: proof, statement: found, submission, score }];
  });
}

/** Statements by words, names and symbols of theirs or of their proofs. */
export async function search(
  { tables }: RetrievalComponents,
  text: string,
  { limit = DEFAULT_SEARCH_LIMIT, environment }: SearchOptions,
): Promise<SearchHit[]> {
  const filter = environment && equals('environment', environmentKey(environment));
  const terms = searchTerms(text);
  const pool = POOL + limit;
  const [byWords, byProof] = await Promise.all([
    matches(tables.statements, 'words', terms, idShape, pool, allOf('proved = true', filter)),
    matches(tables.proofs, 'terms', terms, { statement: z.string() }, pool, filter),
  ]);
  const ranked = fuse([byWords.map(({ id }) => id), byProof.map((row) => row.statement)]).slice(0, limit);
  const statements = await loadStatements(
    tables,
    ranked.map(({ id }) => id),
  );
  const proofs = await proofIds(tables, ranked, new Set());
  return ranked.flatMap(({ id, score }) => {
    const statement = statements.get(id);
    return statement === undefined ? [] : [{ statement, proofs: proofs.get(id) ?? [], score }];
  });
}

function retrievalFilter(
  statement: Statement,
  { sameEnvironment = true, excludeSelf = true, exclude = new Set() }: RetrieveOptions,
): string | undefined {
  return allOf(
    'proved = true',
    sameEnvironment ? equals('environment', environmentKey(statement.environment)) : undefined,
    excludeSelf
      ? `NOT (${equals('id', statement.id)}) AND NOT (${equals('twin', twinKey(statement))})`
      : undefined,
    exclude.size > 0 ? `NOT (${isOneOf('id', [...exclude])})` : undefined,
  );
}

async function rankStatements(
  { tables, embedder }: RetrievalComponents,
  statement: Statement,
  by: NonNullable<RetrieveOptions['by']>,
  pool: number,
  filter: string | undefined,
): Promise<Ranked[]> {
  const terms = [...new Set(statementTerms(statement))].slice(0, MOST_QUERY_TERMS);
  const [vector] = by === 'terms' ? [] : await embedder.embed([statement]);
  return fuse(
    await Promise.all([
      vector === undefined ? [] : nearestIds(tables.statements, vector, pool, filter),
      by === 'vectors'
        ? []
        : matches(tables.statements, 'terms', terms, idShape, pool, filter).then((rows) =>
            rows.map(({ id }) => id),
          ),
    ]),
  );
}

/** What is typed into a search: symbols and names as they are, and their words in lower case. */
function searchTerms(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return [...new Set([...words, ...sourceTerms(text), ...words.flatMap(nameParts)])].slice(
    0,
    MOST_QUERY_TERMS,
  );
}

/** The proofs of statements by statement, shortest first, without the excluded. */
async function proofIds(
  tables: Tables,
  ranked: readonly Ranked[],
  exclude: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const wanted = isOneOf(
    'statement',
    ranked.map(({ id }) => id),
  );
  const shape = { ...idShape, statement: z.string(), length: z.number() };
  const rows = uniqueById(await select(tables.proofs, shape, wanted));
  rows.sort((a, b) => a.length - b.length || (a.id < b.id ? -1 : 1));
  const byStatement = new Map<string, string[]>();
  for (const { id, statement } of rows) {
    if (exclude.has(id)) continue;
    const ids = byStatement.get(statement) ?? [];
    byStatement.set(statement, [...ids, id]);
  }
  return byStatement;
}

async function loadStatements(tables: Tables, ids: readonly string[]): Promise<Map<string, Statement>> {
  const rows = await select(tables.statements, { ...idShape, record: bytes }, isOneOf('id', ids));
  return new Map(rows.map(({ id, record }) => [id, decodeStatement(id, record)]));
}

async function loadSubmissions(tables: Tables, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await select(tables.proofs, { ...idShape, record: bytes }, isOneOf('id', ids));
  return new Map(rows.map(({ id, record }) => [id, decodeStoredProof(id, record).record.submission]));
}

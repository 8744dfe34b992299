import {
  ApiError,
  MAX_WORKERS,
  type Facets,
  type ParsedInput,
  type StatementRow,
  type StatementStatus,
} from '../../api/index.ts';
import { describeEnvironment, DIFFICULTIES, type ContentId, type Statement } from '../../record/index.ts';
import { cut } from './text.ts';

/** A statement on the board, and when it came, in milliseconds since 1970. */
export interface CatalogEntry {
  readonly statement: Statement;
  readonly addedAt: number;
}

export interface StatusView {
  readonly status: StatementStatus;
  readonly detail?: string;
}

export interface CatalogComponents {
  /** In the order in which they came; it only grows. */
  readonly entries: () => Iterable<CatalogEntry>;
  readonly statusOf: (id: ContentId) => StatusView;
  /** Peers that say they work on it. */
  readonly workersOn: (id: ContentId) => number;
  readonly isWatched: (id: ContentId) => boolean;
}

type Filter = ParsedInput<'statements.list'>;
type Ordered = readonly CatalogEntry[];

/** After so many statements other work gets its turn. */
const SLICE = 4000;
const MAX_FACETS = 200;

/** Lists, filters and counts the statements that this node knows of. */
export class Catalog {
  readonly #components: CatalogComponents;
  /** The last list that was asked for: its further pages need not be filtered and sorted again. */
  #last: { readonly key: string; readonly version: number; readonly ordered: Ordered } | undefined;
  #version = 0;

  constructor(components: CatalogComponents) {
    this.#components = components;
  }

  /** Statements came or their status changed. */
  changed(): void {
    this.#version++;
  }

  async page(
    filter: Filter,
    signal: AbortSignal,
  ): Promise<{ items: StatementRow[]; next?: string; total: number }> {
    const { cursor, offset, limit, ...rest } = filter;
    const key = JSON.stringify(rest);
    const version = this.#version;
    if (this.#last?.key !== key || (cursor === undefined && this.#last.version !== version)) {
      this.#last = { key, version, ordered: await this.#ordered(filter, signal) };
    }
    const { ordered } = this.#last;
    if (offset !== undefined) {
      const entries = ordered.slice(offset, offset + limit);
      return { items: entries.map((entry) => this.row(entry)), total: ordered.length };
    }
    const after = cursor === undefined ? -1 : ordered.findIndex(({ statement }) => statement.id === cursor);
    if (cursor !== undefined && after < 0) {
      throw new ApiError('conflict', 'the list has changed meanwhile; read it again from its beginning');
    }
    const items = ordered.slice(after + 1, after + 1 + limit);
    const last = items.at(-1);
    const more = last !== undefined && after + 1 + limit < ordered.length;
    return {
      items: items.map((entry) => this.row(entry)),
      total: ordered.length,
      ...(more ? { next: last.statement.id } : {}),
    };
  }

  async facets(signal: AbortSignal): Promise<Facets> {
    const counts = {
      status: new Map<string, number>(),
      topic: new Map<string, number>(),
      difficulty: new Map<string, number>(),
      environment: new Map<string, number>(),
      dataset: new Map<string, number>(),
    };
    const count = (map: Map<string, number>, value: string | undefined): void => {
      if (value !== undefined) map.set(value, (map.get(value) ?? 0) + 1);
    };
    let total = 0;
    for (const { statement } of this.#components.entries()) {
      if (++total % SLICE === 0) await breathe(signal);
      count(counts.status, this.#components.statusOf(statement.id).status);
      count(counts.topic, statement.topic);
      count(counts.difficulty, statement.difficulty);
      count(counts.environment, describeEnvironment(statement.environment));
      count(counts.dataset, statement.source?.dataset);
    }
    return {
      total,
      status: ranked(counts.status, 10),
      topic: ranked(counts.topic, MAX_FACETS),
      difficulty: ranked(counts.difficulty, 10),
      environment: ranked(counts.environment, 50),
      dataset: ranked(counts.dataset, MAX_FACETS),
    };
  }

  row({ statement, addedAt }: CatalogEntry): StatementRow {
    const { status, detail } = this.#components.statusOf(statement.id);
    const workers = Math.min(MAX_WORKERS, this.#components.workersOn(statement.id));
    const { id, name, formal, informal, environment, topic, difficulty, source } = statement;
    return {
      id,
      name,
      formal: cut(formal),
      environment,
      status,
      addedAt,
      watched: this.#components.isWatched(id),
      ...(workers === 0 ? {} : { workers }),
      ...(informal === undefined ? {} : { informal: cut(informal) }),
      ...(topic === undefined ? {} : { topic }),
      ...(difficulty === undefined ? {} : { difficulty }),
      ...(source?.dataset === undefined ? {} : { dataset: source.dataset }),
      ...(detail === undefined ? {} : { detail: cut(detail, 2000) }),
    };
  }

  async #ordered(filter: Filter, signal: AbortSignal): Promise<Ordered> {
    const words = (filter.query ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const found: CatalogEntry[] = [];
    let seen = 0;
    for (const entry of this.#components.entries()) {
      if (++seen % SLICE === 0) await breathe(signal);
      if (this.#matches(entry.statement, filter, words)) found.push(entry);
    }
    switch (filter.sort) {
      case 'added':
        return found.reverse();
      case 'name':
        return found.sort((a, b) => compare(a.statement.name, b.statement.name));
      case 'difficulty':
        return found.sort((a, b) => rank(a.statement) - rank(b.statement));
    }
  }

  #matches(statement: Statement, filter: Filter, words: readonly string[]): boolean {
    if (filter.topic !== undefined && statement.topic !== filter.topic) return false;
    if (filter.difficulty !== undefined && statement.difficulty !== filter.difficulty) return false;
    if (filter.dataset !== undefined && statement.source?.dataset !== filter.dataset) return false;
    if (filter.environment !== undefined && describeEnvironment(statement.environment) !== filter.environment)
      return false;
    if (filter.watched !== undefined && this.#components.isWatched(statement.id) !== filter.watched)
      return false;
    if (filter.status !== undefined && filter.status.length > 0) {
      if (!filter.status.includes(this.#components.statusOf(statement.id).status)) return false;
    }
    if (words.length === 0) return true;
    const text = `${statement.name}\n${statement.formal}\n${statement.informal ?? ''}\n${statement.id}`;
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Those of unknown difficulty come last. */
const rank = ({ difficulty }: Statement): number =>
  difficulty === undefined ? DIFFICULTIES.length : DIFFICULTIES.indexOf(difficulty);

const ranked = (counts: ReadonlyMap<string, number>, most: number): { value: string; count: number }[] =>
  [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compare(a.value, b.value))
    .slice(0, most);

async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

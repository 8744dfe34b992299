import type { ContentId, PeerId, Statement } from '../../record/index.ts';
import { ElaborationQueue } from './elaboration-queue.ts';
import { isOf, priorityOf, withSource } from './sources.ts';
import type { BoardEvent, BoardItem, Elaboration, StatementSource, StatementState } from './types.ts';

const MAX_DETAIL = 2000;

type StoredState = Exclude<StatementState, 'claimed'>;

interface Item {
  readonly statement: Statement;
  readonly receivedAt: number;
  sources: readonly StatementSource[];
  state: StoredState;
  detail?: string;
  proof?: ContentId;
}

export interface RegisterComponents {
  readonly isClaimed: (id: ContentId) => boolean;
  /** The record in the bank that proves a statement. */
  readonly proofOf: (id: ContentId) => ContentId | undefined;
  /** Whom a stranger's statement counts for, when it waits to be elaborated. */
  readonly groupOf: (id: ContentId) => string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The statements on the board with their sources and states, and those that are asked for but not here yet. */
export class StatementRegister {
  readonly #components: RegisterComponents;
  readonly #items = new Map<ContentId, Item>();
  readonly #wanted = new Map<ContentId, readonly StatementSource[]>();
  readonly #queue = new ElaborationQueue();
  /** Statements that elaborated before, as long as somebody asks for them. */
  readonly #elaborated = new Set<ContentId>();
  readonly #listeners = new Set<(event: BoardEvent) => void>();

  constructor(components: RegisterComponents) {
    this.#components = components;
  }

  get elaboratedIds(): readonly ContentId[] {
    return [...this.#elaborated].filter((id) => this.#items.has(id) || this.#wanted.has(id));
  }

  /** Statements that wait to be elaborated. */
  get waiting(): number {
    return this.#queue.size;
  }

  get wantedCount(): number {
    return this.#wanted.size;
  }

  subscribe(listener: (event: BoardEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: BoardEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  get(id: ContentId): BoardItem | undefined {
    const item = this.#items.get(id);
    return item === undefined ? undefined : this.#show(item);
  }

  *entries(): Generator<BoardItem, void, undefined> {
    for (const item of this.#items.values()) yield this.#show(item);
  }

  wanted(limit: number): ContentId[] {
    return this.#wanted.keys().take(limit).toArray();
  }

  /** Whether a peer put it up, its body being here or not. */
  isAskedBy(id: ContentId, peer: PeerId): boolean {
    return (this.#items.get(id)?.sources ?? this.#wanted.get(id) ?? []).some(isOf(peer));
  }

  /** Somebody asks for a statement, whose body may be here or not. */
  addSource(id: ContentId, source: StatementSource): void {
    const item = this.#items.get(id);
    if (item === undefined) {
      this.#wanted.set(id, withSource(this.#wanted.get(id) ?? [], source));
      return;
    }
    item.sources = withSource(item.sources, source);
    this.#sourcesChanged(item);
  }

  /** Nobody asks for it any more, of those whom `gone` names. */
  dropSources(id: ContentId, gone: (source: StatementSource) => boolean): void {
    const item = this.#items.get(id);
    const left = (item?.sources ?? this.#wanted.get(id) ?? []).filter((source) => !gone(source));
    if (item === undefined) {
      if (left.length === 0) this.#wanted.delete(id);
      else this.#wanted.set(id, left);
      return;
    }
    if (left.length === item.sources.length) return;
    item.sources = left;
    if (left.length > 0) {
      this.#sourcesChanged(item);
      return;
    }
    this.#items.delete(id);
    this.#queue.remove(id);
    this.#elaborated.delete(id);
    if (item.state === 'open') this.emit({ type: 'closed', id, state: 'removed' });
  }

  /** Puts a body in its place; `sources` beside those that asked for it before. Returns whether anybody asks for it. */
  place(statement: Statement, sources: readonly StatementSource[] = []): boolean {
    const { id } = statement;
    if (this.#items.has(id)) return false;
    const all = sources.reduce(withSource, this.#wanted.get(id) ?? []);
    this.#wanted.delete(id);
    if (all.length === 0) return false;
    const item: Item = {
      statement,
      receivedAt: this.#components.now(),
      sources: all,
      state: 'unverified',
    };
    this.#items.set(id, item);
    const proof = this.#components.proofOf(id);
    if (proof !== undefined) this.close(id, 'solved', { proof });
    else if (this.#elaborated.has(id)) this.#open(item);
    else this.#enqueue(item);
    return true;
  }

  /** It is settled: whoever works on it may stop. */
  close(
    id: ContentId,
    state: 'solved' | 'disproved' | 'invalid',
    { detail, proof }: { readonly detail?: string; readonly proof?: ContentId },
  ): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    const wasOpen = item.state === 'open';
    item.state = state;
    if (detail !== undefined) item.detail = detail.slice(0, MAX_DETAIL);
    if (proof !== undefined) item.proof = proof;
    this.#queue.remove(id);
    if (wasOpen) this.emit({ type: 'closed', id, state });
  }

  nextToElaborate(): Statement | undefined {
    const id = this.#queue.next();
    return id === undefined ? undefined : this.#items.get(id)?.statement;
  }

  putBack(id: ContentId): void {
    const item = this.#items.get(id);
    if (item?.state === 'unverified') this.#enqueue(item);
  }

  elaborated(id: ContentId, result: Elaboration): void {
    const item = this.#items.get(id);
    if (item?.state !== 'unverified') return;
    switch (result.kind) {
      case 'elaborates':
        this.#elaborated.add(id);
        this.#open(item);
        return;
      case 'invalid':
        this.close(id, 'invalid', { detail: result.detail });
        return;
      case 'unsupported':
        return;
    }
  }

  /** Takes up what is known to elaborate from an earlier life of this node. */
  restoreElaborated(ids: readonly ContentId[]): void {
    for (const id of ids) this.#elaborated.add(id);
  }

  #open(item: Item): void {
    item.state = 'open';
    this.emit({ type: 'opened', item: this.#show(item) });
  }

  #enqueue({ statement, sources }: Item): void {
    if (sources.some(({ kind }) => kind !== 'submission')) {
      this.#queue.addCurated(statement.id, priorityOf(sources));
    } else {
      this.#queue.addStranger(statement.id, this.#components.groupOf(statement.id) ?? '');
    }
  }

  #sourcesChanged(item: Item): void {
    if (item.state === 'unverified') this.#enqueue(item);
    if (item.state === 'open') this.emit({ type: 'changed', item: this.#show(item) });
  }

  #show({ statement, receivedAt, sources, state, detail, proof }: Item): BoardItem {
    return {
      statement,
      receivedAt,
      sources,
      state: state === 'open' && this.#components.isClaimed(statement.id) ? 'claimed' : state,
      priority: priorityOf(sources),
      ...(detail === undefined ? {} : { detail }),
      ...(proof === undefined ? {} : { proof }),
    };
  }
}

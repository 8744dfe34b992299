import type { ContentId } from '../../record/index.ts';

const PRIORITIES = 10;

/**
 * Statements that wait to be elaborated: those of curators first, by priority, then strangers' in turn, one of each
 * group, so that nobody's flood makes others wait.
 */
export class ElaborationQueue {
  readonly #curated: Set<ContentId>[] = Array.from({ length: PRIORITIES }, () => new Set());
  /** In the order of their turns. */
  readonly #groups = new Map<string, Set<ContentId>>();
  readonly #groupOf = new Map<ContentId, string>();

  get size(): number {
    return this.#groupOf.size + this.#curated.reduce((sum, ids) => sum + ids.size, 0);
  }

  /** @param priority 0 to 9 */
  addCurated(id: ContentId, priority: number): void {
    this.remove(id);
    this.#curated[priority]?.add(id);
  }

  addStranger(id: ContentId, group: string): void {
    this.remove(id);
    this.#groupOf.set(id, group);
    const ids = this.#groups.get(group) ?? new Set();
    ids.add(id);
    this.#groups.set(group, ids);
  }

  remove(id: ContentId): void {
    for (const ids of this.#curated) ids.delete(id);
    const group = this.#groupOf.get(id);
    if (group === undefined) return;
    this.#groupOf.delete(id);
    const ids = this.#groups.get(group);
    ids?.delete(id);
    if (ids?.size === 0) this.#groups.delete(group);
  }

  /** Takes out the next one. */
  next(): ContentId | undefined {
    for (const ids of this.#curated.toReversed()) {
      const [id] = ids;
      if (id === undefined) continue;
      ids.delete(id);
      return id;
    }
    const [turn] = this.#groups;
    if (turn === undefined) return undefined;
    const [group, ids] = turn;
    const [id] = ids;
    if (id !== undefined) this.remove(id);
    // To the end of the line.
    if (this.#groups.delete(group)) this.#groups.set(group, ids);
    return id;
  }
}

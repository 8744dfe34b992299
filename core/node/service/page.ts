/**
 * One page of a list that is in memory. The cursor is the key of the last item seen; where that is gone, the page begins
 * anew.
 */
export function pageOf<T>(
  items: readonly T[],
  cursor: string | undefined,
  limit: number,
  keyOf: (item: T) => string,
): { items: T[]; next?: string; total: number } {
  const after = cursor === undefined ? -1 : items.findIndex((item) => keyOf(item) === cursor);
  const page = items.slice(after + 1, after + 1 + limit);
  const last = page.at(-1);
  const more = last !== undefined && after + 1 + page.length < items.length;
  return { items: page, total: items.length, ...(more ? { next: keyOf(last) } : {}) };
}

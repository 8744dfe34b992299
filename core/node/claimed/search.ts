import type { ClaimedProof } from '../../record/index.ts';
import type { ClaimedShelf } from './claimed-shelf.ts';

export interface ClaimedPage {
  readonly items: readonly ClaimedProof[];
  /** Where the next page begins; absent where there is none. */
  readonly next?: string;
}

export interface SearchClaimedOptions {
  /** Of the statement or the proof; all must be there. Case does not matter. */
  readonly words: readonly string[];
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Claimed records, newest first. Reads through the file: some thousand records a second. */
export async function searchClaimed(
  shelf: Pick<ClaimedShelf, 'keys' | 'read'>,
  { words, limit, cursor, signal }: SearchClaimedOptions,
): Promise<ClaimedPage> {
  const wanted = words.map((word) => word.toLowerCase());
  const keys = shelf.keys().sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  const from = cursor === undefined ? 0 : keys.findIndex(({ id }) => id === cursor) + 1;
  const items: ClaimedProof[] = [];
  for (const { id } of keys.slice(from)) {
    signal?.throwIfAborted();
    const claim = await shelf.read(id);
    if (claim === undefined || !matches(claim, wanted)) continue;
    // One more than asked for says that there is another page.
    if (items.length === limit) return withNext(items);
    items.push(claim);
  }
  return { items };
}

function withNext(items: readonly ClaimedProof[]): ClaimedPage {
  const last = items.at(-1);
  return last === undefined ? { items } : { items, next: last.signed.id };
}

function matches({ signed, statement }: ClaimedProof, words: readonly string[]): boolean {
  const text = `${statement.name}\n${statement.formal}\n${signed.record.submission}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

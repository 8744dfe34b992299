import type { Bank } from '../../memory/index.ts';
import type { HeldRecord, RecordKey, RecordStore } from '../../network/index.ts';
import type { ContentId } from '../../record/index.ts';
import type { ClaimedShelf } from '../claimed/index.ts';
import type { Verifier } from './verifier.ts';

export interface BankStoreComponents {
  readonly bank: Bank;
  /** Whether the bank holds a record: at hand, as peers ask of thousands. */
  readonly holds: (id: ContentId) => boolean;
  readonly shelf: ClaimedShelf;
  readonly verifier: Pick<Verifier, 'knows' | 'put'>;
  /** Is told, once, which records are held and cannot be read: they are not to be offered any more. */
  readonly onUnreadable: (keys: readonly RecordKey[]) => void;
  /** Milliseconds of any monotonic clock. */
  readonly now?: () => number;
}

/** Records that are held are damaged; they are no longer passed on. */
export class UnreadableRecordsError extends Error {
  override readonly name = 'UnreadableRecordsError';
  readonly ids: readonly ContentId[];

  constructor(ids: readonly ContentId[]) {
    super(`damaged, and no longer passed on: ${ids.join(', ')}`);
    this.ids = ids;
  }
}

const BATCH = 5000;
/** Another process may have written a proof and not yet its statement: only what cannot be read for so long is damaged. */
const DAMAGED_AFTER_MS = 60_000;

/** What this node passes on: its bank, which its own kernel has accepted, and what it keeps as claimed. */
export function bankStore({
  bank,
  holds,
  shelf,
  verifier,
  onUnreadable,
  now = () => performance.now(),
}: BankStoreComponents): RecordStore {
  const isHeld = (id: ContentId): boolean => holds(id) || shelf.has(id);
  const unreadable = new Set<ContentId>();
  const allKeys = async (): Promise<RecordKey[]> => [...(await bank.keys()), ...shelf.keys()];
  /** Since when it could not be read. */
  const missed = new Map<ContentId, number>();
  const tell = async (ids: readonly ContentId[]): Promise<void> => {
    const damaged = new Set<ContentId>();
    for (const id of ids) {
      const since = missed.get(id) ?? now();
      missed.set(id, since);
      if (now() - since >= DAMAGED_AFTER_MS && !unreadable.has(id)) damaged.add(id);
    }
    if (damaged.size === 0) return;
    const keys = (await allKeys()).filter(({ id }) => damaged.has(id));
    for (const id of damaged) unreadable.add(id);
    onUnreadable(keys);
  };
  return {
    async *keys({ signal }) {
      const keys = (await allKeys()).filter(({ id }) => !unreadable.has(id));
      keys.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      for (let at = 0; at < keys.length; at += BATCH) {
        signal?.throwIfAborted();
        yield keys.slice(at, at + BATCH);
      }
    },

    async read(ids): Promise<ReadonlyMap<ContentId, HeldRecord | 'unreadable'>> {
      const found = new Map<ContentId, HeldRecord | 'unreadable'>();
      const inBank = ids.filter(holds);
      for (const claim of inBank.length > 0 ? await bank.proven(inBank) : []) {
        found.set(claim.signed.id, { claim, vouched: true });
      }
      for (const id of ids) {
        const claim = found.has(id) ? undefined : await shelf.read(id);
        if (claim !== undefined) found.set(id, { claim, vouched: false });
      }
      for (const id of found.keys()) missed.delete(id);
      const lacking = ids.filter((id) => !found.has(id) && isHeld(id));
      for (const id of lacking) found.set(id, 'unreadable');
      await tell(lacking);
      return found;
    },

    missing: (ids, { from }) => Promise.resolve(ids.filter((id) => !isHeld(id) && !verifier.knows(id, from))),

    // Of several peers that were asked for it, another may have given it meanwhile.
    claim: (record, { signal }) =>
      isHeld(record.claim.signed.id)
        ? Promise.resolve()
        : verifier.put(record, signal ?? new AbortController().signal),
  };
}

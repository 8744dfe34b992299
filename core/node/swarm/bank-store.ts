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
  readonly verifier: Verifier;
}

const BATCH = 5000;

/** What this node passes on: its bank, which its own kernel has accepted, and what it keeps as claimed. */
export function bankStore({ bank, holds, shelf, verifier }: BankStoreComponents): RecordStore {
  const isHeld = (id: ContentId): boolean => holds(id) || shelf.has(id);
  return {
    async *keys({ signal }) {
      const keys: RecordKey[] = [...(await bank.keys()), ...shelf.keys()];
      keys.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      for (let at = 0; at < keys.length; at += BATCH) {
        signal?.throwIfAborted();
        yield keys.slice(at, at + BATCH);
      }
    },

    async read(ids): Promise<ReadonlyMap<ContentId, HeldRecord>> {
      const found = new Map<ContentId, HeldRecord>();
      const inBank = ids.filter(holds);
      for (const claim of inBank.length > 0 ? await bank.proven(inBank) : []) {
        found.set(claim.signed.id, { claim, vouched: true });
      }
      for (const id of ids) {
        const claim = found.has(id) ? undefined : await shelf.read(id);
        if (claim !== undefined) found.set(id, { claim, vouched: false });
      }
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

import type { ContentId, PeerId } from '../../record/index.ts';
import type { BodyKind } from '../records/ask.ts';
import type { AbortOptions, RecordKey } from '../store.ts';

/**
 * A set of small signed records beside the proofs, which is reconciled as they are: who was away learns all of it, and
 * two nodes that hold the same say so in one round trip. Bodies go by the records protocol, under the kind's name.
 */
export interface SideSet<T = unknown> {
  readonly kind: BodyKind<T>;
  /** Keys of all that this node passes on, in batches. Read once, at the start. */
  keys(options: AbortOptions): AsyncIterable<readonly RecordKey[]>;
  /** Those of these ids that are wanted: neither held nor refused. */
  missing(ids: readonly ContentId[]): readonly ContentId[];
  /** Takes what came; its id and signature have been checked. What is kept is then told with `sideRecordsAdded`. */
  take(body: T, from: PeerId): Promise<void>;
  /** Calls with the keys of what is no longer passed on, from now on; returns how to stop it. */
  onRemoved(listener: (keys: readonly RecordKey[]) => void): () => void;
}

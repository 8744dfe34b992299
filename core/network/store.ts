import type { ClaimedProof, ContentId, PeerId } from '../record/index.ts';

export interface AbortOptions {
  readonly signal?: AbortSignal;
}

export interface MissingOptions extends AbortOptions {
  /** Who offers them; anybody unless set. */
  readonly from?: PeerId;
}

/** A record's place in the order in which peers reconcile: creation time, then id. */
export interface RecordKey {
  readonly id: ContentId;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A record as this node passes it on. */
export interface HeldRecord {
  readonly claim: ClaimedProof;
  /** Whether this node's own kernel accepted it. A peer answers for what it vouches for. */
  readonly vouched: boolean;
}

/** A record as it came in; ids and signatures have been checked, the proof has not. */
export interface ReceivedRecord {
  readonly claim: ClaimedProof;
  readonly from: PeerId;
  /** Whether the sender says that its own kernel accepted the proof. */
  readonly vouched: boolean;
}

/**
 * What the network needs of the bank and of the queue of records to verify; `core/node` fills it in. Every call is to
 * reject soon after its signal aborts: stopping waits for it.
 */
export interface RecordStore {
  /** Keys of every record that this node passes on, in batches; best in ascending order. Read once, at the start. */
  keys(options: AbortOptions): AsyncIterable<readonly RecordKey[]>;

  /** Those of these that this node holds; `unreadable` where it cannot give what it has said that it holds. */
  read(
    ids: readonly ContentId[],
    options: AbortOptions,
  ): Promise<ReadonlyMap<ContentId, HeldRecord | 'unreadable'>>;

  /**
   * Those of these ids that are to be fetched: that this node neither holds nor has refused. What it has waiting to be
   * verified, it may want of another peer as well, and never twice of the same.
   */
  missing(ids: readonly ContentId[], options: MissingOptions): Promise<readonly ContentId[]>;

  /** Takes a received record. Resolves when there is room for the next one: waiting is the back-pressure. */
  claim(record: ReceivedRecord, options: AbortOptions): Promise<void>;
}

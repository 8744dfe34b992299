import type { ClaimedProof, ContentId } from '../../../core/record/index.ts';
import type { HeldRecord, ReceivedRecord, RecordKey, RecordStore } from '../../../core/network/index.ts';
import { keyOf } from './claims.ts';

/** A store in memory which, like the bank, takes what its judge accepts and remembers what it refused. */
export class MemoryStore implements RecordStore {
  readonly held = new Map<ContentId, HeldRecord>();
  readonly refused = new Set<ContentId>();
  readonly received: ReceivedRecord[] = [];
  /** Called with what was taken; set by whoever tells the network. */
  onHeld: (keys: readonly RecordKey[]) => void = () => undefined;
  onVerdict: (record: ReceivedRecord, accepted: boolean) => void = () => undefined;
  judge: (claim: ClaimedProof) => boolean | Promise<boolean> = () => true;

  constructor(claims: readonly ClaimedProof[] = []) {
    for (const claim of claims) this.put(claim);
  }

  put(claim: ClaimedProof, vouched = true): void {
    this.held.set(claim.signed.id, { claim, vouched });
    this.onHeld([keyOf(claim)]);
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async *keys(): AsyncGenerator<readonly RecordKey[]> {
    yield [...this.held.values()].map(({ claim }) => keyOf(claim));
  }

  read(ids: readonly ContentId[]): Promise<ReadonlyMap<ContentId, HeldRecord>> {
    const found = ids.flatMap((id) => {
      const record = this.held.get(id);
      return record === undefined ? [] : [[id, record] as const];
    });
    return Promise.resolve(new Map(found));
  }

  missing(ids: readonly ContentId[]): Promise<readonly ContentId[]> {
    return Promise.resolve(ids.filter((id) => !this.held.has(id) && !this.refused.has(id)));
  }

  async claim(record: ReceivedRecord): Promise<void> {
    this.received.push(record);
    const accepted = await this.judge(record.claim);
    if (accepted) this.put(record.claim);
    else this.refused.add(record.claim.signed.id);
    this.onVerdict(record, accepted);
  }

  get ids(): string[] {
    return [...this.held.keys()].sort();
  }
}

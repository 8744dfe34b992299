import type { AttestationView } from '../../api/index.ts';
import {
  ATTESTATION_ANNOUNCEMENT,
  type Network,
  type ReadBody,
  type RecordKey,
  type SideSet,
} from '../../network/index.ts';
import {
  decodeAttestation,
  encodeAttestation,
  type ContentId,
  type SignedAttestation,
} from '../../record/index.ts';
import type { AttestationFile } from './attestation-file.ts';
import { Declined } from './declined.ts';
import { ATTESTATION_BODY } from './kinds.ts';

export interface AttestationsComponents {
  readonly file: AttestationFile;
  /** Whether this node has the record, believed or not: what it has not could not be looked up. */
  readonly holds: (record: ContentId) => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Written at one time: as one peer has them by the thousand, none waits for the disk alone. */
const MAX_TAKING = 256;
/** Of records that are not here yet, or will never be. */
const DECLINED_MS = 10 * 60_000;

const keyOf = ({ id, record }: SignedAttestation): RecordKey => ({ id, createdAt: record.createdAt });

/** Who re-checked which record, as far as is known: heard by gossip, and learnt by reconciliation by those who were away. */
export class Attestations {
  readonly #components: AttestationsComponents;
  readonly #declined = new Declined(DECLINED_MS);
  readonly #taking = new Set<Promise<void>>();
  #network: Network | undefined;

  constructor(components: AttestationsComponents) {
    this.#components = components;
    // Peers that have not come so far still offer it.
    components.file.onDropped(({ id }) => this.#declined.add(id));
  }

  readonly body: ReadBody = (id) => {
    const found = this.#components.file.get(id);
    return Promise.resolve(found && { bytes: encodeAttestation(found), vouched: false });
  };

  set(): SideSet<SignedAttestation> {
    const { file } = this.#components;
    return {
      kind: ATTESTATION_BODY,
      keys: () => ReadableStream.from([[...file.all()].map(keyOf)]),
      missing: (ids) => ids.filter((id) => !file.has(id) && !this.#declined.has(id)),
      take: (attestation) => this.#takeSoon(attestation),
      onRemoved: (listener) => file.onDropped((dropped) => listener([keyOf(dropped)])),
    };
  }

  join(network: Network): void {
    this.#network = network;
    network.on(ATTESTATION_ANNOUNCEMENT, ({ body }) => {
      this.#take(decodeAttestation(body.attestation)).catch(this.#components.onFault);
    });
  }

  /** Resolves when what was taken is on disk. */
  stop(): Promise<void> {
    return this.#components.file.settled();
  }

  of(record: ContentId): AttestationView[] {
    return this.#components.file
      .of(record)
      .map(({ record: { peer, checker, createdAt } }) => ({ peer, checker, createdAt }));
  }

  /** On disk, and passed on, when it resolves. */
  async add(attestation: SignedAttestation): Promise<boolean> {
    if (!(await this.#components.file.add(attestation))) return false;
    this.#network?.sideRecordsAdded(ATTESTATION_BODY.name, [keyOf(attestation)]);
    return true;
  }

  /** Resolves while it is written. @throws why one before could not be: then the rest need not be fetched */
  async #takeSoon(attestation: SignedAttestation): Promise<void> {
    const taking = this.#take(attestation).finally(() => this.#taking.delete(taking));
    this.#taking.add(taking);
    taking.catch(() => undefined);
    if (this.#taking.size >= MAX_TAKING) await Promise.race(this.#taking);
  }

  async #take(attestation: SignedAttestation): Promise<void> {
    const { file, holds } = this.#components;
    const taken = holds(attestation.record.record) && (await this.add(attestation));
    if (!taken && !file.has(attestation.id)) this.#declined.add(attestation.id);
  }
}

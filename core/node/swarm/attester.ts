import { ATTESTATION_ANNOUNCEMENT, type Network } from '../../network/index.ts';
import {
  encodeAttestation,
  signAttestation,
  type CheckerIdentity,
  type ContentId,
  type Environment,
  type Identity,
  type SignedAttestation,
} from '../../record/index.ts';
import type { Attestations } from './attestations.ts';

export interface AttesterComponents {
  readonly identity: Identity;
  readonly attestations: Pick<Attestations, 'add' | 'of'>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** If every node said it of every record, most of what is said in a large swarm would be that. */
const ENOUGH = 4;
/** Within this time it is said, so that most nodes hear it from others before. */
const LONGEST_DELAY_MS = 3000;
const TICK_MS = 500;
/** Of further records it is not said, as a node that joins checks thousands. */
const MAX_WAITING = 200;
/** What could not be written, as on a full disk, is tried again so often. */
const RETRY_MS = 30_000;
/** Of further ones that cannot be written only the trouble is told. */
const MAX_UNWRITTEN = 10_000;

/** Keeps, signed, which records this node has re-checked, and says so where few others have. */
export class Attester {
  readonly #components: AttesterComponents;
  /** When it is to be said, on the clock of `performance.now`. */
  readonly #waiting = new Map<
    ContentId,
    { readonly dueAt: number; readonly attestation: SignedAttestation; readonly environment: Environment }
  >();
  readonly #unwritten = new Set<SignedAttestation>();
  #network: Pick<Network, 'announce'> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #isRetrying = false;

  constructor(components: AttesterComponents) {
    this.#components = components;
  }

  join(network: Pick<Network, 'announce'>): void {
    this.#network = network;
    this.#timer = setInterval(() => this.#sayOne(), TICK_MS);
    this.#timer.unref();
    this.#retryTimer = setInterval(() => void this.#retry(), RETRY_MS);
    this.#retryTimer.unref();
  }

  leave(): void {
    clearInterval(this.#timer);
    clearInterval(this.#retryTimer);
    this.#waiting.clear();
  }

  /** This node's kernel has accepted a record. @throws why it could not be written, which is tried again later */
  async attest(
    record: ContentId,
    { checker, environment }: { readonly checker: CheckerIdentity; readonly environment: Environment },
  ): Promise<void> {
    const { identity, attestations, random } = this.#components;
    const attestation = signAttestation(
      { record, checker, peer: identity.peer, createdAt: Date.now() },
      identity,
    );
    if (this.#waiting.size < MAX_WAITING) {
      const dueAt = performance.now() + random() * LONGEST_DELAY_MS;
      this.#waiting.set(record, { dueAt, attestation, environment });
    }
    try {
      await attestations.add(attestation);
    } catch (error) {
      if (this.#unwritten.size < MAX_UNWRITTEN) this.#unwritten.add(attestation);
      throw error;
    }
  }

  /** One after another: what is still being written counts as known already, and may yet fail. */
  async #retry(): Promise<void> {
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    const unwritten = [...this.#unwritten];
    const tried = await Promise.allSettled(unwritten.map((one) => this.#components.attestations.add(one)));
    for (const [n, one] of unwritten.entries())
      if (tried[n]?.status === 'fulfilled') this.#unwritten.delete(one);
    this.#isRetrying = false;
  }

  /** One at a time: a node that says much is taken for a flood. That nobody hears it is no harm. */
  #sayOne(): void {
    const { identity, attestations } = this.#components;
    const now = performance.now();
    for (const [record, { dueAt, attestation, environment }] of this.#waiting) {
      if (dueAt > now) continue;
      this.#waiting.delete(record);
      if (attestations.of(record).filter(({ peer }) => peer !== identity.peer).length >= ENOUGH) continue;
      const body = { attestation: new Uint8Array(encodeAttestation(attestation)) };
      this.#network?.announce(ATTESTATION_ANNOUNCEMENT, body, environment).catch(() => undefined);
      return;
    }
  }
}

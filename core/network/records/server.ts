import { encodeClaim, type PeerId } from '../../record/index.ts';
import { PeerTooSlowError, ProtocolViolationError } from '../errors.ts';
import type { Offence } from '../reputation/offences.ts';
import type { Patience } from '../reputation/patience.ts';
import type { RecordStore } from '../store.ts';
import type { FrameChannel } from '../wire/channel.ts';
import { Buckets, type Rate } from '../wire/token-bucket.ts';
import { PROOF_KIND } from './protocol.ts';
import { oneByOne, serveRecords, type ReadBodies, type ReadBody } from './serve.ts';
import { UploadLimit } from './upload-limit.ts';

export interface RecordsServerComponents {
  readonly store: RecordStore;
  /** Kinds of bodies beside proofs. */
  readonly bodies: ReadonlyMap<string, ReadBody>;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly patience: Patience;
  /** What all peers together may have, in bytes a second; undefined where there is no limit. */
  readonly uploadLimit?: () => number | undefined;
}

export interface RecordsServerInit {
  readonly bytesPerPeer: Rate;
  readonly frameTimeoutMs: number;
  /** For all that this node waits for in an answer, and others most likely as well. */
  readonly answerTimeoutMs: number;
}

/** Requests that are answered at once, of all peers together. */
const MAX_SERVED = 32;
/** And of one peer, over however many connections: others are to be served beside it. */
const MAX_SERVED_PER_PEER = 4;
/** Where so many are answered, those to come are of peers that are not served yet: a few slow ones do not take all. */
const SERVED_FREELY = MAX_SERVED / 2;
/** An answer to a slow peer ends in good order, well before the peer would give it up. */
const PART_OF_ANSWER_TIMEOUT = 2 / 3;

/** Answers requests for records. */
export class RecordsServer {
  readonly #components: RecordsServerComponents;
  readonly #init: RecordsServerInit;
  readonly #kinds: ReadonlyMap<string, ReadBodies>;
  readonly #buckets: Buckets;
  readonly #upload: UploadLimit;
  readonly #served = new Map<Promise<void>, PeerId>();
  readonly #stopping = new AbortController();

  constructor(components: RecordsServerComponents, init: RecordsServerInit) {
    this.#components = components;
    this.#init = init;
    this.#buckets = new Buckets(init.bytesPerPeer);
    this.#upload = new UploadLimit(components.uploadLimit ?? (() => undefined));
    const others = [...components.bodies].map(([kind, read]) => [kind, oneByOne(read)] as const);
    const readProofs: ReadBodies = async (ids, options) => {
      const held = await components.store.read(ids, options);
      return new Map(
        [...held].map(([id, record]) => [
          id,
          record === 'unreadable' ? record : { bytes: encodeClaim(record.claim), vouched: record.vouched },
        ]),
      );
    };
    this.#kinds = new Map([...others, [PROOF_KIND, readProofs]]);
  }

  async serve(peer: PeerId, channel: FrameChannel): Promise<void> {
    if (!this.#mayServe(peer)) {
      channel.abort(new Error('busy'));
      return;
    }
    const served = this.#serve(peer, channel).finally(() => this.#served.delete(served));
    this.#served.set(served, peer);
    await served;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the network is being stopped'));
    await Promise.all(this.#served.keys());
  }

  /** Blames a peer for an error, where it is to blame, and leaves it alone for a while where it was too slow. */
  blameFor(peer: PeerId, error: unknown): void {
    const { penalise, patience } = this.#components;
    if (error instanceof ProtocolViolationError) penalise(peer, error.offence, error.message);
    if (error instanceof PeerTooSlowError) patience.tooSlow(peer, error.message);
  }

  #mayServe(peer: PeerId): boolean {
    if (this.#stopping.signal.aborted || this.#served.size >= MAX_SERVED) return false;
    const own = [...this.#served.values()].filter((served) => served === peer).length;
    const most = this.#served.size < SERVED_FREELY ? MAX_SERVED_PER_PEER : 1;
    return own < most && this.#components.patience.restLeft(peer) === 0;
  }

  async #serve(peer: PeerId, channel: FrameChannel): Promise<void> {
    try {
      const bucket = this.#buckets.of(peer);
      const { frameTimeoutMs } = this.#init;
      const answerTimeoutMs = this.#init.answerTimeoutMs * PART_OF_ANSWER_TIMEOUT;
      await serveRecords(
        { kinds: this.#kinds, channel, bucket, upload: this.#upload },
        { frameTimeoutMs, answerTimeoutMs, signal: this.#stopping.signal },
      );
    } catch (error) {
      channel.abort(error as Error);
      this.blameFor(peer, error);
    }
  }
}

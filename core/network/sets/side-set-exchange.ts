import type { Connection, Stream } from '@libp2p/interface';
import type { ContentId, PeerId } from '../../record/index.ts';
import type { Emit } from '../events.ts';
import type { SwarmNode } from '../node/create-node.ts';
import type { Answer, BodyKind } from '../records/ask.ts';
import { MAX_REQUESTED } from '../records/protocol.ts';
import type { Offence } from '../reputation/offences.ts';
import type { Patience } from '../reputation/patience.ts';
import type { NetworkSettings } from '../settings.ts';
import type { RecordKey } from '../store.ts';
import { RecordIndex } from '../sync/record-index.ts';
import type { Taken } from '../sync/session.ts';
import { SYNC_PROTOCOL, Syncer } from '../sync/syncer.ts';
import { idOf } from '../wire/digest.ts';
import type { StreamChannel } from '../wire/stream-channel.ts';
import type { StreamGate } from '../wire/stream-gate.ts';
import { Absent } from './absent.ts';
import type { SideSet } from './side-set.ts';

export interface SideSetComponents {
  readonly node: SwarmNode;
  readonly set: SideSet;
  readonly emit: Emit;
  readonly now: () => number;
  readonly open: (peer: PeerId, protocol: string, signal: AbortSignal) => Promise<StreamChannel>;
  readonly fetch: (
    kind: BodyKind<unknown>,
    ids: readonly ContentId[],
    peer: PeerId,
    signal: AbortSignal,
  ) => Promise<Answer<unknown>>;
  readonly penalise: (peer: PeerId, offence: Offence, detail: string) => void;
  readonly patience: Patience;
  readonly gate: StreamGate;
}

/** Ids of one peer that wait to be fetched; what is beyond is found again by the next reconciliation. */
const MAX_WAITING = 4096;
/** Of a peer that named what it does not give, before it is asked for that again. */
const ABSENT_MS = 10 * 60_000;

/** Keeps one side set equal with the peers', without a word to the faces but where its keys cannot be read. */
export class SideSetExchange {
  readonly #components: SideSetComponents;
  readonly #protocol: string;
  readonly #index: RecordIndex;
  readonly #syncer: Syncer;
  /** What is to be fetched from each peer, and the work of doing so. */
  readonly #waiting = new Map<PeerId, Set<ContentId>>();
  readonly #fetching = new Map<PeerId, Promise<void>>();
  readonly #absent = new Absent(ABSENT_MS);
  /** Bodies that each peer has given: naming costs it nothing. */
  readonly #given = new Map<PeerId, number>();
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;

  constructor(components: SideSetComponents, settings: NetworkSettings) {
    const { set, now, open, penalise, patience } = components;
    this.#components = components;
    this.#protocol = `${SYNC_PROTOCOL}/${set.kind.name}`;
    const emit = (): void => undefined;
    this.#index = new RecordIndex({
      store: set,
      emit: (event) => {
        if (event.type !== 'index-failed') return;
        components.emit({ ...event, reason: `${set.kind.name}: ${event.reason}` });
      },
    });
    this.#syncer = new Syncer(
      {
        set: this.#index.set,
        emit,
        penalise,
        patience,
        now,
        open: (peer, signal) => open(peer, this.#protocol, signal),
        onClock: () => undefined,
        onNeeded: (peer, digests) => Promise.resolve(this.#need(peer, digests)),
        mayBegin: (peer) => this.#index.isBuilt && !this.#fetching.has(peer),
      },
      settings.sync,
    );
  }

  /** The node must be started. */
  async start(): Promise<void> {
    const { node, set } = this.#components;
    await node.handle(this.#protocol, (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: 2,
      runOnLimitedConnection: true,
    });
    await node.register(this.#protocol, {
      notifyOnLimitedConnection: true,
      onConnect: (peer, connection) => this.#syncer.add(peer.toString(), connection),
    });
    this.#unsubscribe = set.onRemoved((keys) => this.#index.remove(keys));
    // What cannot be read now is passed on later; the records themselves go without it.
    this.#index.start(this.#stopping.signal);
    this.#syncer.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the network is being stopped'));
    await this.#syncer.stop();
    await Promise.all(this.#fetching.values());
    this.#unsubscribe?.();
    this.#index.close();
  }

  forget(peer: PeerId): void {
    this.#syncer.remove(peer);
    this.#waiting.delete(peer);
    this.#absent.forget(peer);
    this.#given.delete(peer);
  }

  added(keys: readonly RecordKey[]): void {
    this.#index.add(keys);
    this.#syncer.spread();
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const admitted = this.#components.gate.admit(stream, connection);
    if (admitted === undefined) return;
    const { peer, channel } = admitted;
    if (this.#index.isBuilt) await this.#syncer.serve(peer, stream, channel);
    else channel.abort(new Error('the index is being built'));
  }

  #need(peer: PeerId, digests: readonly Uint8Array[]): Taken {
    const waiting = this.#waiting.get(peer) ?? new Set<ContentId>();
    for (const id of this.#components.set.missing(digests.map(idOf))) {
      if (waiting.size < MAX_WAITING && !this.#absent.has(peer, id)) waiting.add(id);
    }
    const taken = { room: waiting.size < MAX_WAITING, proved: this.#given.get(peer) ?? 0 };
    if (waiting.size === 0) return taken;
    this.#waiting.set(peer, waiting);
    if (!this.#fetching.has(peer)) {
      const fetching = this.#fetchAll(peer, waiting).finally(() => {
        this.#fetching.delete(peer);
        this.#waiting.delete(peer);
      });
      this.#fetching.set(peer, fetching);
    }
    return taken;
  }

  async #fetchAll(peer: PeerId, waiting: Set<ContentId>): Promise<void> {
    const { set, fetch } = this.#components;
    const { signal } = this.#stopping;
    try {
      while (waiting.size > 0) {
        const ids = [...waiting].slice(0, MAX_REQUESTED);
        // Another peer may have given them meanwhile, and a request for nothing is none.
        const missing = set.missing(ids);
        const answer = missing.length === 0 ? undefined : await fetch(set.kind, missing, peer, signal);
        // What a peer that is gone said is of no use, and nobody would forget it.
        if (answer !== undefined && this.#waiting.get(peer) === waiting) {
          this.#absent.add(peer, [...answer.absent, ...answer.tooLarge]);
          if (answer.bodies.length > 0)
            this.#given.set(peer, (this.#given.get(peer) ?? 0) + answer.bodies.length);
        }
        for (const { body } of answer?.bodies ?? []) await set.take(body, peer);
        // Not before: what is named again meanwhile is on its way.
        for (const id of ids) waiting.delete(id);
        if (answer?.error !== undefined) return;
      }
    } catch {
      // The peer is gone, or this node is stopping: what is left is found again.
    }
  }
}

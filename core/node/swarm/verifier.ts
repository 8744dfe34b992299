import { UnjudgeableError } from '../../lean/index.ts';
import type { ReceivedRecord } from '../../network/index.ts';
import type {
  CheckerIdentity,
  CheckOptions,
  CheckOutcome,
  ContentId,
  Environment,
  PeerId,
  SignedProof,
  Statement,
  VerifiedProof,
} from '../../record/index.ts';
import type { ClaimedShelf } from '../claimed/index.ts';
import { Declined } from './declined.ts';
import { FairQueue } from './fair-queue.ts';
import { PutOff } from './put-off.ts';
import { Rests, type InVain } from './rests.ts';

/** What this node's kernel has said of a record, by which checker and in which environment. */
export type JudgedRecord =
  | { readonly kind: 'accepted'; readonly checker: CheckerIdentity; readonly environment: Environment }
  | { readonly kind: 'refused'; readonly detail: string };

/** Lean, as far as records of peers are judged with it. */
export interface RecordChecker {
  supports(environment: Environment): boolean;
  check(statement: Statement, submission: string, options: CheckOptions): Promise<CheckOutcome>;
}

export interface VerifierComponents {
  readonly checker: RecordChecker;
  readonly shelf: ClaimedShelf;
  /** Keeps an accepted proof; it is on disk when it resolves. */
  readonly keep: (proof: VerifiedProof, signed: SignedProof) => Promise<void>;
  /** A record is kept as claimed. */
  readonly onClaimed: (signed: SignedProof) => void;
  /**
   * This node's kernel has decided; those who vouched answer for it, and in a small way who passed it on without: it may have
   * been unable to judge it.
   */
  readonly onVerdict: (
    signed: SignedProof,
    vouching: readonly PeerId[],
    outcome: JudgedRecord,
    passedOnBy?: PeerId,
  ) => void;
  /** A fault of this node's: the record is dropped, and comes again with the next reconciliation. */
  readonly onFault: (error: unknown) => void;
  /**
   * Why a record is not wanted, whatever Lean says; undefined where it is.
   * @param writing accepted records that are on their way into the bank
   */
  readonly unwanted: (
    signed: SignedProof,
    writing: Iterable<SignedProof>,
  ) => 'for-good' | 'for-now' | undefined;
  /** Whether this user or a curator that the user trusts has put a statement up. */
  readonly isChosen: (statement: ContentId) => boolean;
  /** What the user works on comes first. */
  readonly isUrgent: (statement: ContentId) => boolean;
  readonly onChange: () => void;
  /** Milliseconds of any monotonic clock; `performance.now` unless set. */
  readonly now?: () => number;
}

export interface VerifierInit {
  /** Records that wait. */
  readonly capacity: number;
  readonly timeoutMs: number;
  /** Records that are judged at one time; fewer than Lean has workers, as each may take all of `timeoutMs`. */
  readonly lanes: number;
}

const MAX_REFUSED = 100_000;
/** Of one peer that wait without its word for them, and of one that rests: enough to keep Lean busy. */
const SMALL_SHARE = 64;
/** What is not wanted now is not fetched again for so long. */
const DECLINED_MS = 3_600_000;
/** Accepted proofs on their way to the disk, where they are written together. */
const MAX_WRITING = 64;

/** An accepted proof that is being written; rejects where it could not be. */
interface Writing {
  readonly written: Promise<void>;
}

/** Puts received records through this node's own Lean; nothing is believed before. While one is written others are judged. */
export class Verifier {
  readonly #components: VerifierComponents;
  readonly #init: VerifierInit;
  readonly #queue: FairQueue<ReceivedRecord>;
  readonly #smallShare: number;
  readonly #rests: Rests;
  readonly #refused = new Set<ContentId>();
  readonly #declined = new Declined(DECLINED_MS);
  readonly #putOff: PutOff;
  readonly #stopping = new AbortController();
  readonly #lanes: readonly Promise<void>[];
  readonly counts = { accepted: 0, refused: 0, running: 0 };
  readonly #current = new Set<ContentId>();
  readonly #writing = new Set<Promise<void>>();
  readonly #accepted = new Set<SignedProof>();

  constructor(components: VerifierComponents, init: VerifierInit) {
    this.#components = components;
    this.#init = init;
    const now = components.now ?? ((): number => performance.now());
    this.#rests = new Rests(now);
    this.#putOff = new PutOff(now);
    const share = Math.ceil(init.capacity / 2);
    this.#smallShare = Math.min(SMALL_SHARE, share);
    const isResting = (peer: PeerId): boolean => this.#rests.isResting(peer);
    this.#queue = new FairQueue({
      capacity: init.capacity,
      share: (peer, { vouched }) => (vouched && !isResting(peer) ? share : this.#smallShare),
      isResting,
      isUrgent: ({ claim }) => components.isUrgent(claim.statement.id),
    });
    this.#lanes = Array.from({ length: init.lanes }, () => this.#work());
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Whether a record is waiting, being judged, was refused, or was declined or put off and is not wanted yet.
   * @param from whom it could be had of: one that only waits, behind what another sent, is wanted of this peer as well
   */
  knows(id: ContentId, from?: PeerId): boolean {
    if (this.#isDone(id)) return true;
    if (from === undefined) return this.#queue.has(id);
    return this.#queue.isAwaited(id, from) || this.#isOverfull(from);
  }

  /** Resolves when there is room for the next one. @throws the signal's reason */
  async put(record: ReceivedRecord, signal: AbortSignal): Promise<void> {
    const { id } = record.claim.signed;
    if (this.#isDone(id)) return;
    const both = AbortSignal.any([signal, this.#stopping.signal]);
    await this.#queue.put({ key: id, account: record.from, item: record }, both);
    this.#components.onChange();
  }

  /**
   * A peer was cut off: Lean's time is not spent on what else it sent. What of it is true comes again with the next
   * reconciliation, from others.
   */
  drop(peer: PeerId): void {
    this.#queue.drop(peer);
    this.#components.onChange();
  }

  /** What waits is dropped: it comes again with the next reconciliation. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'));
    await Promise.all(this.#lanes);
    await Promise.all(this.#writing);
  }

  /** Being judged, or judged already, or not to be judged yet. */
  #isDone(id: ContentId): boolean {
    return this.#current.has(id) || this.#refused.has(id) || this.#declined.has(id) || this.#putOff.has(id);
  }

  /** What else a peer that rests sent would be let go, and fetched again. */
  #isOverfull(peer: PeerId): boolean {
    return this.#rests.isResting(peer) && this.#queue.countOf(peer) >= this.#smallShare;
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        const { key, item, account } = await this.#queue.take(signal);
        // It may have been put again just as another lane took it.
        if (this.#isDone(key)) continue;
        const began = performance.now();
        await this.#run(item.claim.signed.id, () => this.#judge(item, signal)).finally(() => {
          this.#queue.charge(account, performance.now() - began);
        });
        // A slow disk keeps Lean waiting, rather than memory filling up.
        while (this.#writing.size >= MAX_WRITING) await Promise.race(this.#writing);
      } catch (error) {
        if (!isOver()) this.#components.onFault(error);
      }
    }
  }

  /** Known to be at work until the work is done, the writing that may be left of it included. */
  async #run(id: ContentId, judge: () => Promise<Writing | undefined>): Promise<void> {
    this.#current.add(id);
    this.counts.running++;
    let writing: Promise<void> | undefined;
    const end = (): void => {
      this.#current.delete(id);
      if (!this.#stopping.signal.aborted) this.#components.onChange();
    };
    try {
      writing = (await judge())?.written;
    } finally {
      this.counts.running--;
      if (writing === undefined) end();
    }
    if (writing === undefined) return;
    const written = writing.catch(this.#components.onFault).finally(() => {
      this.#writing.delete(written);
      end();
    });
    this.#writing.add(written);
  }

  async #judge({ claim, from, vouched }: ReceivedRecord, signal: AbortSignal): Promise<Writing | undefined> {
    const { signed, statement } = claim;
    const { checker, shelf, keep, isChosen, onClaimed } = this.#components;
    if (this.#declines(signed)) return undefined;
    if (!checker.supports(statement.environment)) {
      if (await shelf.add(claim, { chosen: isChosen(statement.id) })) onClaimed(signed);
      else this.#declined.add(signed.id);
      return undefined;
    }
    const { timeoutMs } = this.#init;
    let outcome: CheckOutcome;
    try {
      outcome = await checker.check(statement, signed.record.submission, {
        signal,
        timeoutMs,
        origin: 'peer',
        peer: from,
      });
    } catch (error) {
      if (!(error instanceof UnjudgeableError)) throw error;
      // Nobody is blamed: its author's node may have been able to.
      this.#putAside(signed.id, from, error.reason);
      return undefined;
    }
    const { verdict, proof } = outcome;
    const finder = signed.record.finder.peer;
    const vouching = vouched ? [from, finder] : [finder];
    const passedOnBy = vouched || from === finder ? undefined : from;
    switch (verdict.kind) {
      case 'proved':
        if (proof === undefined) throw new TypeError('a proof is there');
        // Others of its statement may have been accepted meanwhile.
        if (this.#declines(signed)) return undefined;
        this.#accepted.add(signed);
        return {
          written: keep(proof, signed)
            .finally(() => this.#accepted.delete(signed))
            .then(() => {
              const { checker } = verdict;
              const { environment } = statement;
              this.counts.accepted++;
              this.#putOff.forget(signed.id);
              this.#rests.accepted(from);
              this.#components.onVerdict(
                signed,
                vouching,
                { kind: 'accepted', checker, environment },
                passedOnBy,
              );
            }),
        };
      case 'failed':
      case 'rejected': {
        const detail =
          verdict.kind === 'rejected'
            ? `${verdict.reason}: ${verdict.detail}`
            : (verdict.diagnostics[0]?.message ?? 'it does not elaborate');
        this.#refuse(signed.id);
        this.#components.onVerdict(signed, vouching, { kind: 'refused', detail }, passedOnBy);
        return undefined;
      }
      case 'exhausted':
      case 'crashed':
        // Not judged: a slower machine than the finder's, or one that is short of memory just now, is nobody's fault.
        this.#inVain(signed.id, from, verdict.kind);
        return undefined;
    }
  }

  #declines(signed: SignedProof): boolean {
    const why = this.#components.unwanted(signed, this.#accepted);
    if (why === 'for-good') this.#remember(signed.id);
    if (why === 'for-now') this.#declined.add(signed.id);
    return why !== undefined;
  }

  #putAside(id: ContentId, from: PeerId, reason: UnjudgeableError['reason']): void {
    switch (reason) {
      case 'statement':
        // It would be the same each time.
        this.#remember(id);
        break;
      case 'environment':
        this.#putOff.add(id);
        break;
      case 'resources':
        this.#inVain(id, from, 'exhausted');
    }
  }

  /**
   * Lean came to no end with a record, which is wanted again later. Whoever rests by now keeps a small share only; what else it
   * sent comes again, from it or from others.
   */
  #inVain(id: ContentId, peer: PeerId, how: InVain): void {
    this.#putOff.add(id);
    this.#rests.inVain(peer, how);
    if (this.#rests.isResting(peer)) this.#queue.drop(peer, this.#smallShare);
  }

  #refuse(id: ContentId): void {
    this.counts.refused++;
    this.#remember(id);
  }

  #remember(id: ContentId): void {
    this.#putOff.forget(id);
    this.#refused.add(id);
    const [oldest] = this.#refused;
    if (this.#refused.size > MAX_REFUSED && oldest !== undefined) this.#refused.delete(oldest);
  }
}

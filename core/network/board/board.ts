import {
  makeStatement,
  type ContentId,
  type PeerId,
  type SignedDisproof,
  type SignedNotice,
  type SignedPack,
  type SignedSubmission,
  type Statement,
} from '../../record/index.ts';
import type { OpenBoardComponents, OpenBoardInit } from './components.ts';
import { DisproofFile } from './disproof-file.ts';
import { hearsay } from './hearsay.ts';
import { NoticeFile } from './notice-file.ts';
import { PackShelf } from './pack-shelf.ts';
import { isOf, isSubmission, ofPack } from './sources.ts';
import { StatementRegister } from './statement-register.ts';
import { DEFAULT_LIMITS, StrangerShelf } from './stranger-shelf.ts';
import type {
  BoardEvent,
  BoardItem,
  BoardSnapshot,
  DisproofOutcome,
  Elaboration,
  NoticeOutcome,
  PackOutcome,
  StatementSource,
  StatementState,
  SubmissionOutcome,
} from './types.ts';

/**
 * The statements that are asked for, and what became of them. Records come with ids and signatures checked; whether a
 * statement makes sense is this node's own finding, and only then is it open.
 */
export class OpenBoard {
  readonly #components: OpenBoardComponents;
  readonly #register: StatementRegister;
  readonly #packs = new PackShelf();
  readonly #strangers: StrangerShelf;
  readonly #notices: NoticeFile;
  readonly #disproofs = new DisproofFile();
  #version = 0;

  constructor(components: OpenBoardComponents, init: OpenBoardInit = {}) {
    this.#components = components;
    this.#strangers = new StrangerShelf(components.credibility, { ...DEFAULT_LIMITS, ...init.strangers });
    this.#notices = new NoticeFile((issuer) => components.trust.trusts(issuer));
    const { isClaimed, proofOf, now } = components;
    const groupOf = (id: ContentId): string | undefined => this.#strangers.groupOf(id);
    this.#register = new StatementRegister({ isClaimed, proofOf, now, groupOf });
  }

  /** Calls with each change from now on; returns how to stop it. */
  subscribe(listener: (event: BoardEvent) => void): () => void {
    return this.#register.subscribe(listener);
  }

  get(id: ContentId): BoardItem | undefined {
    return this.#register.get(id);
  }

  /** All statements whose bodies are here. */
  entries(): Generator<BoardItem, void, undefined> {
    return this.#register.entries();
  }

  /** How many statements are in each state, and how many wait for their bodies or to be elaborated. */
  counts(): Readonly<Record<StatementState | 'wanted' | 'waiting', number>> {
    const counts = { unverified: 0, open: 0, claimed: 0, solved: 0, disproved: 0, invalid: 0 };
    for (const { state } of this.entries()) counts[state]++;
    return { ...counts, wanted: this.#register.wantedCount, waiting: this.#register.waiting };
  }

  /** The packs that count, for passing on. */
  get packs(): readonly SignedPack[] {
    return this.#packs.packs;
  }

  /** Statements that strangers put up, for passing on. */
  get submissions(): readonly SignedSubmission[] {
    return this.#strangers.submissions;
  }

  /** Notices that had standing when they came. */
  get notices(): readonly SignedNotice[] {
    return this.#notices.all;
  }

  get disproofs(): readonly SignedDisproof[] {
    return this.#disproofs.all;
  }

  /** Another number after each change of the packs, submissions, notices and disproofs. */
  get version(): number {
    return this.#version;
  }

  pack(id: ContentId): SignedPack | undefined {
    return this.#packs.get(id);
  }

  submission(id: ContentId): SignedSubmission | undefined {
    return this.#strangers.get(id);
  }

  notice(id: ContentId): SignedNotice | undefined {
    return this.#notices.get(id);
  }

  disproof(id: ContentId): SignedDisproof | undefined {
    return this.#disproofs.get(id);
  }

  /** Up to `limit` statements of packs whose bodies are still to be fetched. */
  wanted(limit: number): ContentId[] {
    return this.#register.wanted(limit);
  }

  /** Takes a curator's pack; its bodies are asked for with `wanted` and given with `putBody`. */
  acceptPack(pack: SignedPack): PackOutcome {
    const { curator, name, entries, createdAt } = pack.record;
    if (!this.#components.trust.trusts(curator)) return { kind: 'untrusted' };
    const { outcome, replaced } = this.#packs.adopt(pack);
    if (outcome.kind === 'equivocation') this.#register.emit({ type: 'equivocation', curator, pack: name });
    if (outcome.kind !== 'adopted') return outcome;
    this.#version++;
    const kept = new Set<ContentId>();
    for (const { statement, priority } of entries) {
      if (this.#notices.withdrawn(statement, curator, createdAt)) continue;
      kept.add(statement);
      this.#register.addSource(statement, { kind: 'pack', curator, pack: name, priority });
    }
    for (const { statement } of replaced?.record.entries ?? []) {
      if (!kept.has(statement)) this.#register.dropSources(statement, ofPack(curator, name));
    }
    return outcome;
  }

  /** The user no longer trusts a curator: what only it asked for is taken down. */
  dropCurator(curator: PeerId): void {
    this.#version++;
    for (const { record } of this.#packs.drop(curator)) {
      for (const { statement } of record.entries) {
        this.#register.dropSources(statement, ofPack(curator, record.name));
      }
    }
  }

  /** A statement's body as it is kept when it comes from a peer: only who put it up may describe it at length. */
  describedBy(peer: PeerId, statement: Statement): Statement {
    return this.#register.isAskedBy(statement.id, peer) ? statement : hearsay(statement);
  }

  /** A statement's body, whoever it came from, as its id says what it is. Returns whether it was wanted. */
  putBody(statement: Statement): boolean {
    return this.#place(statement, []);
  }

  /** A statement of this node's own user. */
  addLocal(statement: Statement): void {
    if (this.get(statement.id) === undefined) this.#place(statement, [{ kind: 'local' }]);
    else this.#register.addSource(statement.id, { kind: 'local' });
  }

  /** @param sender the connected peer that it came from */
  acceptSubmission(submission: SignedSubmission, sender: PeerId): SubmissionOutcome {
    const statement = makeStatement(submission.record.statement);
    const { submitter, createdAt } = submission.record;
    if (this.putBody(this.describedBy(submitter, statement))) return 'body';
    if (this.get(statement.id) !== undefined) return 'known';
    if (this.#notices.withdrawn(statement.id, submitter, createdAt)) return 'stale';
    const { now, tick } = this.#components;
    const { outcome, evicted } = this.#strangers.take(statement.id, submission, sender, now(), tick());
    if (outcome !== 'accepted') return outcome;
    this.#version++;
    for (const victim of evicted) this.#register.dropSources(victim, isSubmission);
    this.#place(statement, [{ kind: 'submission', submitter }]);
    return outcome;
  }

  acceptNotice(notice: SignedNotice): NoticeOutcome {
    const { issuer, statement, status } = notice.record;
    const item = this.get(statement);
    if (item === undefined) return 'unknown-statement';
    const own = item.sources.some(isOf(issuer));
    const misstated = status === 'misstated' && this.#components.trust.trusts(issuer);
    if (!own && !misstated) return 'no-standing';
    if (!this.#notices.add(notice)) return 'known';
    this.#version++;
    if (own) this.#drop(statement, isOf(issuer));
    this.#applyMisstated(statement);
    return 'applied';
  }

  /** Marks a statement as disproved, if this node's own kernel has accepted the proof of its negation. */
  acceptDisproof(disproof: SignedDisproof): DisproofOutcome {
    const { statement, negation, proof } = disproof.record;
    const item = this.get(statement);
    if (item === undefined) return 'unknown-statement';
    if (item.state === 'disproved' && this.#disproofs.of(statement) !== undefined) return 'known';
    if (this.#components.negate(item.statement)?.id !== negation) return 'wrong-negation';
    if (!this.#components.isVerified(proof, negation)) return 'not-verified';
    this.#disproofs.put(disproof);
    this.#version++;
    this.#register.close(statement, 'disproved', { proof });
    return 'disproved';
  }

  /** Statements that are known to elaborate, from an earlier life of this node or from whoever built the program. */
  knownToElaborate(ids: readonly ContentId[]): void {
    this.#register.restoreElaborated(ids);
  }

  /** A proof of its negation is in the bank: this node's own finding, which nobody needs to say. */
  markDisproved(id: ContentId, proof: ContentId): void {
    const state = this.get(id)?.state;
    if (state !== 'disproved' && state !== 'solved') this.#register.close(id, 'disproved', { proof });
  }

  /** A proof of the statement is in the bank: it leaves the board. */
  markSolved(id: ContentId, proof: ContentId): void {
    if (this.get(id)?.state !== 'solved') this.#register.close(id, 'solved', { proof });
  }

  /** Takes the next statement to elaborate; `elaborated` or `putBack` is to be called for it. */
  nextToElaborate(): Statement | undefined {
    return this.#register.nextToElaborate();
  }

  /** Puts a statement back that was taken and not elaborated, for a reason of this node's. */
  putBack(id: ContentId): void {
    this.#register.putBack(id);
  }

  elaborated(id: ContentId, result: Elaboration): void {
    this.#register.elaborated(id, result);
  }

  /** Takes down what strangers put up too long ago. To be called now and then. */
  prune(): void {
    for (const id of this.#strangers.expired(this.#components.now())) this.#drop(id, isSubmission);
  }

  snapshot(): BoardSnapshot {
    return {
      packs: this.#packs.packs,
      seen: this.#packs.seen,
      submissions: this.submissions,
      notices: this.notices,
      disproofs: this.disproofs,
      elaborated: this.#register.elaboratedIds,
    };
  }

  /** Takes up a snapshot, before anything else. Bodies of packs are then given with `putBody`. */
  restore(snapshot: BoardSnapshot): void {
    this.#packs.restore(snapshot.seen);
    this.knownToElaborate(snapshot.elaborated);
    for (const notice of snapshot.notices) this.#notices.add(notice);
    for (const disproof of snapshot.disproofs) this.#disproofs.put(disproof);
    this.#version++;
    for (const pack of snapshot.packs) this.acceptPack(pack);
    for (const submission of snapshot.submissions) {
      const statement = makeStatement(submission.record.statement);
      const { submitter } = submission.record;
      if (!this.#strangers.restore(statement.id, submission)) continue;
      this.#place(statement, [{ kind: 'submission', submitter }]);
    }
  }

  /** With what is known about a statement from before its body came. */
  #place(statement: Statement, sources: readonly StatementSource[]): boolean {
    if (!this.#register.place(statement, sources)) return false;
    this.#applyMisstated(statement.id);
    const disproof = this.#disproofs.of(statement.id);
    if (disproof !== undefined) this.acceptDisproof(disproof);
    return true;
  }

  #applyMisstated(id: ContentId): void {
    const notice = this.#notices.misstated(id);
    const state = this.get(id)?.state;
    if (notice === undefined || state === 'solved' || state === 'disproved') return;
    this.#register.close(id, 'invalid', { detail: notice.record.detail });
  }

  #drop(id: ContentId, gone: (source: StatementSource) => boolean): void {
    this.#register.dropSources(id, gone);
    if (this.get(id)?.sources.some(isSubmission) !== true) this.#strangers.remove(id);
    this.#version++;
  }
}

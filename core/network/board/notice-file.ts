import type { ContentId, PeerId, SignedNotice } from '../../record/index.ts';

export interface NoticeLimits {
  /** Statements that something is said of; 10,000 unless set. */
  readonly statements: number;
  /** Notices of one statement; 8 unless set. */
  readonly perStatement: number;
  /** All of them together, about; 8 MiB unless set. */
  readonly bytes: number;
}

const DEFAULT_LIMITS: NoticeLimits = { statements: 10_000, perStatement: 8, bytes: 8 * 1024 * 1024 };
/** Of a notice beside its words: ids, names of fields and the signature. */
const FIXED_BYTES = 400;

/** Notices that had standing when they came. Where there is no room, those of strangers go first, the oldest before others. */
export class NoticeFile {
  readonly #trusts: (issuer: PeerId) => boolean;
  readonly #limits: NoticeLimits;
  readonly #notices = new Map<ContentId, SignedNotice[]>();
  readonly #byId = new Map<ContentId, SignedNotice>();
  /** Statements of which only strangers say something. */
  readonly #ofStrangers = new Set<ContentId>();
  #bytes = 0;

  constructor(trusts: (issuer: PeerId) => boolean, limits: Partial<NoticeLimits> = {}) {
    this.#trusts = trusts;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  get all(): readonly SignedNotice[] {
    return [...this.#notices.values()].flat();
  }

  get(id: ContentId): SignedNotice | undefined {
    return this.#byId.get(id);
  }

  /** Returns whether it was new. */
  add(notice: SignedNotice): boolean {
    if (this.#byId.has(notice.id)) return false;
    const { statement, issuer } = notice.record;
    const known = this.#notices.get(statement) ?? [];
    if (known.length === 0) this.#ofStrangers.add(statement);
    if (this.#trusts(issuer)) this.#ofStrangers.delete(statement);
    this.#notices.set(statement, [...known, notice]);
    this.#byId.set(notice.id, notice);
    this.#bytes += sizeOf(notice);
    if (known.length >= this.#limits.perStatement) this.#dropOneOf(statement);
    while (this.#notices.size > this.#limits.statements || this.#bytes > this.#limits.bytes)
      this.#dropOldest();
    return true;
  }

  /** Whether an issuer took back what it had put up at that time. */
  withdrawn(statement: ContentId, issuer: PeerId, createdAt: number): boolean {
    return (this.#notices.get(statement) ?? []).some(
      ({ record }) => record.issuer === issuer && record.createdAt >= createdAt,
    );
  }

  /** The first notice by someone trusted that it does not say what it should. */
  misstated(statement: ContentId): SignedNotice | undefined {
    return this.#notices
      .get(statement)
      ?.find(({ record }) => record.status === 'misstated' && this.#trusts(record.issuer));
  }

  #dropOneOf(statement: ContentId): void {
    const all = this.#notices.get(statement) ?? [];
    const gone = all.find(({ record }) => !this.#trusts(record.issuer)) ?? all[0];
    this.#notices.set(
      statement,
      all.filter((notice) => notice !== gone),
    );
    this.#forget(gone);
  }

  #dropOldest(): void {
    const [oldest] = this.#ofStrangers.size > 0 ? this.#ofStrangers : this.#notices.keys();
    if (oldest === undefined) return;
    for (const notice of this.#notices.get(oldest) ?? []) this.#forget(notice);
    this.#notices.delete(oldest);
    this.#ofStrangers.delete(oldest);
  }

  #forget(notice: SignedNotice | undefined): void {
    if (notice === undefined) return;
    this.#byId.delete(notice.id);
    this.#bytes -= sizeOf(notice);
  }
}

const sizeOf = ({ record }: SignedNotice): number => FIXED_BYTES + Buffer.byteLength(record.detail);

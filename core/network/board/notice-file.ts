import type { ContentId, PeerId, SignedNotice } from '../../record/index.ts';

const MAX_STATEMENTS = 10_000;
const MAX_PER_STATEMENT = 8;

/** Notices that had standing when they came. */
export class NoticeFile {
  readonly #notices = new Map<ContentId, SignedNotice[]>();
  readonly #byId = new Map<ContentId, SignedNotice>();

  get all(): readonly SignedNotice[] {
    return [...this.#notices.values()].flat();
  }

  get(id: ContentId): SignedNotice | undefined {
    return this.#byId.get(id);
  }

  /** Returns whether it was new. */
  add(notice: SignedNotice): boolean {
    const { statement } = notice.record;
    if (this.#byId.has(notice.id)) return false;
    const known = this.#notices.get(statement) ?? [];
    if (known.length === 0 && this.#notices.size >= MAX_STATEMENTS) {
      const [oldest] = this.#notices.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    const all = [...known, notice];
    const kept = all.slice(-MAX_PER_STATEMENT);
    for (const { id } of all.slice(0, -MAX_PER_STATEMENT)) this.#byId.delete(id);
    this.#notices.set(statement, kept);
    this.#byId.set(notice.id, notice);
    return true;
  }

  /** Whether an issuer took back what it had put up at that time. */
  withdrawn(statement: ContentId, issuer: PeerId, createdAt: number): boolean {
    return (this.#notices.get(statement) ?? []).some(
      ({ record }) => record.issuer === issuer && record.createdAt >= createdAt,
    );
  }

  /** The first notice by someone trusted that it does not say what it should. */
  misstated(statement: ContentId, trusts: (issuer: PeerId) => boolean): SignedNotice | undefined {
    return this.#notices
      .get(statement)
      ?.find(({ record }) => record.status === 'misstated' && trusts(record.issuer));
  }

  #drop(statement: ContentId): void {
    for (const { id } of this.#notices.get(statement) ?? []) this.#byId.delete(id);
    this.#notices.delete(statement);
  }
}
